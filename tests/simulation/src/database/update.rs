//! What an update does to an item: all sources are read before anything is written.

use serde_json::{Value, json};

use super::expression::{Item, Operand, Words, number};
use super::path::Path;

/// A term of a `SET`.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Operand(Operand),
    /// `if_not_exists(path, other)`.
    IfAbsent(Path, Operand),
}

/// What a `SET` writes.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Term(Term),
    Sum(Term, Term),
    Difference(Term, Term),
}

/// An update.
#[derive(Debug, Clone, Default)]
pub(super) struct Update {
    pub(super) set: Vec<(Path, Source)>,
    pub(super) remove: Vec<Path>,
    pub(super) add: Vec<(Path, Operand)>,
}

impl Update {
    /// The item after it, and what was written, as `UPDATED_NEW` answers it.
    ///
    /// # Errors
    /// A path that is not there, an operand that is not there or no number.
    pub(super) fn on(&self, item: &Item, words: Words<'_>) -> Result<(Item, Item), String> {
        let mut written = Vec::new();
        for (path, source) in &self.set {
            written.push((path, source.of(item, words)?));
        }
        for (path, operand) in &self.add {
            let more = operand.of(item, words)?.ok_or("nothing to add")?;
            let more = number(more)?.ok_or("only numbers are added")?;
            let before = match path.find(item, words)? {
                Some(value) => number(value)?.ok_or("only numbers are added to")?,
                None => 0,
            };
            written.push((path, sum(before, more)?));
        }
        let (mut after, mut answer) = (item.clone(), Item::new());
        for (path, value) in written {
            path.note(&mut answer, &value, words)?;
            path.set(&mut after, value, words)?;
        }
        for path in &self.remove {
            path.remove(&mut after, words)?;
        }
        Ok((after, answer))
    }
}

impl Source {
    fn of(&self, item: &Item, words: Words<'_>) -> Result<Value, String> {
        match self {
            Self::Term(term) => term.of(item, words).cloned(),
            Self::Sum(left, right) => sum(left.number(item, words)?, right.number(item, words)?),
            Self::Difference(left, right) => {
                let right = right.number(item, words)?;
                sum(left.number(item, words)?, right.checked_neg().ok_or("too large")?)
            }
        }
    }
}

impl Term {
    fn of<'a>(&'a self, item: &'a Item, words: Words<'a>) -> Result<&'a Value, String> {
        let found = match self {
            Self::Operand(operand) => operand.of(item, words)?,
            Self::IfAbsent(path, other) => match path.find(item, words)? {
                Some(value) => Some(value),
                None => other.of(item, words)?,
            },
        };
        found.ok_or_else(|| {
            "The provided expression refers to an attribute that does not exist in the item".to_owned()
        })
    }

    fn number(&self, item: &Item, words: Words<'_>) -> Result<i128, String> {
        number(self.of(item, words)?)?
            .ok_or_else(|| "An operand in the update expression has an incorrect data type".to_owned())
    }
}

fn sum(left: i128, right: i128) -> Result<Value, String> {
    let sum = left.checked_add(right).ok_or("too large")?;
    Ok(json!({"N": sum.to_string()}))
}
