//! Russian abbreviations, initials and Roman numerals.

use super::context::{Case, Gender};
use super::numbers::{cardinal, ordinal};
use super::tables::{ABBREVIATIONS, RULERS};
use crate::scan::Scan;

/// What is said for an abbreviation or a Roman numeral that begins here.
pub(super) fn word(scan: Scan<'_>) -> Option<(usize, String)> {
    if !scan.begins_word() {
        return None;
    }
    roman_numeral(scan)
        .or_else(|| city(scan))
        .or_else(|| abbreviation(scan))
        .or_else(|| initial(scan))
}

fn abbreviation(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut best: Option<(usize, &str)> = None;
    for (written, said) in ABBREVIATIONS {
        let mut ahead = scan;
        let length = written.chars().count();
        if ahead.eat(written) && best.is_none_or(|(known, _)| length > known) {
            best = Some((length, said));
        }
    }
    let (length, said) = best?;
    let mut end = scan;
    end.skip(length);
    // At the end of a text the full stop ends the sentence too.
    let stop = end.peek(0).is_none() && end.before() == Some('.');
    Some((length.saturating_sub(usize::from(stop)), said.to_owned()))
}

/// "в г. Казань", "на ул. Мира": a city or a village before its name.
fn city(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    let short = ahead.take_while(char::is_alphabetic);
    let before = scan.word_before().to_lowercase();
    let inside = matches!(before.as_str(), "в" | "во" | "на");
    let from = matches!(before.as_str(), "из" | "до" | "от" | "около" | "у" | "с");
    let said = match (short.as_str(), inside, from) {
        ("г", true, _) => "городе",
        ("г", _, true) => "города",
        ("г", ..) => "город",
        ("ул", true, _) => "улице",
        ("ул", _, true) => "улицы",
        ("д", ..) => "дом",
        ("с", ..) => "село",
        _ => return None,
    };
    if ahead.peek(0) != Some('.') {
        return None;
    }
    ahead.skip(1);
    let next = ahead.word_after();
    let mut digit = ahead;
    digit.spaces();
    let numbered = short == "д" && digit.peek(0).is_some_and(|letter| letter.is_ascii_digit());
    let named = short != "д" && next.chars().next().is_some_and(char::is_uppercase);
    (numbered || named).then(|| (short.chars().count().saturating_add(1), said.to_owned()))
}

/// "А. С. Пушкин": the letter, without a pause.
fn initial(scan: Scan<'_>) -> Option<(usize, String)> {
    let letter = scan.peek(0).filter(|letter| letter.is_uppercase())?;
    let mut ahead = scan;
    ahead.skip(2);
    let named = ahead.word_after().chars().next().is_some_and(char::is_uppercase);
    (scan.peek(1) == Some('.') && named).then(|| (2, format!("{letter} ")))
}

fn roman_numeral(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    let letters = ahead.take_while(char::is_alphanumeric);
    // The Cyrillic letter stands for the Latin one as often as not.
    let latin: String = letters
        .chars()
        .map(|letter| if letter == 'Х' { 'X' } else { letter })
        .collect();
    let value = crate::reader::roman(&latin)?;
    let length = letters.chars().count();
    let next = ahead.word_after().to_lowercase();
    let before = scan.word_before();
    let case = match next.as_str() {
        "век" => Some(Case::Nominative),
        "века" | "веков" | "столетия" => Some(Case::Genitive),
        "веке" | "столетии" => Some(Case::Prepositional),
        "веку" => Some(Case::Dative),
        "веком" => Some(Case::Instrumental),
        _ => None,
    };
    if let Some(case) = case {
        return Some((length, ordinal(value, case, Gender::Masculine)));
    }
    if let Some((_, gender)) = RULERS.iter().find(|(stem, _)| before.starts_with(stem)) {
        return Some((length, ruler(value, &before, *gender)));
    }
    let named = before.chars().next().is_some_and(char::is_uppercase);
    (length >= 2 && named && value < 40)
        .then(|| (length, cardinal(value, Case::Nominative, Gender::Masculine)))
}

/// "Пётр Первый", "Екатерины Второй": in the case of the name.
fn ruler(value: u64, name: &str, gender: Gender) -> String {
    if gender == Gender::Feminine {
        let case = if name.ends_with(['а', 'я']) {
            Case::Nominative
        } else {
            Case::Genitive
        };
        return ordinal(value, case, Gender::Feminine);
    }
    let case = match name.chars().next_back() {
        Some('а' | 'я') => Case::Genitive,
        Some('у' | 'ю') => Case::Dative,
        Some('м') => Case::Instrumental,
        Some('е') => Case::Prepositional,
        _ => Case::Nominative,
    };
    ordinal(value, case, Gender::Masculine)
}
