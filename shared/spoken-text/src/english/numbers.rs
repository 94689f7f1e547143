//! English numbers in words.

use crate::number::Number;

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const STEPS: [(u64, &str); 5] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
];

fn name(table: &'static [&'static str], value: u64) -> &'static str {
    usize::try_from(value)
        .ok()
        .and_then(|place| table.get(place))
        .copied()
        .unwrap_or_default()
}

/// 42 is forty-two.
pub(super) fn cardinal(value: u64) -> String {
    for (step, word) in STEPS {
        if value >= step {
            let (high, rest) = (value / step, value % step);
            let head = format!("{} {word}", cardinal(high));
            return if rest == 0 {
                head
            } else {
                format!("{head} {}", cardinal(rest))
            };
        }
    }
    match value {
        0..=19 => name(&ONES, value).to_owned(),
        _ if value.is_multiple_of(10) => name(&TENS, value / 10).to_owned(),
        _ => format!("{}-{}", name(&TENS, value / 10), name(&ONES, value % 10)),
    }
}

/// 42 is forty-second.
pub(super) fn ordinal(value: u64) -> String {
    let words = cardinal(value);
    let split = words.rfind([' ', '-']).map_or(0, |at| at.saturating_add(1));
    let (head, last) = words.split_at_checked(split).unwrap_or(("", &words));
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        other => match other.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{other}th"),
        },
    };
    format!("{head}{last}")
}

/// 1887 is eighteen eighty-seven.
pub(super) fn year(value: u64) -> String {
    let (century, rest) = (value / 100, value % 100);
    match rest {
        _ if !(1100..=2099).contains(&value) || (2000..=2009).contains(&value) => cardinal(value),
        0 => format!("{} hundred", cardinal(century)),
        1..=9 => format!("{} oh {}", cardinal(century), cardinal(rest)),
        _ => format!("{} {}", cardinal(century), cardinal(rest)),
    }
}

/// Several of them: nineties, twos.
pub(super) fn plural(words: &str) -> String {
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if words.ends_with('x') => format!("{words}es"),
        None => format!("{words}s"),
    }
}

/// Digits one at a time.
pub(super) fn digits(text: &str) -> String {
    let words: Vec<&str> = text
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| name(&ONES, u64::from(digit)))
        .collect();
    words.join(" ")
}

/// A number with a fraction, or one too long to have a name.
pub(super) fn decimal(number: &Number) -> String {
    let whole = match number.value() {
        Some(value) => cardinal(value),
        None => digits(&number.whole),
    };
    if number.fraction.is_empty() {
        return whole;
    }
    format!("{whole} point {}", digits(&number.fraction))
}
