//! A word that is wider than a line: in smaller type, or in two parts at a mark or a syllable.

use hypher::Lang;

use crate::language::Language;

/// How much smaller the letters of a caption may become so that its longest word stays whole.
pub(super) const SHRINK_MAX: f32 = 1.6;

/// Marks of addresses and compounds behind which a word may be cut without a hyphen.
const MARKS: &[char] = &[
    '/', '-', '–', '.', '?', '&', '=', '_', '@', ':', '+', '#', '%', ',',
];

/// A word in two parts of about the same length; alone when it has no place for a cut.
///
/// # Promises
/// Without the hyphen that a cut at a syllable adds, the parts are the word.
pub(super) fn halves(word: &str, language: &Language) -> Vec<String> {
    let marks = word.char_indices().filter(|(_, letter)| MARKS.contains(letter));
    let marks: Vec<usize> = marks.map(|(at, letter)| at + letter.len_utf8()).collect();
    if let Some(at) = nearest(word, &marks, 4) {
        return parts(word, at, "");
    }
    let letters = word.trim_matches(|letter: char| !letter.is_alphabetic());
    let start = word.find(letters).unwrap_or_default();
    let mut ends = Vec::new();
    if let Some(lang) = lang(language).filter(|_| letters.chars().all(char::is_alphabetic)) {
        let mut at = start;
        for syllable in hypher::hyphenate(letters, lang) {
            at += syllable.len();
            ends.push(at);
        }
        ends.pop();
    }
    if let Some(at) = nearest(word, &ends, 6) {
        return parts(word, at, "-");
    }
    // Letters that may join stay together.
    let plain: Vec<usize> = word
        .char_indices()
        .map(|(at, _)| at)
        .filter(|_| word.is_ascii())
        .collect();
    match nearest(word, &plain, 6) {
        Some(at) => parts(word, at, ""),
        None => vec![word.to_owned()],
    }
}

/// The place next to the middle, when neither part is shorter than one in so many of the whole.
fn nearest(word: &str, places: &[usize], part: usize) -> Option<usize> {
    let middle = word.len() / 2;
    let least = word.len() / part;
    let at = places.iter().copied().min_by_key(|at| at.abs_diff(middle))?;
    (at.min(word.len() - at) > least).then_some(at)
}

fn parts(word: &str, at: usize, hyphen: &str) -> Vec<String> {
    match word.split_at_checked(at) {
        Some((left, right)) => vec![format!("{left}{hyphen}"), right.to_owned()],
        None => vec![word.to_owned()],
    }
}

fn lang(language: &Language) -> Option<Lang> {
    let tag = language.as_str();
    let code = [*tag.as_bytes().first()?, *tag.as_bytes().get(1)?];
    Lang::from_iso(code)
}

#[cfg(test)]
mod tests;
