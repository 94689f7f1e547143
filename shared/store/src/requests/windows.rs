//! Rate windows: counters keyed by period, so no job has to reset them.

use domain::Timestamp;
use domain::ports::Work;

use crate::dynamo::codec::{number, number_of};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// Seconds after its end for which a counter is kept, for late clocks.
const KEPT_S: i64 = 60;

/// Whether a request fits into its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateDecision {
    /// The call is within the limit.
    Allowed {
        /// Requests left in this window.
        left: u32,
    },
    /// The call is above the limit, and was not counted.
    Limited {
        /// Seconds until the next window, at least 1.
        retry_after_s: u32,
    },
}

impl Store {
    /// Counts a request in the current window of `window_s` seconds, when it fits.
    ///
    /// # Promises
    /// Atomic: of any number at once exactly `limit` fit.
    ///
    /// # Limits
    /// Windows are aligned to the clock, so twice the limit may pass around a border.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn count_request<'a>(
        &'a self,
        window_key: &'a str,
        window_s: u32,
        limit: u32,
        now: Timestamp,
    ) -> Work<'a, Result<RateDecision, StoreError>> {
        Box::pin(async move {
            let window = i64::from(window_s.max(1));
            let period = now.as_s().div_euclid(window);
            let end_s = period.saturating_add(1).saturating_mul(window);
            let over = RateDecision::Limited {
                retry_after_s: u32::try_from(end_s.saturating_sub(now.as_s()).max(1)).unwrap_or(u32::MAX),
            };
            if limit == 0 {
                return Ok(over);
            }
            let write = Write::update(
                &self.tables.ephemeral,
                Key::window(window_key, window, period),
                "SET #expires_at = :end ADD #hits :one",
                "attribute_not_exists(#hits) OR #hits < :limit",
            )
            .value("end", number(end_s.saturating_add(KEPT_S)))
            .value("one", number(1))
            .value("limit", number(limit));
            Ok(match self.write("count a request", write).await? {
                Some(row) => RateDecision::Allowed {
                    left: limit.saturating_sub(number_of(&row, "hits")?),
                },
                None => over,
            })
        })
    }
}
