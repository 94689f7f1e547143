//! Korean as it is said: native words count things and hours, Sino-Korean ones everything else.

use crate::figure::{Amount, Clock, Date, Tail};
use crate::number::Number;
use crate::scan::Scan;
use crate::tongue::{Row, Said, Tongue};

/// Korean.
pub(crate) const TONGUE: Tongue = Tongue {
    groups: &[','],
    points: &['.'],
    units: UNITS,
    currencies: CURRENCIES,
    scales: SCALES,
    symbols: SYMBOLS,
    dot: "점",
    at: "골뱅이",
    gap: "",
    amount,
    unitless: |_, _| false,
    clock,
    date,
    digits,
    share,
    day_first: false,
    word,
};

const DIGITS: [&str; 10] = ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
const ONES: [&str; 10] = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"];
const TENS: [&str; 10] = [
    "", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔",
];

/// Words behind a number, and whether things are counted with native numbers before them; longest first where one
/// begins another.
const COUNTERS: &[(&str, bool)] = &[
    ("개월", false),
    ("개국", false),
    ("개년", false),
    ("개", true),
    ("시간", true),
    ("시", true),
    ("명", true),
    ("살", true),
    ("마리", true),
    ("권", true),
    ("잔", true),
    ("병", true),
    ("장", true),
    ("대", true),
    ("번째", true),
    ("번", true),
    ("가지", true),
    ("사람", true),
    ("달러", false),
    ("달", true),
    ("송이", true),
    ("켤레", true),
    ("벌", true),
    ("그루", true),
    ("채", true),
    ("통", true),
    ("줄", true),
    ("조각", true),
    ("방울", true),
    ("걸음", true),
    ("곳", true),
    ("쌍", true),
    ("끼", true),
    ("배", true),
    ("스푼", true),
    ("숟갈", true),
    ("컵", true),
    ("군데", true),
    ("단계", false),
    ("가닥", true),
    ("모금", true),
    ("봉지", true),
    ("그릇", true),
];

const UNITS: &[Row] = &[
    (&["km/h"], &["시속", "킬로미터"]),
    (&["m/s"], &["초속", "미터"]),
    (&["km²", "km2", "㎢"], &["제곱킬로미터"]),
    (&["m²", "m2", "㎡"], &["제곱미터"]),
    (&["km", "㎞"], &["킬로미터"]),
    (&["cm", "㎝"], &["센티미터"]),
    (&["mm", "㎜"], &["밀리미터"]),
    (&["m"], &["미터"]),
    (&["kg", "㎏"], &["킬로그램"]),
    (&["mg"], &["밀리그램"]),
    (&["g"], &["그램"]),
    (&["ml", "mL", "㎖"], &["밀리리터"]),
    (&["l", "L", "ℓ"], &["리터"]),
    (&["°C", "℃"], &["도"]),
    (&["°F", "℉"], &["화씨", "도"]),
    (&["°"], &["도"]),
    (&["kcal"], &["킬로칼로리"]),
    (&["TB"], &["테라바이트"]),
    (&["GB"], &["기가바이트"]),
    (&["MB"], &["메가바이트"]),
    (&["KB", "kB"], &["킬로바이트"]),
    (&["kWh"], &["킬로와트시"]),
    (&["kW"], &["킬로와트"]),
    (&["W"], &["와트"]),
    (&["mAh"], &["밀리암페어시"]),
    (&["GHz"], &["기가헤르츠"]),
    (&["Hz"], &["헤르츠"]),
    (&["min"], &["분"]),
    (&["fps"], &["프레임"]),
    (&["px"], &["픽셀"]),
    (&["%p"], &["퍼센트포인트"]),
    (&["x", "×"], &["배"]),
];

const CURRENCIES: &[Row] = &[
    (&["₩", "KRW"], &["원"]),
    (&["$", "US$", "USD"], &["달러"]),
    (&["€", "EUR"], &["유로"]),
    (&["£", "GBP"], &["파운드"]),
    (&["¥", "JPY"], &["엔"]),
    (&["CNY"], &["위안"]),
    (&["₽"], &["루블"]),
];

const SCALES: &[Row] = &[
    (&["천만"], &["천만"]),
    (&["백만"], &["백만"]),
    (&["십억"], &["십억"]),
    (&["천"], &["천"]),
    (&["만"], &["만"]),
    (&["억"], &["억"]),
    (&["조"], &["조"]),
    (&["K", "k"], &["천"]),
    (&["M"], &["백만"]),
];

const SYMBOLS: &[(char, &str)] = &[
    ('&', " 앤드 "),
    ('+', " 플러스 "),
    ('=', " 는 "),
    ('@', " 골뱅이 "),
    ('#', "샵 "),
    ('%', " 퍼센트 "),
    ('×', " 곱하기 "),
    ('*', " 곱하기 "),
    ('÷', " 나누기 "),
    ('≈', " 약 "),
    ('~', "에서 "),
    ('<', " 보다 작다 "),
    ('>', " 보다 크다 "),
    ('±', " 플러스마이너스 "),
    ('−', " 빼기 "),
    ('°', " 도 "),
    ('½', " 이분의 일 "),
    ('⅓', " 삼분의 일 "),
    ('¼', " 사분의 일 "),
    ('¾', " 사분의 삼 "),
    ('℃', " 도 "),
    ('№', "넘버 "),
    ('①', "일"),
    ('②', "이"),
    ('③', "삼"),
];

fn amount(amount: &Amount, before: Scan<'_>, after: Scan<'_>) -> Said {
    let counter = COUNTERS
        .iter()
        .find(|(written, _)| amount.scale.is_none() && amount.tail == Tail::None && starts(after, written));
    let native = counter.is_some_and(|(_, native)| *native);
    let first = |value: u64, name: &str| {
        if name == "번째" && value == 1 {
            "첫".to_owned()
        } else {
            counted(value)
        }
    };
    let say = |number: &Number| match (number.integer(), counter) {
        (Some(value @ 1..=99), Some((name, true))) => first(value, name),
        _ => number_words(number, after),
    };
    let mut words = String::new();
    if amount.minus {
        words.push_str("마이너스 ");
    }
    let (lead, name) = match amount.tail {
        Tail::None => ("", ""),
        Tail::Percent => ("", "퍼센트"),
        Tail::Money(names) | Tail::Unit(names) => match names {
            [lead, name] => (*lead, *name),
            _ => ("", names.first().copied().unwrap_or_default()),
        },
    };
    // "시속 90km/h" says it already.
    if !lead.is_empty() && before.word_before() != lead {
        words.push_str(lead);
        words.push(' ');
    }
    if let Some(from) = &amount.from {
        words.push_str(&say(from));
        // "세 개에서 다섯 개": what is counted is said with both.
        if let Some((name, _)) = counter.filter(|_| native) {
            words.push(' ');
            words.push_str(name);
        }
        words.push_str("에서 ");
    }
    words.push_str(&say(&amount.number));
    if let Some(scale) = amount.scale.and_then(|names| names.first()) {
        // One million is 백만, ten thousand is 만.
        if words == "일" && matches!(*scale, "만" | "천" | "백만" | "천만") {
            words.clear();
        }
        words.push_str(scale);
    }
    if !name.is_empty() {
        words.push(' ');
        words.push_str(name);
    } else if native {
        words.push(' ');
    }
    (words, 0)
}

fn starts(scan: Scan<'_>, written: &str) -> bool {
    let mut near = scan;
    let mut behind = scan;
    behind.spaces();
    near.eat(written) || behind.eat(written)
}

/// A number in Sino-Korean words; June and October have names that are easier to say.
fn number_words(number: &Number, after: Scan<'_>) -> String {
    let whole = match number.value() {
        Some(6) if starts(after, "월") => "유".to_owned(),
        Some(10) if starts(after, "월") => "시".to_owned(),
        Some(value) => sino(value),
        None => digits(&number.whole),
    };
    if number.fraction.is_empty() {
        return whole;
    }
    format!("{whole} 점 {}", spelled(&number.fraction, "영"))
}

/// 12,345 is 만 이천삼백사십오.
fn sino(value: u64) -> String {
    if value == 0 {
        return "영".to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    for (step, name) in [
        (1_000_000_000_000, "조"),
        (100_000_000, "억"),
        (10_000, "만"),
        (1, ""),
    ] {
        let part = value / step % 10_000;
        if part == 0 {
            continue;
        }
        let bare = part == 1 && name == "만" && value < 20_000;
        words.push(if bare {
            name.to_owned()
        } else {
            format!("{}{name}", below_ten_thousand(part))
        });
    }
    words.join(" ")
}

fn below_ten_thousand(value: u64) -> String {
    let mut words = String::new();
    for (step, name) in [(1000, "천"), (100, "백"), (10, "십"), (1, "")] {
        let digit = value / step % 10;
        if digit > 1 || (digit == 1 && step == 1) {
            words.push_str(digit_name(digit));
        }
        if digit > 0 {
            words.push_str(name);
        }
    }
    words
}

fn digit_name(digit: u64) -> &'static str {
    usize::try_from(digit)
        .ok()
        .and_then(|place| DIGITS.get(place))
        .copied()
        .unwrap_or_default()
}

/// Native numbers before what they count.
fn counted(value: u64) -> String {
    let name = |table: &[&'static str; 10], digit: u64| {
        usize::try_from(digit)
            .ok()
            .and_then(|place| table.get(place))
            .copied()
            .unwrap_or_default()
    };
    match value {
        20 => "스무".to_owned(),
        1..=99 => format!("{}{}", name(&TENS, value / 10), name(&ONES, value % 10)),
        _ => sino(value),
    }
}

/// Digits one at a time, as of a telephone number.
fn digits(text: &str) -> String {
    spelled(text, "공")
}

fn spelled(text: &str, zero: &'static str) -> String {
    text.chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| {
            if digit == 0 {
                zero
            } else {
                digit_name(u64::from(digit))
            }
        })
        .collect()
}

fn clock(clock: Clock, _after: Scan<'_>) -> Said {
    let hour = if (1..=12).contains(&clock.hour) {
        counted(clock.hour)
    } else {
        sino(clock.hour)
    };
    let mut parts = vec![format!("{hour} 시")];
    if clock.minute > 0 {
        parts.push(format!("{} 분", sino(clock.minute)));
    }
    parts.extend(clock.second.map(|second| format!("{} 초", sino(second))));
    (parts.join(" "), 0)
}

fn date(date: Date) -> String {
    let month = match date.month {
        6 => "유".to_owned(),
        10 => "시".to_owned(),
        other => sino(u64::try_from(other).unwrap_or_default()),
    };
    format!("{}년 {month}월 {}일", sino(date.year), sino(date.day))
}

fn share(part: u64, whole: u64) -> String {
    format!("{}분의 {}", sino(whole), sino(part))
}

/// "세계 II", "제II": Roman numerals are counted.
fn word(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    let letters = ahead.take_while(|letter| letter.is_ascii_alphanumeric());
    let value = crate::reader::roman(&letters).filter(|value| *value < 40)?;
    let after_letter = scan.before().is_some_and(|letter| letter.is_ascii_alphanumeric());
    let after_name = !scan.word_before().is_empty();
    let long = letters.len() >= 2
        || ahead
            .peek(0)
            .is_some_and(|letter| matches!(letter, '세' | '부' | '장' | '편'));
    (!after_letter && after_name && long).then(|| (letters.len(), sino(value)))
}
