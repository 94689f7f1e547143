//! Retries of an operation that lost against another writer, with jittered waits and a deadline.

use std::time::Duration;

use tokio::time::Instant;
use ulid::Ulid;

use crate::dynamo::tables::Sleep;
use crate::{Store, StoreError};

/// Milliseconds after its first attempt from which an operation is not retried any more.
///
/// Below the 25 seconds of an API function, and several times what fifty writers at once need.
const DEADLINE_MS: u64 = 20_000;
/// Upper bounds of the first and of the longest wait, milliseconds.
///
/// A move takes about ten, so of fifty writers who wait 200 on average two or three meet: fifty holds then take
/// about 280 attempts (measured; with a first bound of 8 they took 355).
const WAIT_MS: (u64, u64) = (25, 400);

/// How one attempt of an operation ended.
#[derive(Debug)]
pub(crate) enum Attempt<T> {
    /// It is done, with this result.
    Done(T),
    /// Another writer came first: wait, then retry.
    Retry,
    /// What was read is out of date, but nobody is in the way now: retry at once.
    RetryNow,
}

/// Waits with full jitter, seeded by an id so that a failing run can be repeated.
#[derive(Debug)]
struct Backoff {
    began: Instant,
    attempt: u32,
    noise: u64,
    sleep: Sleep,
}

impl Store {
    /// Attempts an operation until it is done, fails, or its deadline has passed.
    ///
    /// `seed` sets the waits of concurrent writers apart. What one attempt leaves for the next is behind a lock, which
    /// nobody else takes: an `AsyncFnMut` could lend it, but its future is not known to be `Send` (Rust 1.95).
    ///
    /// # Errors
    /// Those of an attempt, at once; [`StoreError::Contended`] after [`DEADLINE_MS`].
    pub(crate) async fn retrying<T, F>(
        &self,
        operation: &'static str,
        seed: Ulid,
        attempt: impl Fn() -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<Attempt<T>, StoreError>>,
    {
        let mut backoff = Backoff::new(seed, self.sleep);
        loop {
            match attempt().await? {
                Attempt::Done(result) => return Ok(result),
                Attempt::Retry => backoff.wait(operation).await?,
                Attempt::RetryNow => backoff.check_deadline(operation)?,
            }
        }
    }

    /// Attempts an operation at most `attempts_max` times, without waiting in between.
    ///
    /// # Errors
    /// Those of an attempt, at once; [`StoreError::Contended`] after the last attempt.
    pub(crate) async fn retrying_at_once<T, F>(
        &self,
        operation: &'static str,
        attempts_max: u32,
        attempt: impl Fn() -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<Option<T>, StoreError>>,
    {
        for _ in 0..attempts_max {
            if let Some(result) = attempt().await? {
                return Ok(result);
            }
        }
        Err(StoreError::Contended { operation })
    }
}

impl Backoff {
    fn new(seed: Ulid, sleep: Sleep) -> Self {
        let noise = u64::try_from(seed.random().rem_euclid(u128::from(u64::MAX))).unwrap_or_default();
        Self {
            began: Instant::now(),
            attempt: 0,
            noise,
            sleep,
        }
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    /// As [`Self::check_deadline`].
    async fn wait(&mut self, operation: &'static str) -> Result<(), StoreError> {
        self.check_deadline(operation)?;
        (self.sleep)(self.next()).await;
        Ok(())
    }

    /// Whether there is time for another attempt.
    ///
    /// # Errors
    /// [`StoreError::Contended`] when [`DEADLINE_MS`] have passed.
    fn check_deadline(&self, operation: &'static str) -> Result<(), StoreError> {
        if self.began.elapsed() >= Duration::from_millis(DEADLINE_MS) {
            return Err(StoreError::Contended { operation });
        }
        Ok(())
    }

    fn next(&mut self) -> Duration {
        let (first, longest) = WAIT_MS;
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
