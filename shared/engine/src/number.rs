//! Conversions between number types that `From` does not cover, each saturating and never panicking.
//!
//! The only place of the engine with `as`: since Rust 1.45 a float to integer cast saturates, which is what pixels want.

#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "std has no checked conversion between floats and integers; every function here states its range"
)]

/// Largest integer not above; saturates, NaN is 0.
pub fn floor_i32(value: f64) -> i32 {
    value.floor() as i32
}

/// Nearest integer not below zero; saturates, NaN is 0.
pub fn round_usize(value: f64) -> usize {
    value.round() as usize
}

/// Nearest integer not below zero; saturates, NaN is 0.
pub fn round_u32(value: f64) -> u32 {
    value.round() as u32
}

/// Nearest integer not below zero; saturates, NaN is 0.
pub fn round_u64(value: f64) -> u64 {
    value.round() as u64
}

/// Nearest byte; saturates, NaN is 0.
pub fn byte(value: f64) -> u8 {
    // Not `round`, which is a call for each pixel on processors without SSE 4.1, and that is what we build for.
    (value + 0.5) as u8
}

/// A byte out of an integer that was clamped by arithmetic; saturates.
pub fn byte_i32(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// The low eight bits.
pub fn low_byte(value: u32) -> u8 {
    (value & 0xff) as u8
}

/// The low sixteen bits.
pub fn low_half(value: u32) -> u16 {
    (value & 0xffff) as u16
}

/// Exact below 2^53, which every count of pixels, samples and milliseconds here is.
pub fn real(value: usize) -> f64 {
    value as f64
}

/// Exact below 2^53.
pub fn real_u64(value: u64) -> f64 {
    value as f64
}

/// Rounds to the nearest single.
pub fn single(value: f64) -> f32 {
    value as f32
}

/// A `u32` as an index; every target of ours has at least 32-bit pointers.
pub fn index(value: u32) -> usize {
    value as usize
}

/// A length as `u32`; saturates.
pub fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Milliseconds of a duration; saturates.
pub fn millis(value: std::time::Duration) -> u64 {
    u64::try_from(value.as_millis()).unwrap_or(u64::MAX)
}
