//! Weights by which one thing is blended over another.

use crate::number::floor_i32;

/// Full weight of a blend; eight bits of position are 0.004 px, an order below the visible.
pub(crate) const FULL: u16 = 256;

/// A share of 0 to 1 as a weight.
pub(crate) fn weight(share: f64) -> u16 {
    let weight = floor_i32(share.clamp(0.0, 1.0) * f64::from(FULL) + 0.5);
    u16::try_from(weight).unwrap_or(FULL)
}

/// Two weights of at most [`FULL`] as one.
pub(crate) fn dimmed(strength: u16, brightness: u16) -> u16 {
    let product = u32::from(strength) * u32::from(brightness) / u32::from(FULL);
    u16::try_from(product).unwrap_or(FULL)
}
