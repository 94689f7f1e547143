//! Russian numbers in words, in the cases that a rule can know.

use super::context::{Case, Gender};
use crate::number::Number;

const ONES: [&str; 20] = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const TENS: [&str; 10] = [
    "",
    "десять",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const TENS_GENITIVE: [&str; 10] = [
    "",
    "десяти",
    "двадцати",
    "тридцати",
    "сорока",
    "пятидесяти",
    "шестидесяти",
    "семидесяти",
    "восьмидесяти",
    "девяноста",
];
const HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];
const HUNDREDS_GENITIVE: [&str; 10] = [
    "",
    "ста",
    "двухсот",
    "трёхсот",
    "четырёхсот",
    "пятисот",
    "шестисот",
    "семисот",
    "восьмисот",
    "девятисот",
];
/// Without their endings.
const ORDINALS: [&str; 20] = [
    "нулев",
    "перв",
    "втор",
    "трет",
    "четвёрт",
    "пят",
    "шест",
    "седьм",
    "восьм",
    "девят",
    "десят",
    "одиннадцат",
    "двенадцат",
    "тринадцат",
    "четырнадцат",
    "пятнадцат",
    "шестнадцат",
    "семнадцат",
    "восемнадцат",
    "девятнадцат",
];
const ORDINAL_TENS: [&str; 10] = [
    "",
    "десят",
    "двадцат",
    "тридцат",
    "сороков",
    "пятидесят",
    "шестидесят",
    "семидесят",
    "восьмидесят",
    "девяност",
];

fn name(table: &'static [&'static str], value: u64) -> &'static str {
    usize::try_from(value)
        .ok()
        .and_then(|place| table.get(place))
        .copied()
        .unwrap_or_default()
}

/// Which form a counted noun takes: 0 for one, 1 for two to four, 2 for more.
pub(super) const fn plural_place(value: u64) -> usize {
    match (value % 100, value % 10) {
        (11..=14, _) => 2,
        (_, 1) => 0,
        (_, 2..=4) => 1,
        _ => 2,
    }
}

/// 42 is сорок два.
pub(super) fn cardinal(value: u64, case: Case, gender: Gender) -> String {
    let mut words: Vec<String> = Vec::new();
    let steps: [(u64, [&str; 3], Gender); 4] = [
        (
            1_000_000_000_000,
            ["триллион", "триллиона", "триллионов"],
            Gender::Masculine,
        ),
        (
            1_000_000_000,
            ["миллиард", "миллиарда", "миллиардов"],
            Gender::Masculine,
        ),
        (1_000_000, ["миллион", "миллиона", "миллионов"], Gender::Masculine),
        (1_000, ["тысяча", "тысячи", "тысяч"], Gender::Feminine),
    ];
    let mut rest = value;
    for (step, forms, own) in steps {
        let part = rest / step;
        rest %= step;
        if part == 0 {
            continue;
        }
        if part > 1 || step > 1_000 {
            words.push(below_thousand(part, case, own));
        }
        let place = if case == Case::Nominative {
            plural_place(part)
        } else {
            plural_place(part).max(1)
        };
        // "От тысячи", but "от двух тысяч".
        let place = if case != Case::Nominative && plural_place(part) == 1 {
            2
        } else {
            place
        };
        words.push(forms.get(place).copied().unwrap_or_default().to_owned());
    }
    if rest > 0 || value == 0 {
        words.push(below_thousand(rest, case, gender));
    }
    words.join(" ")
}

fn below_thousand(value: u64, case: Case, gender: Gender) -> String {
    let plain = case == Case::Nominative;
    let mut words = Vec::new();
    if value >= 100 {
        words.push(name(if plain { &HUNDREDS } else { &HUNDREDS_GENITIVE }, value / 100).to_owned());
    }
    let mut rest = value % 100;
    if rest >= 20 {
        words.push(ten(rest / 10, case));
        rest %= 10;
    }
    if rest > 0 || value == 0 {
        words.push(one(rest, case, gender));
    }
    words.join(" ")
}

fn ten(tens: u64, case: Case) -> String {
    match case {
        Case::Nominative => name(&TENS, tens).to_owned(),
        Case::Instrumental if tens <= 3 => format!("{}ю", name(&TENS, tens)),
        _ => name(&TENS_GENITIVE, tens).to_owned(),
    }
}

fn one(value: u64, case: Case, gender: Gender) -> String {
    let feminine = gender == Gender::Feminine;
    let word = match (value, case) {
        (1, Case::Nominative) => match gender {
            Gender::Masculine => "один",
            Gender::Feminine => "одна",
            Gender::Neuter => "одно",
        },
        (1, _) if feminine => "одной",
        (1, Case::Dative) => "одному",
        (1, Case::Instrumental) => "одним",
        (1, Case::Prepositional) => "одном",
        (1, _) => "одного",
        (2, Case::Nominative) if feminine => "две",
        (2..=4, Case::Dative) => ["двум", "трём", "четырём"]
            .get(index(value, 2))
            .copied()
            .unwrap_or_default(),
        (2..=4, Case::Instrumental) => ["двумя", "тремя", "четырьмя"]
            .get(index(value, 2))
            .copied()
            .unwrap_or_default(),
        (2..=4, other) if other != Case::Nominative => ["двух", "трёх", "четырёх"]
            .get(index(value, 2))
            .copied()
            .unwrap_or_default(),
        (_, Case::Nominative) => name(&ONES, value),
        (0, _) => "нуля",
        (8, Case::Instrumental) => "восемью",
        (8, _) => "восьми",
        (_, Case::Instrumental) => return format!("{}ю", name(&ONES, value)),
        _ => return format!("{}и", name(&ONES, value).trim_end_matches('ь')),
    };
    word.to_owned()
}

fn index(value: u64, first: u64) -> usize {
    usize::try_from(value.saturating_sub(first)).unwrap_or_default()
}

/// 42 is сорок второй.
pub(super) fn ordinal(value: u64, case: Case, gender: Gender) -> String {
    let (rest, stem) = match value {
        _ if value.is_multiple_of(1_000) && value > 0 => (0, thousandth(value / 1_000)),
        _ if value.is_multiple_of(100) && value > 0 => {
            (value - value % 1_000, hundredth(value % 1_000 / 100))
        }
        _ if value % 100 < 20 => (value - value % 100, name(&ORDINALS, value % 100).to_owned()),
        _ if value.is_multiple_of(10) => (
            value - value % 100,
            name(&ORDINAL_TENS, value % 100 / 10).to_owned(),
        ),
        _ => (value - value % 10, name(&ORDINALS, value % 10).to_owned()),
    };
    let last = format!("{stem}{}", ending(&stem, case, gender));
    if rest == 0 {
        return last;
    }
    format!("{} {last}", cardinal(rest, Case::Nominative, Gender::Masculine))
}

fn thousandth(thousands: u64) -> String {
    match thousands {
        1 => "тысячн".to_owned(),
        _ => format!(
            "{}тысячн",
            cardinal(thousands, Case::Genitive, Gender::Masculine).replace(' ', "")
        ),
    }
}

fn hundredth(hundreds: u64) -> String {
    match hundreds {
        1 => "сот".to_owned(),
        _ => format!("{}от", name(&HUNDREDS_GENITIVE, hundreds).trim_end_matches("от")),
    }
}

fn ending(stem: &str, case: Case, gender: Gender) -> &'static str {
    let soft = stem == "трет";
    let stressed = matches!(stem, "втор" | "шест" | "седьм" | "восьм" | "сороков" | "нулев");
    match (case, gender) {
        (Case::GenitivePlural, _) => {
            if soft {
                "ьих"
            } else {
                "ых"
            }
        }
        (Case::Nominative, Gender::Masculine) if soft => "ий",
        (Case::Nominative, Gender::Masculine) if stressed => "ой",
        (Case::Nominative, Gender::Masculine) => "ый",
        (Case::Nominative, Gender::Feminine) => {
            if soft {
                "ья"
            } else {
                "ая"
            }
        }
        (Case::Nominative, Gender::Neuter) => {
            if soft {
                "ье"
            } else {
                "ое"
            }
        }
        (_, Gender::Feminine) => {
            if soft {
                "ьей"
            } else {
                "ой"
            }
        }
        (Case::Genitive, _) => {
            if soft {
                "ьего"
            } else {
                "ого"
            }
        }
        (Case::Dative, _) => {
            if soft {
                "ьему"
            } else {
                "ому"
            }
        }
        (Case::Instrumental, _) => {
            if soft {
                "ьим"
            } else {
                "ым"
            }
        }
        (Case::Prepositional, _) => {
            if soft {
                "ьем"
            } else {
                "ом"
            }
        }
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

/// 3,5 is три целых пять десятых; longer fractions are read behind the word for the comma.
pub(super) fn decimal(number: &Number) -> String {
    let Some(whole) = number.value() else {
        return digits(&number.whole);
    };
    let parts: Option<u64> = number
        .fraction
        .parse()
        .ok()
        .filter(|_| number.fraction.len() <= 3);
    let Some(parts) = parts else {
        return format!(
            "{} запятая {}",
            cardinal(whole, Case::Nominative, Gender::Masculine),
            digits(&number.fraction)
        );
    };
    let size: (u64, &str) = match number.fraction.len() {
        1 => (10, "десят"),
        2 => (100, "сот"),
        _ => (1000, "тысячн"),
    };
    let of = |value: u64, stem: &str, one: &str| {
        let last = if plural_place(value) == 0 { one } else { "ых" };
        format!(
            "{} {stem}{last}",
            cardinal(value, Case::Nominative, Gender::Feminine)
        )
    };
    format!("{} {}", of(whole, "цел", "ая"), of(parts, size.1, "ая"))
}
