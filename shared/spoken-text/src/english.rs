//! English as it is said.

use crate::figure::{Amount, Clock, Date, Tail};
use crate::number::Number;
use crate::scan::Scan;
use crate::tongue::{Names, Said, Tongue};

mod numbers;
mod tables;
mod words;

use numbers::{cardinal, decimal, digits, ordinal, plural, year};
use tables::{CURRENCIES, MONTHS, SCALES, SYMBOLS, UNITS};

/// English; its tables are the American reading.
pub(crate) const TONGUE: Tongue = Tongue {
    groups: &[','],
    points: &['.'],
    units: UNITS,
    currencies: CURRENCIES,
    scales: SCALES,
    symbols: SYMBOLS,
    dot: "dot",
    at: "at",
    gap: " ",
    amount,
    unitless: |_, _| false,
    clock,
    date,
    digits,
    share,
    day_first: false,
    word: words::word,
};

/// Years that are said in two halves.
const YEARS: std::ops::RangeInclusive<u64> = 1100..=2099;

fn amount(amount: &Amount, before: Scan<'_>, after: Scan<'_>) -> Said {
    if let Some(value) = amount.bare()
        && let Some(said) = alone(value, &amount.number, before, after)
    {
        return said;
    }
    let mut parts = Vec::new();
    if amount.minus {
        parts.push("minus".to_owned());
    }
    if let Some(from) = &amount.from {
        parts.push(number(from));
        parts.push("to".to_owned());
    }
    let cents = match amount.tail {
        Tail::Money(names) if amount.from.is_none() && amount.scale.is_none() => cents(&amount.number, names),
        _ => None,
    };
    if let Some(words) = cents {
        parts.push(words);
    } else {
        parts.push(number(&amount.number));
        parts.extend(
            amount
                .scale
                .and_then(|names| names.first())
                .map(|name| (*name).to_owned()),
        );
        parts.extend(tail(amount).map(str::to_owned));
    }
    let (per, more) = per(amount, after);
    parts.extend(per);
    (parts.join(" "), more)
}

/// A whole number with nothing of ours behind it: an ordinal, a decade, a day of a month, a year.
fn alone(value: u64, written: &Number, before: Scan<'_>, after: Scan<'_>) -> Option<Said> {
    let mut scan = after;
    let is_year = written.year().is_some_and(|year| YEARS.contains(&year));
    for ending in ["st", "nd", "rd", "th"] {
        let mut ahead = after;
        if ahead.eat(ending) && ahead.ends_word() {
            return Some((ordinal(value), 2));
        }
    }
    let quote = usize::from(scan.eat_one(&['\'', '’']).is_some());
    if scan.eat("s") && scan.ends_word() {
        let named = matches!(
            before.word_before().as_str(),
            "the" | "The" | "early" | "late" | "mid"
        );
        let marked = matches!(before.before(), Some('\'' | '’'));
        let decade = is_year || value.is_multiple_of(10) && (named || marked);
        let words = match (decade, is_year) {
            (true, true) => plural(&year(value)),
            (true, false) => plural(&cardinal(value)),
            // "45s" is a length of time.
            _ => format!("{} second{}", cardinal(value), if value == 1 { "" } else { "s" }),
        };
        return Some((words, quote.saturating_add(1)));
    }
    let day = (1..=31).contains(&value) && !written.grouped;
    if day && MONTHS.contains(&before.word_before().as_str()) {
        return Some((ordinal(value), 0));
    }
    if day && MONTHS.contains(&after.word_after().as_str()) && after.peek(0) == Some(' ') {
        return Some((format!("{} of", ordinal(value)), 0));
    }
    is_year.then(|| (year(value), 0))
}

/// A number in words, as a year when it looks like one.
fn number(number: &Number) -> String {
    match number.integer() {
        Some(value) if number.year().is_some_and(|year| YEARS.contains(&year)) => year(value),
        Some(value) => cardinal(value),
        None => decimal(number),
    }
}

/// Dollars and cents; `None` when there is nothing behind the point, or more than cents.
fn cents(number: &Number, names: Names) -> Option<String> {
    let [one, many, cent, cents] = names else {
        return None;
    };
    let small: u64 = match number.fraction.len() {
        2 => number.fraction.parse().ok()?,
        _ => return None,
    };
    let name = |value: u64, one: &str, many: &str| {
        format!("{} {}", cardinal(value), if value == 1 { one } else { many })
    };
    let small_words = name(small, cent, cents);
    match (number.value()?, small) {
        (0, 1..) => Some(small_words),
        (value, 0) => Some(name(value, one, many)),
        (value, _) => Some(format!("{} and {small_words}", name(value, one, many))),
    }
}

fn tail(amount: &Amount) -> Option<&'static str> {
    match amount.tail {
        Tail::None => None,
        Tail::Percent => Some("percent"),
        Tail::Money(names) | Tail::Unit(names) => {
            let is_one =
                amount.number.integer() == Some(1) && amount.from.is_none() && amount.scale.is_none();
            names.get(usize::from(!is_one)).copied()
        }
    }
}

/// "/month" behind money.
fn per(amount: &Amount, after: Scan<'_>) -> (Option<String>, usize) {
    let mut scan = after;
    if !scan.eat("/") || amount.tail == Tail::None {
        return (None, 0);
    }
    let word = scan.take_while(char::is_alphabetic);
    let full = match word.to_lowercase().as_str() {
        "mo" => "month",
        "yr" => "year",
        "wk" => "week",
        "hr" | "h" => "hour",
        "kg" => "kilogram",
        "lb" => "pound",
        "month" | "year" | "week" | "day" | "hour" | "minute" | "person" | "user" | "night" | "piece" => {
            &word
        }
        _ => return (None, 0),
    };
    let length = word.chars().count().saturating_add(1);
    (Some(format!("per {full}")), length)
}

fn clock(clock: Clock, after: Scan<'_>) -> Said {
    let mut scan = after;
    scan.spaces();
    let half = ["AM", "PM", "am", "pm", "a.m.", "p.m.", "A.M.", "P.M."]
        .iter()
        .find(|half| {
            let mut ahead = scan;
            ahead.eat(half) && (half.ends_with('.') || ahead.ends_word())
        });
    let hour = cardinal(clock.hour);
    let words = match (clock.minute, half) {
        (0, Some(_)) => hour,
        (0, None) if clock.hour <= 12 && clock.hour > 0 => format!("{hour} o'clock"),
        (0, None) => format!("{hour} hundred"),
        (minute @ 1..=9, _) => format!("{hour} oh {}", cardinal(minute)),
        (minute, _) => format!("{hour} {}", cardinal(minute)),
    };
    let words = match clock.second {
        Some(second) => format!("{words} and {} seconds", cardinal(second)),
        None => words,
    };
    match half {
        Some(half) => {
            let letters: String = half.chars().filter(|letter| *letter != '.').collect();
            // The last full stop may end the sentence; the voice needs it then.
            let dot = usize::from(half.ends_with('.'));
            let length = scan
                .at
                .saturating_sub(after.at)
                .saturating_add(half.len())
                .saturating_sub(dot);
            (
                format!("{words} {}", words::spelled(&letters.to_uppercase())),
                length,
            )
        }
        None => (words, 0),
    }
}

fn date(date: Date) -> String {
    let month = MONTHS
        .get(date.month.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    format!("{month} {}, {}", ordinal(date.day), year(date.year))
}

fn share(part: u64, whole: u64) -> String {
    let name = match whole {
        2 => "half".to_owned(),
        4 => "quarter".to_owned(),
        other => ordinal(other),
    };
    match part {
        1 => format!("one {name}"),
        _ => format!("{} {name}s", cardinal(part)),
    }
}
