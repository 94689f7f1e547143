//! A number as it is written.

use crate::scan::Scan;
use crate::tongue::Tongue;

/// A number as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Number {
    /// Digits before the point, without marks between thousands.
    pub(crate) whole: String,
    /// Digits behind the point.
    pub(crate) fraction: String,
    /// Whether it was written with marks between thousands.
    pub(crate) grouped: bool,
}

/// More digits than this are read one at a time; fewer fit into 64 bits.
const DIGITS_MAX: usize = 15;

impl Number {
    /// The part before the point, when it is a number and not a code such as 007.
    pub(crate) fn value(&self) -> Option<u64> {
        let is_code = self.whole.len() > 1 && self.whole.starts_with('0');
        let fits = self.whole.len() <= DIGITS_MAX && !is_code;
        fits.then(|| self.whole.parse().ok()).flatten()
    }

    /// A number without a fraction.
    pub(crate) fn integer(&self) -> Option<u64> {
        self.value().filter(|_| self.fraction.is_empty())
    }

    /// A year as it is written: four digits without a mark.
    pub(crate) fn year(&self) -> Option<u64> {
        let plain = !self.grouped && self.whole.len() == 4;
        self.integer()
            .filter(|year| plain && (1000..=2199).contains(year))
    }

    /// Reads a number.
    pub(crate) fn take(scan: &mut Scan<'_>, tongue: &Tongue) -> Option<Self> {
        let mut number = Self {
            whole: scan.digits(),
            ..Self::default()
        };
        if number.whole.is_empty() {
            return None;
        }
        while number.grouped || number.whole.len() <= 3 {
            let mut ahead = *scan;
            let mark = ahead.eat_one(tongue.groups);
            let group = ahead.digits();
            if mark.is_none() || group.len() != 3 {
                break;
            }
            number.grouped = true;
            number.whole.push_str(&group);
            *scan = ahead;
        }
        let mut ahead = *scan;
        if ahead.eat_one(tongue.points).is_some() {
            let fraction = ahead.digits();
            // A second point is a version, or an address of a machine.
            let again = ahead.eat_one(tongue.points).is_some() && !ahead.digits().is_empty();
            if !fraction.is_empty() && !again {
                number.fraction = fraction;
                scan.skip(number.fraction.len().saturating_add(1));
            }
        }
        Some(number)
    }
}
