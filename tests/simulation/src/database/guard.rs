//! Guards of the store, conditions and consistent reads: each can be switched off.

use std::collections::BTreeSet;
use std::fmt;

use super::expression::Test;

/// One guard: a clause of the condition of one kind of write, or the consistency of one kind of read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Guard {
    kind: String,
    act: String,
    clause: String,
}

impl Guard {
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

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.kind, self.act, self.clause)
    }
}

/// The word before the first `#` of a sort key, without the table's prefix of the tests.
fn kind(table: &str, sk: &str) -> String {
    let word = sk.split('#').next().unwrap_or_default();
    format!("{table} {word}")
}

/// Which guards were seen, when that is recorded, and which are switched off.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guards {
    /// Every guard seen so far; `None` in a usual run, for the time it takes.
    pub(crate) seen: Option<BTreeSet<Guard>>,
    /// The guards that are switched off.
    pub(crate) off: BTreeSet<Guard>,
    /// Whether nothing is recorded and nothing is off for now.
    pub(crate) suspended: bool,
}

impl Guards {
    pub(super) fn is_on(&mut self, guard: impl FnOnce() -> Guard) -> bool {
        if self.suspended || (self.seen.is_none() && self.off.is_empty()) {
            return true;
        }
        let guard = guard();
        let is_on = !self.off.contains(&guard);
        if let Some(seen) = &mut self.seen {
            seen.insert(guard);
        }
        is_on
    }
}
