//! Versions of things as entity tags: `ETag`, and what `If-Match` and `If-None-Match` make of it.
//!
//! A tag is the version of the row, as `"7"`. An answer with links that expire names the half hour too, as `"7-995276"`:
//! a caller who asks whether it changed gets links that are still good for as long again. `If-Match` looks at the version
//! alone.

use domain::Timestamp;

/// Seconds for which one tag stands for an answer with links: half of what a link is good for, `domain::ports::LINK_S`.
const LINKS_S: i64 = 1800;

/// The tag of a version.
pub fn of_version(version: u64) -> String {
    format!("\"{version}\"")
}

/// The tag of a version whose answer holds links.
pub fn of_links(version: u64, now: Timestamp) -> String {
    format!("\"{version}-{}\"", now.as_s().div_euclid(LINKS_S))
}

/// Whether the header `If-Match` names a version. A weak tag names none: nothing may be changed on its word.
pub(crate) fn names_version(header: &str, version: u64) -> bool {
    header.split(',').map(str::trim).any(|tag| {
        let plain = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let named = plain.map(|text| text.split_once('-').map_or(text, |(version, _)| version));
        tag == "*" || named.is_some_and(|named| named == version.to_string())
    })
}

/// Whether the header `If-None-Match` names a tag; here a weak tag is as good.
pub fn is_known(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests;
