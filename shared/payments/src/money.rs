//! Money of the outside world: integer minor units and the currency in the type.

use std::fmt;
use std::str::FromStr;

use domain::Invalid;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An ISO 4217 currency, upper case: `USD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of the price list.
    pub const USD: Self = Self(*b"USD");

    /// Three letters, upper case.
    pub fn as_str(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = Invalid;

    /// Either case: Stripe writes `usd`, Creem `USD`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        match *text.as_bytes() {
            [a, b, c] if text.chars().all(|letter| letter.is_ascii_alphabetic()) => {
                Ok(Self([a, b, c].map(|letter| letter.to_ascii_uppercase())))
            }
            _ => Err(Invalid::new("currency", "iso_4217", "must be three letters")),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// An amount of money.
///
/// # Units
/// The currency's smallest unit, as both providers count: cents for USD, yen for JPY. An invoice's total can be below
/// zero (a credit after a plan change); amounts of payments, refunds and disputes are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// Currency.
    pub currency: Currency,
}

impl Money {
    /// So many minor units of a currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// So many cents.
    pub const fn usd(cents: i64) -> Self {
        Self::new(cents, Currency::USD)
    }
}

#[cfg(test)]
mod tests;
