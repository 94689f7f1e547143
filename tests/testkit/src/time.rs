//! A clock that stands still and ids that count up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use domain::ports::{Clock, IdSource};
use ulid::Ulid;

/// 2026-11-21T08:00:00Z, when nothing else is said.
pub const NOW_MS: i64 = 1_795_248_000_000;

/// A clock that moves only when a test moves it.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl Default for FixedClock {
    fn default() -> Self {
        Self::at(Timestamp::from_ms(NOW_MS))
    }
}

impl FixedClock {
    /// A clock that stands at an instant.
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves it forward.
    pub fn advance_ms(&self, ms: i64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.plus_ms(ms);
    }

    /// Moves it to an instant.
    pub fn set(&self, to: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ids 1, 2, 3, ... of the time they are minted at.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl SequentialIds {
    /// Ids that begin after a number, so that two sources do not mint the same.
    pub const fn after(number: u64) -> Self {
        Self(AtomicU64::new(number))
    }
}

impl IdSource for SequentialIds {
    fn mint(&self, now: Timestamp) -> Ulid {
        let count = self.0.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let time_ms = u64::try_from(now.as_ms()).unwrap_or_default();
        Ulid::from_parts(time_ms, u128::from(count))
    }
}
