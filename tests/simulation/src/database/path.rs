//! Paths of maps inside an item: `body.state.name`.

use std::fmt;

use serde_json::{Value, json};

use super::expression::{Item, Words};

/// A path; a word that begins with `#` is looked up in the request's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(pub(super) Vec<String>);

impl Path {
    pub(super) fn find<'a>(&self, item: &'a Item, words: Words<'_>) -> Result<Option<&'a Value>, String> {
        let mut found: Option<&Value> = None;
        let mut map = Some(item);
        for word in &self.0 {
            found = match map {
                Some(map) => map.get(words.name(word)?),
                None => None,
            };
            map = found.and_then(inside);
        }
        Ok(found)
    }

    /// Puts a value at its end.
    ///
    /// # Errors
    /// When the way to it is not there.
    pub(super) fn set(&self, item: &mut Item, value: Value, words: Words<'_>) -> Result<(), String> {
        let (map, last) = self.parent(item, words)?;
        map.insert(last, value);
        Ok(())
    }

    /// Takes away what is at its end.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub(super) fn remove(&self, item: &mut Item, words: Words<'_>) -> Result<(), String> {
        let (map, last) = self.parent(item, words)?;
        map.remove(&last);
        Ok(())
    }

    /// Puts a value at its end into a map that has only what was put there.
    pub(super) fn note(&self, into: &mut Item, value: &Value, words: Words<'_>) -> Result<(), String> {
        let Some((last, way)) = self.0.split_last() else {
            return Ok(());
        };
        let mut map = into;
        for word in way {
            let next = map
                .entry(words.name(word)?.to_owned())
                .or_insert_with(|| json!({"M": {}}));
            map = next["M"].as_object_mut().ok_or("two paths cross")?;
        }
        map.insert(words.name(last)?.to_owned(), value.clone());
        Ok(())
    }

    fn parent<'a>(&self, item: &'a mut Item, words: Words<'_>) -> Result<(&'a mut Item, String), String> {
        let (last, way) = self.0.split_last().ok_or("an empty path")?;
        let mut map = item;
        for word in way {
            map = map
                .get_mut(words.name(word)?)
                .and_then(|value| value.get_mut("M"))
                .and_then(Value::as_object_mut)
                .ok_or("The document path provided in the update expression is invalid for update")?;
        }
        Ok((map, words.name(last)?.to_owned()))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(".").replace('#', ""))
    }
}

fn inside(value: &Value) -> Option<&Item> {
    value.get("M").and_then(Value::as_object)
}
