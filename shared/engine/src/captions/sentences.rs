//! Where a sentence ends among the words of a voice: by the Unicode rules, and by what those cannot know.

use unicode_segmentation::UnicodeSegmentation;

use crate::captions::pages::Item;

/// Marks that close behind the end of a sentence.
const CLOSING: [char; 10] = ['"', '\'', '”', '’', ')', '»', '」', '』', '）', ']'];

/// Abbreviations after which a sentence goes on, in lower case and without their full stop.
const GOES_ON: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "st",
    "vs",
    "gen",
    "sen",
    "gov",
    "capt",
    "sgt",
    "lt",
    "col",
    "rev",
    "hon",
    "mt",
    "ft",
    "dept",
    "approx",
    "e.g",
    "i.e",
    "ph.d",
    "messrs",
    "mme",
    "bzw",
    "z.b",
    "ca",
    "str",
    "ул",
    "пр",
    "просп",
    "пер",
    "пл",
    "наб",
    "им",
    "см",
    "ср",
    "стр",
    "рис",
    "гл",
    "тел",
    "проф",
    "акад",
    "обл",
    "св",
    "напр",
    "т.е",
    "т.к",
    "т.н",
];

/// Abbreviations after which a sentence goes on with a number.
const BEFORE_NUMBER: &[&str] = &[
    "no", "nr", "fig", "vol", "p", "pp", "ch", "sec", "art", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec", "est", "min", "max", "стр", "гл", "рис", "д", "кв",
];

/// For each item, whether a sentence ends with it; the last one always does.
pub(super) fn ends(items: &[Item]) -> Vec<bool> {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(items.len());
    for item in items {
        starts.push(text.len());
        text.push_str(&item.text);
        if item.spaced {
            text.push(' ');
        }
    }
    let bounds: Vec<usize> = text.split_sentence_bound_indices().map(|(at, _)| at).collect();
    let mut first = true;
    let mut ends = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let next = items.get(number + 1).map(|next| next.text.as_str());
        let bound = starts
            .get(number + 1)
            .is_none_or(|at| bounds.binary_search(at).is_ok());
        let before = number.checked_sub(1).and_then(|before| items.get(before));
        let before = before.map_or("", |item| item.text.as_str());
        let end = next.is_none_or(|next| {
            (bound && closes(&item.text) || trails_off(&item.text, next))
                && !(goes_on(&item.text, before, next) || first && counts(&item.text))
        });
        ends.push(end);
        first = end;
    }
    ends
}

fn bare(text: &str) -> &str {
    text.trim_end_matches(CLOSING)
}

fn closes(text: &str) -> bool {
    bare(text).ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', '۔', '．'])
}

/// An ellipsis ends a sentence when the next word begins one.
fn trails_off(text: &str, next: &str) -> bool {
    bare(text).ends_with('…')
        && next
            .chars()
            .find(|letter| letter.is_alphabetic())
            .is_some_and(char::is_uppercase)
}

/// The number of a list: "1.", "2)", "a.".
fn counts(text: &str) -> bool {
    let number = text.trim_end_matches(['.', ')']);
    let short = number.chars().count() <= 2 && number.len() < text.len();
    short && number.chars().all(char::is_alphanumeric) && !number.is_empty()
}

/// Whether the full stop belongs to an abbreviation or to an initial.
fn goes_on(text: &str, before: &str, next: &str) -> bool {
    let opening = |letter: char| !letter.is_alphanumeric();
    let Some(word) = bare(text).strip_suffix('.') else {
        return false;
    };
    let word = word.trim_start_matches(opening);
    let lower = word.to_lowercase();
    let number_next = next
        .trim_start_matches(opening)
        .starts_with(|letter: char| letter.is_numeric());
    let small_next = next
        .chars()
        .find(|letter| letter.is_alphabetic())
        .is_some_and(char::is_lowercase);
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        // "J. K. Rowling", "г. Казань"; but "so do I." and "в 2025 г. Он" end.
        let after_number = before.chars().next_back().is_some_and(char::is_numeric) && !small_next;
        return letter.is_alphabetic() && letter != 'I' && !after_number;
    }
    // "U.S. Army": letters with full stops inside go on as often as not, and a longer caption does no harm.
    let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
    initials
        || small_next
        || GOES_ON.contains(&lower.as_str())
        || number_next && BEFORE_NUMBER.contains(&lower.as_str())
}

#[cfg(test)]
mod tests;
