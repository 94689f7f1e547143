//! Case and gender of a number, read from its neighbours.

use crate::scan::Scan;

/// The case that a preposition, or a noun behind it, asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Also the accusative of things.
    Nominative,
    Genitive,
    Dative,
    Instrumental,
    Prepositional,
    /// Of an ordinal alone: "две пятых".
    GenitivePlural,
}

/// The gender of what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Masculine,
    Feminine,
    Neuter,
}

const GENITIVE: &[&str] = &[
    "от",
    "до",
    "из",
    "без",
    "около",
    "более",
    "менее",
    "больше",
    "меньше",
    "свыше",
    "для",
    "после",
    "кроме",
    "у",
    "порядка",
    "выше",
    "ниже",
    "старше",
    "моложе",
    "дольше",
    "дороже",
    "дешевле",
    "быстрее",
    "ради",
    "вместо",
    "среди",
];
const DATIVE: &[&str] = &["к", "ко", "благодаря", "равно", "равен", "равна"];

/// The case that the word before a number asks for.
pub(super) fn case_before(scan: Scan<'_>) -> Case {
    let word = scan.word_before().to_lowercase();
    let is = |list: &[&str]| list.contains(&word.as_str());
    match word.as_str() {
        _ if is(GENITIVE) => Case::Genitive,
        _ if is(DATIVE) => Case::Dative,
        "между" | "над" | "под" | "перед" => Case::Instrumental,
        "о" | "об" | "при" => Case::Prepositional,
        _ => Case::Nominative,
    }
}

/// Case and gender when a noun of the text follows: its ending says more than the word before.
pub(super) fn noun_after(scan: Scan<'_>, value: u64, (case, gender): (Case, Gender)) -> (Case, Gender) {
    let noun = scan.word_after().to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| noun.ends_with(ending));
    if noun.chars().count() < 3 {
        return (case, gender);
    }
    let case = match case {
        Case::Nominative if ends(&["ами", "ями"]) => Case::Instrumental,
        Case::Nominative if ends(&["ах", "ях"]) => Case::Prepositional,
        Case::Nominative if ends(&["ам", "ям"]) => Case::Dative,
        known => known,
    };
    let last_two = value % 100;
    let gender = match value % 10 {
        _ if (11..=14).contains(&last_two) => gender,
        1 if ends(&["а", "я", "у", "ю"]) => Gender::Feminine,
        1 if ends(&["о", "е", "ие"]) => Gender::Neuter,
        2 if ends(&["и", "ы"]) => Gender::Feminine,
        _ => gender,
    };
    (case, gender)
}

/// "1-й", "21-го", "90-х".
pub(super) fn ordinal_ending(ending: &str) -> Option<(Case, Gender)> {
    match ending {
        "й" | "ый" | "ий" | "ой" => Some((Case::Nominative, Gender::Masculine)),
        "я" | "ая" => Some((Case::Nominative, Gender::Feminine)),
        "е" | "ое" => Some((Case::Nominative, Gender::Neuter)),
        "го" | "ого" | "его" => Some((Case::Genitive, Gender::Masculine)),
        "му" | "ому" => Some((Case::Dative, Gender::Masculine)),
        "м" | "ом" => Some((Case::Prepositional, Gender::Masculine)),
        "х" | "ых" => Some((Case::GenitivePlural, Gender::Masculine)),
        _ => None,
    }
}
