//! How long one call goes on when other writers are in the way.

use std::time::Duration;

use domain::ports::Work;
use tokio::time::Instant;
use ulid::Ulid;

use crate::{Store, StoreError};

/// A wait: of the runtime's clock, or of none in a proof that runs a million lives.
pub type Pause = fn(Duration) -> Work<'static, ()>;

/// Waits by the runtime's clock.
pub(crate) fn by_the_clock(time: Duration) -> Work<'static, ()> {
    Box::pin(tokio::time::sleep(time))
}

/// Longest a call waits for its turn at one wallet, milliseconds.
///
/// Below the 25 seconds of an API function, and several times what fifty writers at once need.
const PATIENCE_MS: u64 = 20_000;
/// Bounds of the first and of the longest pause, milliseconds.
///
/// A move takes about ten, so of fifty writers who pause 200 on average two or three meet: fifty holds then take
/// about 280 tries (measured; with a first bound of 8 they took 355).
const PAUSE_MS: (u64, u64) = (25, 400);

/// Pauses with full jitter, seeded by an id so that a failing run can be repeated.
#[derive(Debug)]
pub(crate) struct Patience {
    began: Instant,
    attempt: u32,
    noise: u64,
    pause: Pause,
}

impl Store {
    /// The patience of one call.
    pub(crate) fn patience(&self, seed: Ulid) -> Patience {
        Patience::new(seed, self.pause)
    }
}

impl Patience {
    fn new(seed: Ulid, pause: Pause) -> Self {
        let noise = u64::try_from(seed.random().rem_euclid(u128::from(u64::MAX))).unwrap_or_default();
        Self {
            began: Instant::now(),
            attempt: 0,
            noise,
            pause,
        }
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// [`StoreError::Contended`] when the time is used up.
    pub(crate) async fn pause(&mut self, doing: &'static str) -> Result<(), StoreError> {
        self.go_on(doing)?;
        (self.pause)(self.next()).await;
        Ok(())
    }

    /// Tries again at once.
    ///
    /// # Errors
    /// [`StoreError::Contended`] when the time is used up.
    pub(crate) fn go_on(&self, doing: &'static str) -> Result<(), StoreError> {
        if self.began.elapsed() >= Duration::from_millis(PATIENCE_MS) {
            return Err(StoreError::Contended { doing });
        }
        Ok(())
    }

    fn next(&mut self) -> Duration {
        let (first, longest) = PAUSE_MS;
        let bound = first.saturating_mul(1 << self.attempt.min(10)).min(longest);
        self.attempt = self.attempt.saturating_add(1);
        // Knuth's multiplier and increment: enough to set writers apart.
        self.noise = self
            .noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis((self.noise >> 33).rem_euclid(bound.max(1)).saturating_add(1))
    }
}
