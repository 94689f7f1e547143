//! Russian as it is said: numbers take gender and case from what stands around them, as far as a rule can know it.

use crate::figure::{Amount, Clock, Date, Tail};
use crate::number::Number;
use crate::scan::Scan;
use crate::tongue::{Names, Said, Tongue};

mod context;
mod numbers;
mod tables;
mod words;

use context::{Case, Gender, case_before, noun_after};
use numbers::{cardinal, decimal, digits, ordinal};
use tables::{CURRENCIES, MONTHS, SCALES, SYMBOLS, UNITS};

/// Russian.
pub(crate) const TONGUE: Tongue = Tongue {
    groups: &[' ', '\u{a0}', '\u{202f}', '\u{2009}'],
    points: &[',', '.'],
    units: UNITS,
    currencies: CURRENCIES,
    scales: SCALES,
    symbols: SYMBOLS,
    dot: "точка",
    at: "собака",
    gap: " ",
    amount,
    unitless,
    clock,
    date,
    digits,
    share,
    day_first: true,
    word: words::word,
};

fn amount(amount: &Amount, before: Scan<'_>, after: Scan<'_>) -> Said {
    if let Some(value) = amount.bare()
        && let Some(said) = alone(value, &amount.number, before, after)
    {
        return said;
    }
    let case = case_before(before);
    let mut parts = Vec::new();
    if amount.minus {
        parts.push("минус".to_owned());
    }
    let names = names(amount);
    let gender = if amount.scale.is_some() {
        scale_gender(amount.scale)
    } else {
        gender(names)
    };
    let (case, gender) = if names.is_empty() && amount.scale.is_none() {
        noun_after(after, amount.number.value().unwrap_or_default(), (case, gender))
    } else {
        (case, gender)
    };
    if let Some(from) = &amount.from {
        // "5–10" is from five to ten; behind "от" and "с" that word is there already.
        let said = before.word_before().to_lowercase();
        if !matches!(said.as_str(), "от" | "с" | "со") {
            parts.push("от".to_owned());
        }
        parts.push(number(from, Case::Genitive, gender));
        parts.push("до".to_owned());
    }
    let case = if amount.from.is_some() {
        Case::Genitive
    } else {
        case
    };
    if let Some(money) = kopecks(amount, case) {
        parts.push(money);
        return (parts.join(" "), 0);
    }
    parts.push(number(&amount.number, case, gender));
    if let Some(scale) = amount.scale {
        parts.push(form(scale, &amount.number, case).to_owned());
        parts.extend(names.get(2).map(|many| (*many).to_owned()));
    } else if !names.is_empty() {
        parts.push(form(names, &amount.number, case).to_owned());
    }
    (parts.join(" "), 0)
}

/// "2025 г." is a year and no mass, "90-х" an ordinal.
fn unitless(number: &Number, after: Scan<'_>) -> bool {
    let mut scan = after;
    if scan.eat_one(&['-', '‑', '–']).is_some() {
        return context::ordinal_ending(&scan.take_while(char::is_alphabetic)).is_some();
    }
    number.year().is_some() && after.word_after() == "г"
}

/// A whole number with nothing of ours behind it: an ordinal, a year, a day of a month.
fn alone(value: u64, written: &Number, before: Scan<'_>, after: Scan<'_>) -> Option<Said> {
    let mut scan = after;
    if scan.eat_one(&['-', '‑', '–']).is_some() {
        let ending = scan.take_while(char::is_alphabetic);
        if let Some((case, gender)) = context::ordinal_ending(&ending) {
            return Some((
                ordinal(value, case, gender),
                ending.chars().count().saturating_add(1),
            ));
        }
    }
    if let Some((year, length)) = year(value, written, before, after) {
        return Some((year, length));
    }
    let next = after.word_after().to_lowercase();
    let day = (1..=31).contains(&value) && MONTHS.contains(&next.as_str());
    day.then(|| (ordinal(value, Case::Genitive, Gender::Neuter), 0))
}

/// "в 1887 году", "1887 год", "с 1941 по 1945 год", "в 2025 г.".
fn year(value: u64, written: &Number, before: Scan<'_>, after: Scan<'_>) -> Option<Said> {
    written.year()?;
    let mut scan = after;
    scan.spaces();
    let noun = scan.take_while(char::is_alphabetic).to_lowercase();
    let said_before = before.word_before().to_lowercase();
    let case = match noun.as_str() {
        "году" if matches!(said_before.as_str(), "к" | "ко" | "по") => Case::Dative,
        "году" => Case::Prepositional,
        "год" => Case::Nominative,
        "года" => Case::Genitive,
        "годом" => Case::Instrumental,
        "г" => {
            let (case, full) = match said_before.as_str() {
                "в" | "во" => (Case::Prepositional, "году"),
                "к" | "ко" => (Case::Dative, "году"),
                _ => (Case::Genitive, "года"),
            };
            let dot = scan.peek(0) == Some('.') && !scan_after_dot(scan).is_empty();
            let length = scan.at.saturating_sub(after.at).saturating_add(usize::from(dot));
            return Some((
                format!("{} {full}", ordinal(value, case, Gender::Masculine)),
                length,
            ));
        }
        _ => return None,
    };
    Some((ordinal(value, case, Gender::Masculine), 0))
}

fn scan_after_dot(mut scan: Scan<'_>) -> String {
    scan.skip(1);
    scan.word_after()
}

fn number(number: &Number, case: Case, gender: Gender) -> String {
    match number.integer() {
        Some(value) => cardinal(value, case, gender),
        None => decimal(number),
    }
}

fn names(amount: &Amount) -> Names {
    match amount.tail {
        Tail::None => &[],
        Tail::Percent => &["процент", "процента", "процентов"],
        Tail::Money(names) | Tail::Unit(names) => names,
    }
}

fn scale_gender(scale: Option<Names>) -> Gender {
    gender(scale.unwrap_or_default())
}

/// Names that end like a feminine noun are one.
fn gender(names: Names) -> Gender {
    match names.first().and_then(|name| name.split(' ').next()) {
        Some(first) if first.ends_with(['а', 'я', 'ь']) && !first.ends_with("рубль") => {
            Gender::Feminine
        }
        _ => Gender::Masculine,
    }
}

/// One, a few, many; a number with a fraction governs the genitive.
fn form(names: Names, number: &Number, case: Case) -> &'static str {
    let place = match (number.integer(), case) {
        (None, _) => 1,
        (Some(value), Case::Nominative) => numbers::plural_place(value),
        (Some(value), _) if value % 10 == 1 && value % 100 != 11 => 1,
        _ => 2,
    };
    names.get(place).or(names.first()).copied().unwrap_or_default()
}

/// Roubles and kopecks, when exactly two digits stand behind the comma.
fn kopecks(amount: &Amount, case: Case) -> Option<String> {
    let Tail::Money(names) = amount.tail else {
        return None;
    };
    let [_, _, _, small @ ..] = names else { return None };
    let alone = amount.from.is_none() && amount.scale.is_none() && amount.number.fraction.len() == 2;
    let (whole, part): (u64, u64) = (amount.number.value()?, amount.number.fraction.parse().ok()?);
    let name = |value: u64, names: Names| {
        let number = Number {
            whole: value.to_string(),
            ..Number::default()
        };
        format!(
            "{} {}",
            cardinal(value, case, gender(names)),
            form(names, &number, case)
        )
    };
    (alone && small.len() == 3).then(|| match part {
        0 => name(whole, names),
        _ => format!("{} {}", name(whole, names), name(part, small)),
    })
}

fn clock(clock: Clock, _after: Scan<'_>) -> Said {
    let of = |value: u64, names: Names| {
        let place = numbers::plural_place(value);
        format!(
            "{} {}",
            cardinal(value, Case::Nominative, gender(names)),
            names.get(place).copied().unwrap_or_default()
        )
    };
    let mut words = of(clock.hour, &["час", "часа", "часов"]);
    if clock.minute > 0 || clock.second.is_some() {
        words.push(' ');
        words.push_str(&of(clock.minute, &["минута", "минуты", "минут"]));
    }
    if let Some(second) = clock.second {
        words.push(' ');
        words.push_str(&of(second, &["секунда", "секунды", "секунд"]));
    }
    (words, 0)
}

fn date(date: Date) -> String {
    let month = MONTHS
        .get(date.month.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    format!(
        "{} {month} {} года",
        ordinal(date.day, Case::Genitive, Gender::Neuter),
        ordinal(date.year, Case::Genitive, Gender::Masculine)
    )
}

fn share(part: u64, whole: u64) -> String {
    match (part, whole) {
        (1, 2) => "половина".to_owned(),
        (1, 3) => "треть".to_owned(),
        (1, 4) => "четверть".to_owned(),
        (1, _) => format!("одна {}", ordinal(whole, Case::Nominative, Gender::Feminine)),
        _ => format!(
            "{} {}",
            cardinal(part, Case::Nominative, Gender::Feminine),
            ordinal(whole, Case::GenitivePlural, Gender::Feminine)
        ),
    }
}
