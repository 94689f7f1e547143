//! The real clock, ids and random bits behind the seams of `domain` and `api`.

use std::time::UNIX_EPOCH;

use api::Entropy;
use domain::Timestamp;
use domain::ports::{Clock, IdSource};
use ulid::Ulid;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    fn now(&self) -> Timestamp {
        let ms = std::time::SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        Timestamp::from_ms(ms)
    }
}

/// Ids of 80 random bits each.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn mint(&self, now: Timestamp) -> Ulid {
        let mut bytes = [0_u8; 16];
        fill(&mut bytes);
        Ulid::from_parts(
            u64::try_from(now.as_ms()).unwrap_or(0),
            u128::from_be_bytes(bytes) >> 48,
        )
    }
}

/// The kernel's random bits.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bits(&self) -> [u8; 32] {
        let mut bytes = [0_u8; 32];
        fill(&mut bytes);
        bytes
    }
}

/// Linux always has random bits after its boot. Were it not so, every id and secret would be guessable, and a
/// dead process is the better answer.
fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}

#[cfg(test)]
mod tests;
