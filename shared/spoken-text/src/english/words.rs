//! English abbreviations, initials and Roman numerals.

use super::numbers::{cardinal, ordinal};
use super::tables::{ABBREVIATIONS, COUNTED, PHRASES, RULERS};
use crate::scan::Scan;

/// What is said for an abbreviation or a Roman numeral that begins here.
pub(super) fn word(scan: Scan<'_>) -> Option<(usize, String)> {
    if !scan.begins_word() {
        return None;
    }
    phrase(scan)
        .or_else(|| initials(scan))
        .or_else(|| abbreviation(scan))
        .or_else(|| roman_numeral(scan))
}

fn phrase(scan: Scan<'_>) -> Option<(usize, String)> {
    PHRASES.iter().find_map(|(written, said)| {
        let mut ahead = scan;
        let ends = written.ends_with(char::is_alphanumeric);
        let taken = ahead.eat(written) && (!ends || (ahead.ends_word() && ahead.peek(0) != Some('.')));
        taken.then(|| (written.chars().count(), (*said).to_owned()))
    })
}

/// "J. K.", "U.S.", "Ph.D.": letters, without the full stops that a voice would pause at.
fn initials(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    if ahead.eat("Ph.D.") {
        return Some((4, "P H D".to_owned()));
    }
    let mut letters = String::new();
    let mut end = scan;
    let mut ahead = scan;
    while let Some(letter) = ahead.peek(0).filter(char::is_ascii_uppercase) {
        if ahead.peek(1) != Some('.') {
            break;
        }
        letters.push(letter);
        ahead.skip(2);
        end = ahead;
        ahead.spaces();
    }
    let length = end.at.saturating_sub(scan.at);
    let next = end.word_after();
    let before_name = next.chars().next().is_some_and(char::is_uppercase);
    match letters.chars().count() {
        0 => None,
        // A single letter is an initial before a name, and otherwise the last word of a sentence.
        1 => {
            let first = scan.word_before().chars().next();
            let after_name = first.is_none_or(char::is_uppercase) && letters != "I";
            (before_name && after_name).then_some((2, letters))
        }
        // "U.S. Army" goes on, "U.S. It" ends: the last full stop stays before a word that begins sentences.
        _ => {
            let ends = next.is_empty() || STARTERS.contains(&next.as_str());
            let apart = end.at > scan.at.saturating_add(letters.chars().count().saturating_mul(2));
            let keeps = usize::from(ends && !apart);
            Some((length.saturating_sub(keeps), spelled(&letters)))
        }
    }
}

/// Words that begin a sentence far more often than they are part of a name.
const STARTERS: &[&str] = &[
    "It", "The", "He", "She", "We", "They", "This", "That", "These", "Those", "But", "And", "So", "In", "A",
    "An", "You", "I", "If", "When", "There", "Then", "Now", "His", "Her", "Its", "Our", "My",
];

/// Capital letters one at a time.
pub(super) fn spelled(letters: &str) -> String {
    let letters: Vec<String> = letters.chars().map(String::from).collect();
    letters.join(" ")
}

fn abbreviation(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    let word = ahead.take_while(|letter| letter.is_ascii_alphabetic());
    if ahead.peek(0) != Some('.') {
        return None;
    }
    let next = {
        let mut behind = ahead;
        behind.skip(1);
        behind
    };
    let (blank, follows) = (next.peek(0), next.word_after());
    let capital = follows.chars().next().is_some_and(char::is_uppercase);
    let digit = {
        let mut behind = next;
        behind.spaces();
        behind.peek(0).is_some_and(|letter| letter.is_ascii_digit())
    };
    let said = match word.as_str() {
        "St" if capital => Some("Saint"),
        "St" => Some("Street"),
        "No" if digit => Some("number"),
        "No" => None,
        "Mon" | "Mar" | "min" | "max" | "est" | "fig" | "Co" if blank.is_none() => None,
        other => ABBREVIATIONS
            .iter()
            .find(|(written, _)| *written == other)
            .map(|(_, said)| *said),
    }?;
    // At the end of the text the full stop ends the sentence too.
    let length = word
        .len()
        .saturating_add(usize::from(!follows.is_empty() || digit));
    Some((length, said.to_owned()))
}

fn roman_numeral(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    let letters = ahead.take_while(|letter| letter.is_ascii_alphanumeric());
    let value = crate::reader::roman(&letters)?;
    let before = scan.word_before();
    let next = ahead.word_after();
    let length = letters.len();
    if next == "century" || next == "centuries" {
        return Some((length, ordinal(value)));
    }
    if COUNTED.contains(&before.as_str()) {
        return Some((length, cardinal(value)));
    }
    if RULERS.contains(&before.as_str()) {
        return Some((length, format!("the {}", ordinal(value))));
    }
    let plain = letters.len() >= 2 && letters.chars().all(|letter| matches!(letter, 'I' | 'V' | 'X'));
    let named = before.chars().next().is_some_and(char::is_uppercase);
    (plain && named).then(|| (length, cardinal(value)))
}
