//! Numbers with what belongs to them: a sign, a currency, a range, a scale, a unit; times and dates.

use crate::number::Number;
use crate::scan::{Scan, continues, is_blank};
use crate::tongue::{Names, Row, Said, Tongue};

/// What stands behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing of ours.
    None,
    /// A percent sign.
    Percent,
    /// Money, its sign before or behind.
    Money(Names),
    /// A unit.
    Unit(Names),
}

/// A table, and what its rows are behind a number.
type Kind = (&'static [Row], fn(Names) -> Tail);

/// A number with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Below zero.
    pub(crate) minus: bool,
    /// The lower end of a range.
    pub(crate) from: Option<Number>,
    /// The number, or the upper end of a range.
    pub(crate) number: Number,
    /// Thousands, millions.
    pub(crate) scale: Option<Names>,
    /// Its unit.
    pub(crate) tail: Tail,
}

impl Amount {
    /// A whole number and nothing else.
    pub(crate) fn bare(&self) -> Option<u64> {
        let alone = self.from.is_none() && self.scale.is_none() && self.tail == Tail::None && !self.minus;
        self.number.integer().filter(|_| alone)
    }
}

/// A time of day, or a length in minutes and seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) hour: u64,
    pub(crate) minute: u64,
    pub(crate) second: Option<u64>,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: u64,
    pub(crate) month: usize,
    pub(crate) day: u64,
}

/// Signs between the ends of a range.
const RANGE: &[char] = &['-', '–', '—', '~', '～', '〜', '−'];
/// Signs of something below zero.
const MINUS: &[char] = &['-', '−', '–'];
/// More digits than this in groups are a telephone number.
const PHONE_DIGITS_MIN: usize = 9;

/// What is said for a figure that begins here, and how many characters it is.
pub(crate) fn figure(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let says = [phone, date, clock, ratio, version, amount];
    says.iter().find_map(|say| say(start, tongue))
}

fn phone(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let mut scan = start;
    let plus = scan.eat("+");
    let mut groups = Vec::new();
    loop {
        let mut ahead = scan;
        let between = if groups.is_empty() {
            String::new()
        } else {
            ahead.take_while(|letter| matches!(letter, '-' | ' ' | '(' | ')' | '\u{a0}'))
        };
        let group = ahead.digits();
        // A number that happens to follow is no part of it: without a plus, groups are joined by hyphens.
        let joined = groups.is_empty() || plus || between == "-";
        if group.is_empty() || !joined {
            break;
        }
        groups.push(group);
        scan = ahead;
    }
    let digits: usize = groups.iter().map(String::len).sum();
    let enough = digits >= PHONE_DIGITS_MIN && groups.len() >= if plus { 1 } else { 3 };
    let words: Vec<String> = groups.iter().map(|group| (tongue.digits)(group)).collect();
    let separator = if tongue.gap.is_empty() { "，" } else { ", " };
    (enough && scan.ends_word()).then(|| (words.join(separator), scan.at.saturating_sub(start.at)))
}

fn date(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let mut scan = start;
    let first = scan.digits();
    let mark = scan.eat_one(&['-', '.', '/'])?;
    let second = scan.digits();
    scan.eat_one(&[mark])?;
    let third = scan.digits();
    let (year, month, day) = match (first.len(), second.len(), third.len()) {
        (4, 1..=2, 1..=2) => (first, second, third),
        (1..=2, 1..=2, 4) if mark != '-' && tongue.day_first => (third, second, first),
        (1..=2, 1..=2, 4) if mark == '/' => (third, first, second),
        _ => return None,
    };
    let date = Date {
        year: year.parse().ok()?,
        month: month.parse().ok()?,
        day: day.parse().ok()?,
    };
    let is_day = (1..=12).contains(&date.month) && (1..=31).contains(&date.day);
    (is_day && scan.ends_word()).then(|| ((tongue.date)(date), scan.at.saturating_sub(start.at)))
}

fn clock(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let mut scan = start;
    let (hour, minute, mut end) = two_by_colon(&mut scan)?;
    let (hour, minute) = (hour, (minute.len() == 2).then(|| minute.parse().ok()).flatten()?);
    let mut second = None;
    let mut ahead = end;
    if ahead.eat_one(&[':', '：']).is_some() {
        let digits = ahead.digits();
        second = Some(digits.parse().ok().filter(|_| digits.len() == 2)?);
        end = ahead;
    }
    let clock = Clock { hour, minute, second };
    let fits = hour <= 24 && minute < 60 && second.is_none_or(|second| second < 60);
    if !fits || end.peek(0) == Some(':') {
        return None;
    }
    let (words, more) = (tongue.clock)(clock, end);
    Some((words, end.at.saturating_sub(start.at).saturating_add(more)))
}

fn two_by_colon<'a>(scan: &mut Scan<'a>) -> Option<(u64, String, Scan<'a>)> {
    let hour = scan.digits();
    scan.eat_one(&[':', '：'])?;
    let minute = scan.digits();
    let hour = (1..=2)
        .contains(&hour.len())
        .then(|| hour.parse().ok())
        .flatten()?;
    (!minute.is_empty()).then_some((hour, minute, *scan))
}

/// 16:9 and 24/7: two numbers, one after the other; 1/2 is a share.
fn ratio(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let mut scan = start;
    let left = Number::take(&mut scan, tongue)?;
    let mark = scan.eat_one(&[':', '：', '/'])?;
    let right = Number::take(&mut scan, tongue)?;
    let length = scan.at.saturating_sub(start.at);
    let (left_value, right_value) = (left.integer()?, right.integer()?);
    if mark == '/' && (1..right_value).contains(&left_value) && right_value <= 10 {
        return Some(((tongue.share)(left_value, right_value), length));
    }
    let gap = if tongue.gap.is_empty() { "，" } else { " " };
    Some((
        format!("{}{gap}{}", plain(&left, tongue), plain(&right, tongue)),
        length,
    ))
}

/// 3.11.2 and 192.168.0.1.
fn version(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let mut scan = start;
    let mut parts = vec![scan.digits()];
    loop {
        let mut ahead = scan;
        if ahead.eat_one(&['.']).is_none() || !ahead.peek(0).is_some_and(|letter| letter.is_ascii_digit()) {
            break;
        }
        parts.push(ahead.digits());
        scan = ahead;
    }
    if parts.len() < 3 {
        return None;
    }
    let words: Vec<String> = parts
        .into_iter()
        .map(|whole| {
            let number = Number {
                whole,
                ..Number::default()
            };
            plain(&number, tongue)
        })
        .collect();
    let gap = tongue.gap;
    Some((
        words.join(&format!("{gap}{}{gap}", tongue.dot)),
        scan.at.saturating_sub(start.at),
    ))
}

/// A number alone, away from its neighbours.
fn plain(number: &Number, tongue: &Tongue) -> String {
    let amount = Amount {
        minus: false,
        from: None,
        number: number.clone(),
        scale: None,
        tail: Tail::None,
    };
    let nowhere = Scan::new(&[]);
    (tongue.amount)(&amount, nowhere, nowhere).0
}

fn amount(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let mut scan = start;
    let free = !start.inside_word();
    let minus = free && scan.eat_one(MINUS).is_some();
    let mut money = if free {
        row(&mut scan, tongue.currencies)
    } else {
        None
    };
    if money.is_some() {
        scan.spaces();
    }
    let mut number = Number::take(&mut scan, tongue)?;
    // A number inside a word, MP3 or COVID-19, has no unit of its own.
    let in_word = start.inside_word();
    let mut scale = if in_word { None } else { scale(&mut scan, tongue) };
    let mut from = None;
    if !in_word && let Some((upper, upper_scale, end)) = upper_end(scan, tongue, money) {
        from = Some(std::mem::replace(&mut number, upper));
        scale = upper_scale.or(scale);
        scan = end;
    }
    let tail = if in_word {
        Tail::None
    } else {
        tail(&mut scan, tongue, (&mut money, &number))
    };
    let amount = Amount {
        minus,
        from,
        number,
        scale,
        tail,
    };
    let (words, more) = (tongue.amount)(&amount, start, scan);
    Some((words, scan.at.saturating_sub(start.at).saturating_add(more)))
}

/// The upper end of a range.
fn upper_end<'a>(
    mut scan: Scan<'a>,
    tongue: &Tongue,
    money: Option<Names>,
) -> Option<(Number, Option<Names>, Scan<'a>)> {
    let apart = scan.spaces();
    let sign = scan.eat_one(RANGE)?;
    // "10 -5" is ten, and five below zero.
    if scan.spaces() != apart || (apart && sign == '-') {
        return None;
    }
    if money.is_some() {
        row(&mut scan, tongue.currencies);
    }
    let number = Number::take(&mut scan, tongue)?;
    let again = scan.peek(0).is_some_and(|letter| RANGE.contains(&letter))
        && scan.peek(1).is_some_and(|letter| letter.is_ascii_digit());
    let scale = scale(&mut scan, tongue);
    (!again).then_some((number, scale, scan))
}

fn scale(scan: &mut Scan<'_>, tongue: &Tongue) -> Option<Names> {
    let mut ahead = *scan;
    ahead.spaces();
    let names = row(&mut ahead, tongue.scales)?;
    *scan = ahead;
    Some(names)
}

fn tail(scan: &mut Scan<'_>, tongue: &Tongue, (money, number): (&mut Option<Names>, &Number)) -> Tail {
    if let Some(names) = money.take() {
        return Tail::Money(names);
    }
    let mut ahead = *scan;
    ahead.spaces();
    if ahead.eat_one(&['%', '％']).is_some() {
        *scan = ahead;
        return Tail::Percent;
    }
    if (tongue.unitless)(number, *scan) {
        return Tail::None;
    }
    let kinds: [Kind; 2] = [(tongue.currencies, Tail::Money), (tongue.units, Tail::Unit)];
    for (rows, kind) in kinds {
        let mut ahead = *scan;
        ahead.spaces();
        // A hyphen between a number and its unit, as in "a 5-km run".
        if ahead.peek(0) == Some('-') && ahead.at == scan.at {
            ahead.skip(1);
        }
        if let Some(names) = row(&mut ahead, rows) {
            *scan = ahead;
            return kind(names);
        }
    }
    Tail::None
}

/// The row of a table whose sign stands here and ends here.
fn row(scan: &mut Scan<'_>, rows: &[Row]) -> Option<Names> {
    let mut best: Option<(usize, Names)> = None;
    for (signs, names) in rows {
        for sign in *signs {
            let mut ahead = *scan;
            let ends = |scan: &Scan<'_>| {
                let (last, next) = (sign.chars().next_back(), scan.peek(0));
                !last
                    .zip(next)
                    .is_some_and(|(last, next)| continues(last, next) && !is_money_before(last, next))
            };
            let taken = ahead.eat(sign) && ends(&ahead);
            let length = ahead.at.saturating_sub(scan.at);
            if taken && best.is_none_or(|(known, _)| length > known) {
                best = Some((length, *names));
            }
        }
    }
    let (length, names) = best?;
    scan.skip(length);
    Some(names)
}

/// "US$5" and "USD5": a digit right behind letters of a currency is its number.
const fn is_money_before(last: char, next: char) -> bool {
    last.is_ascii_uppercase() && next.is_ascii_digit()
}

/// Whether a figure may begin here: a digit, or a sign that belongs to one.
pub(crate) fn begins(scan: Scan<'_>, tongue: &Tongue) -> bool {
    let mut ahead = scan;
    if ahead.peek(0).is_some_and(|letter| letter.is_ascii_digit()) {
        return true;
    }
    if scan.inside_word() {
        return false;
    }
    let signed = ahead.eat_one(MINUS).is_some() || ahead.eat_one(&['+']).is_some();
    let money = row(&mut ahead, tongue.currencies).is_some();
    if money {
        ahead.take_while(is_blank);
    }
    (signed || money) && ahead.peek(0).is_some_and(|letter| letter.is_ascii_digit())
}
