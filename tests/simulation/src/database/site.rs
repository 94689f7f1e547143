//! Places in the store where a condition, or a consistent read, guards something: each can be switched off.

use std::collections::BTreeSet;
use std::fmt;

use super::expression::Test;

/// One guard: a clause of the condition of one kind of write, or the consistency of one kind of read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Site {
    kind: String,
    act: String,
    clause: String,
}

impl Site {
    pub(super) fn clause(act: &str, table: &str, sk: &str, clause: &Test) -> Self {
        Self {
            kind: kind(table, sk),
            act: act.to_lowercase(),
            clause: clause.to_string(),
        }
    }

    pub(super) fn read(table: &str, sk: &str) -> Self {
        Self {
            kind: kind(table, sk),
            act: "read".to_owned(),
            clause: "strongly consistent".to_owned(),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.kind, self.act, self.clause)
    }
}

/// The word before the first `#` of a sort key, without the table's prefix of the tests.
fn kind(table: &str, sk: &str) -> String {
    let word = sk.split('#').next().unwrap_or_default();
    format!("{table} {word}")
}

/// What was met, when somebody wants to know, and what is switched off.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sites {
    /// Every site met so far; not kept in a usual run, for the time it takes.
    pub(crate) met: Option<BTreeSet<Site>>,
    /// Switched off.
    pub(crate) off: BTreeSet<Site>,
    /// Whether nothing is met and nothing is off for now.
    pub(crate) are_asleep: bool,
}

impl Sites {
    pub(super) fn is_on(&mut self, site: impl FnOnce() -> Site) -> bool {
        if self.are_asleep || (self.met.is_none() && self.off.is_empty()) {
            return true;
        }
        let site = site();
        let is_on = !self.off.contains(&site);
        if let Some(met) = &mut self.met {
            met.insert(site);
        }
        is_on
    }
}
