//! What a language brings: its signs as data, and the few functions that put numbers into its words.

use crate::figure::{Amount, Clock, Date};
use crate::number::Number;
use crate::scan::Scan;

/// Forms of a name; each language says at its table what they are.
pub(crate) type Names = &'static [&'static str];

/// How a sign is written, and what it is called.
pub(crate) type Row = (&'static [&'static str], Names);

/// What was said, and how many characters behind the figure it took along.
pub(crate) type Said = (String, usize);

/// A language.
pub(crate) struct Tongue {
    /// Marks between thousands.
    pub(crate) groups: &'static [char],
    /// Marks before a fraction.
    pub(crate) points: &'static [char],
    /// Units behind a number, longest sign first where one begins another.
    pub(crate) units: &'static [Row],
    /// Currency signs before or behind a number.
    pub(crate) currencies: &'static [Row],
    /// Thousands, millions and so on behind a number.
    pub(crate) scales: &'static [Row],
    /// Signs that have a word of their own.
    pub(crate) symbols: &'static [(char, &'static str)],
    /// "dot" of an address.
    pub(crate) dot: &'static str,
    /// "at" of an address.
    pub(crate) at: &'static str,
    /// Between two words; nothing where they need none.
    pub(crate) gap: &'static str,
    /// A number with what belongs to it; the places are before and behind it.
    pub(crate) amount: fn(&Amount, Scan<'_>, Scan<'_>) -> Said,
    /// Whether what looks like a unit behind a number is none: a year, an ending of an ordinal.
    pub(crate) unitless: fn(&Number, Scan<'_>) -> bool,
    /// A time of day.
    pub(crate) clock: fn(Clock, Scan<'_>) -> Said,
    /// A date in digits.
    pub(crate) date: fn(Date) -> String,
    /// Digits one at a time.
    pub(crate) digits: fn(&str) -> String,
    /// A share such as 1/2.
    pub(crate) share: fn(u64, u64) -> String,
    /// Order of a date that is written with points or slashes: whether the day comes first.
    pub(crate) day_first: bool,
    /// An abbreviation or a Roman numeral: characters taken, and what is said.
    pub(crate) word: fn(Scan<'_>) -> Option<(usize, String)>,
}
