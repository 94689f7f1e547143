//! Chinese as it is said.

use crate::figure::{Amount, Clock, Date, Tail};
use crate::number::Number;
use crate::scan::Scan;
use crate::tongue::{Row, Said, Tongue};

/// Chinese.
pub(crate) const TONGUE: Tongue = Tongue {
    groups: &[','],
    points: &['.'],
    units: UNITS,
    currencies: CURRENCIES,
    scales: SCALES,
    symbols: SYMBOLS,
    dot: "点",
    at: "艾特",
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

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

const UNITS: &[Row] = &[
    (&["km/h"], &["公里每小时"]),
    (&["m/s"], &["米每秒"]),
    (&["km²", "km2"], &["平方公里"]),
    (&["m²", "m2", "㎡"], &["平方米"]),
    (&["m³", "m3"], &["立方米"]),
    (&["km", "㎞"], &["公里"]),
    (&["cm", "㎝"], &["厘米"]),
    (&["mm", "㎜"], &["毫米"]),
    (&["m"], &["米"]),
    (&["kg", "㎏"], &["公斤"]),
    (&["mg"], &["毫克"]),
    (&["g"], &["克"]),
    (&["ml", "mL"], &["毫升"]),
    (&["l", "L"], &["升"]),
    (&["h"], &["小时"]),
    (&["min"], &["分钟"]),
    (&["s"], &["秒"]),
    (&["°C", "℃"], &["摄氏度"]),
    (&["°F", "℉"], &["华氏度"]),
    (&["°"], &["度"]),
    (&["kcal"], &["千卡"]),
    (&["kWh"], &["千瓦时"]),
    (&["kW"], &["千瓦"]),
    (&["W"], &["瓦"]),
    (&["mAh"], &["毫安时"]),
    (&["GHz"], &["吉赫兹"]),
    (&["Hz"], &["赫兹"]),
    (&["fps"], &["帧"]),
    (&["px"], &["像素"]),
    (&["x", "×"], &["倍"]),
];

const CURRENCIES: &[Row] = &[
    (&["¥", "CNY", "RMB"], &["元"]),
    (&["$", "US$", "USD"], &["美元"]),
    (&["€", "EUR"], &["欧元"]),
    (&["£", "GBP"], &["英镑"]),
    (&["₩", "KRW"], &["韩元"]),
    (&["₽"], &["卢布"]),
    (&["HK$"], &["港元"]),
];

const SCALES: &[Row] = &[
    (&["万亿"], &["万亿"]),
    (&["千万"], &["千万"]),
    (&["百万"], &["百万"]),
    (&["万", "萬"], &["万"]),
    (&["亿", "億"], &["亿"]),
    (&["k", "K"], &["千"]),
    (&["M"], &["百万"]),
];

const SYMBOLS: &[(char, &str)] = &[
    ('&', "和"),
    ('+', "加"),
    ('=', "等于"),
    ('@', "艾特"),
    ('#', "第"),
    ('%', "百分比"),
    ('×', "乘以"),
    ('*', "乘以"),
    ('÷', "除以"),
    ('≈', "约"),
    ('~', "到"),
    ('～', "到"),
    ('<', "小于"),
    ('>', "大于"),
    ('±', "正负"),
    ('−', "减"),
    ('°', "度"),
    ('℃', "摄氏度"),
    ('½', "二分之一"),
    ('⅓', "三分之一"),
    ('¼', "四分之一"),
    ('¾', "四分之三"),
    ('①', "一"),
    ('②', "二"),
    ('③', "三"),
];

/// Behind these, two is a plain digit: a day, a month, a floor, a size.
const PLAIN_TWO: &str = "月日号號楼樓路级級班点零百十〇";

fn amount(amount: &Amount, before: Scan<'_>, after: Scan<'_>) -> Said {
    let name = match amount.tail {
        Tail::None | Tail::Percent => "",
        Tail::Money(names) | Tail::Unit(names) => names.first().copied().unwrap_or_default(),
    };
    if let (Some(_), Some(said)) = (amount.bare(), by_digits(amount, after)) {
        return (said, 0);
    }
    let scale = amount
        .scale
        .and_then(|names| names.first())
        .copied()
        .unwrap_or_default();
    let counts = amount.tail != Tail::Percent
        && before.before() != Some('第')
        && (!scale.is_empty() || !name.is_empty() || counts_next(after));
    let two = if counts { "两" } else { "二" };
    let say = |number: &Number| number_words(number, two);
    let cold = amount.minus && name.ends_with("氏度");
    let sign = match (amount.minus, cold) {
        (false, _) => "",
        (true, true) => "零下",
        (true, false) => "负",
    };
    let percent = if amount.tail == Tail::Percent {
        "百分之"
    } else {
        ""
    };
    let range = amount
        .from
        .as_ref()
        .map(|from| format!("{percent}{}到", say(from)))
        .unwrap_or_default();
    (
        format!("{range}{sign}{percent}{}{scale}{name}", say(&amount.number)),
        0,
    )
}

/// Years, discounts and long codes are read digit by digit.
fn by_digits(amount: &Amount, after: Scan<'_>) -> Option<String> {
    let number = &amount.number;
    let next = after.peek(0);
    let is_year = number.year().is_some() && matches!(next, Some('年')) && number.whole.len() == 4;
    let is_discount = next == Some('折') && number.whole.len() == 2 && !number.whole.ends_with('0');
    (is_year || is_discount).then(|| digits(&number.whole))
}

/// Whether something is counted: a character of Chinese follows that is no date and no floor.
fn counts_next(mut after: Scan<'_>) -> bool {
    after.spaces();
    after
        .peek(0)
        .is_some_and(|letter| matches!(letter, '\u{4e00}'..='\u{9fff}') && !PLAIN_TWO.contains(letter))
}

fn number_words(number: &Number, two: &str) -> String {
    let whole = match number.value() {
        Some(2) if number.fraction.is_empty() => two.to_owned(),
        Some(value) => cardinal(value),
        None => digits(&number.whole),
    };
    let fraction = number.fraction.trim_end_matches('0');
    if fraction.is_empty() {
        return whole;
    }
    format!("{whole}点{}", digits(fraction))
}

/// 2,480 is 两千四百八十.
fn cardinal(value: u64) -> String {
    if value == 0 {
        return "零".to_owned();
    }
    let mut words = String::new();
    let mut gap = false;
    for (step, name) in [
        (1_000_000_000_000, "万亿"),
        (100_000_000, "亿"),
        (10_000, "万"),
        (1, ""),
    ] {
        let part = value / step % 10_000;
        if part == 0 {
            gap |= !words.is_empty();
            continue;
        }
        if !words.is_empty() && (gap || part < 1000) {
            words.push('零');
        }
        gap = false;
        let part_words = if part == 2 && !name.is_empty() {
            "两".to_owned()
        } else {
            below_ten_thousand(part, &words)
        };
        words.push_str(&part_words);
        words.push_str(name);
    }
    words
}

fn below_ten_thousand(value: u64, before: &str) -> String {
    let mut words = String::new();
    let mut gap = false;
    for (step, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / step % 10;
        if digit == 0 {
            gap |= !words.is_empty();
            continue;
        }
        if gap {
            words.push('零');
            gap = false;
        }
        match (digit, step) {
            (2, 1000) => words.push('两'),
            // Ten to nineteen at the start have no one before their ten.
            (1, 10) if words.is_empty() && before.is_empty() => {}
            _ => words.push_str(digit_name(digit)),
        }
        words.push_str(name);
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

fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| digit_name(u64::from(digit)))
        .collect()
}

fn clock(clock: Clock, _after: Scan<'_>) -> Said {
    let hour = if clock.hour == 2 {
        "两".to_owned()
    } else {
        cardinal(clock.hour)
    };
    let minute = match clock.minute {
        0 => String::new(),
        minute @ 1..=9 => format!("零{}分", cardinal(minute)),
        minute => format!("{}分", cardinal(minute)),
    };
    let second = clock.second.map(|second| format!("{}秒", cardinal(second)));
    (format!("{hour}点{minute}{}", second.unwrap_or_default()), 0)
}

fn date(date: Date) -> String {
    let month = u64::try_from(date.month).unwrap_or_default();
    format!(
        "{}年{}月{}日",
        digits(&date.year.to_string()),
        cardinal(month),
        cardinal(date.day)
    )
}

fn share(part: u64, whole: u64) -> String {
    format!("{}分之{}", cardinal(whole), cardinal(part))
}

/// Roman numerals behind a name: 第II部, 亨利VIII.
fn word(scan: Scan<'_>) -> Option<(usize, String)> {
    let mut ahead = scan;
    let letters = ahead.take_while(|letter| letter.is_ascii_alphanumeric());
    let value = crate::reader::roman(&letters).filter(|value| *value < 40)?;
    let after_letter = scan.before().is_some_and(|letter| letter.is_ascii_alphanumeric());
    let after_name = scan.before().is_some_and(char::is_alphabetic);
    let long = letters.len() >= 2
        || ahead
            .peek(0)
            .is_some_and(|letter| matches!(letter, '世' | '部' | '章' | '型'));
    (!after_letter && after_name && long).then(|| (letters.len(), cardinal(value)))
}
