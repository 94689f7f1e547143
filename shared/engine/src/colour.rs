//! Colours as people write them (`#1e90ff`), mixing, and the contrast rule that keeps text readable.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::number::byte;

/// An opaque sRGB colour; in JSON `"#rrggbb"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Colour {
    /// White, the default of caption text.
    pub const WHITE: Self = Self::rgb(0xff_ff_ff);
    /// Black.
    pub const BLACK: Self = Self::rgb(0x00_00_00);

    /// Takes `0xrrggbb`; higher bits are dropped.
    pub const fn rgb(hex: u32) -> Self {
        let [_, red, green, blue] = hex.to_be_bytes();
        Self { red, green, blue }
    }

    /// Reads `#rrggbb` or `#rgb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            6 => Some(Self::rgb(value)),
            3 => Some(Self::rgb(
                ((value & 0xf00) << 8 | (value & 0xf0) << 4 | (value & 0xf)) * 0x11,
            )),
            _ => None,
        }
    }

    /// Straight mix in sRGB; `share` 0 is `self`, 1 is `other`.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let blend = |from: u8, to: u8| byte(f64::from(from) + (f64::from(to) - f64::from(from)) * share);
        Self {
            red: blend(self.red, other.red),
            green: blend(self.green, other.green),
            blue: blend(self.blue, other.blue),
        }
    }

    /// Relative luminance, 0 to 1.
    ///
    /// # Source
    /// WCAG 2.2, "relative luminance".
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// WCAG contrast ratio, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// `self`, moved towards white or black (whichever side has more room) until it stands out from `ground`.
    ///
    /// # Promises
    /// The contrast of the answer is at least `ratio`, or the best that white or black gives.
    #[must_use]
    pub fn readable_on(self, ground: Self, ratio: f64) -> Self {
        let pole = if ground.contrast(Self::WHITE) >= ground.contrast(Self::BLACK) {
            Self::WHITE
        } else {
            Self::BLACK
        };
        (0..=10)
            .map(|step| self.mix(pole, f64::from(step) / 10.0))
            .find(|candidate| candidate.contrast(ground) >= ratio)
            .unwrap_or(pole)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("{text:?} is not a colour like \"#1e90ff\"")))
    }
}

#[cfg(test)]
mod tests;
