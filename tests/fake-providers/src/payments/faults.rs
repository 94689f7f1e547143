//! Faults of a fake provider's API, and the replies that it stores under idempotency keys.

use std::collections::HashMap;

use serde::Deserialize;

use super::http::{Call, Reply};
use super::stripe_api::refusal;

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Nothing was done.
    #[default]
    Before,
    /// All was done; only the answer is lost.
    After,
}

/// Calls that go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiFault {
    /// Part of the path of the calls that it strikes: `checkout/sessions`; empty for all.
    #[serde(default)]
    pub path: String,
    /// Status of the answer; `None`: the right answer, only slow.
    #[serde(default)]
    pub status: Option<u16>,
    /// How many calls.
    #[serde(default = "once")]
    pub times: u32,
    /// Before or after the work.
    #[serde(default)]
    pub when: When,
    /// Waits so long before it answers, in ms.
    #[serde(default)]
    pub slow_ms: u64,
    /// `Retry-After`, in seconds.
    #[serde(default)]
    pub retry_after_s: Option<u32>,
    /// `Stripe-Should-Retry`.
    #[serde(default)]
    pub should_retry: Option<bool>,
}

const fn once() -> u32 {
    1
}

impl ApiFault {
    /// Calls whose path holds this are answered so, that often.
    pub fn status(path: &str, status: u16, times: u32) -> Self {
        Self {
            path: path.to_owned(),
            status: Some(status),
            times,
            when: When::Before,
            slow_ms: 0,
            retry_after_s: None,
            should_retry: None,
        }
    }

    /// The answer; `None` when the right one is given.
    pub(super) fn reply(&self) -> Option<Reply> {
        let status = self.status?;
        let (kind, code) = match status {
            429 => ("invalid_request_error", "rate_limit"),
            409 => ("invalid_request_error", "lock_timeout"),
            402 => ("card_error", "card_declined"),
            _ => ("api_error", "fake_fault"),
        };
        let mut reply = refusal(status, kind, code, "The fake is set to fail", None);
        if let Some(seconds) = self.retry_after_s {
            reply = reply.with("retry-after", &seconds.to_string());
        }
        if let Some(again) = self.should_retry {
            reply = reply.with("stripe-should-retry", &again.to_string());
        }
        Some(reply)
    }
}

/// What is stored under an idempotency key.
#[derive(Debug, Clone)]
enum Stored {
    /// The call is being done.
    Running,
    /// Its answer.
    Answer(Reply),
}

/// Faults to come, idempotency keys that were used, and calls that were made.
#[derive(Debug, Clone, Default)]
pub(super) struct FaultInjector {
    pub(super) faults: Vec<ApiFault>,
    keys: HashMap<String, (String, Stored)>,
    /// Every call that came: method and path.
    pub(super) calls: Vec<String>,
}

impl FaultInjector {
    /// Takes the next fault for a call.
    pub(super) fn fault(&mut self, path: &str) -> Option<ApiFault> {
        let at = self
            .faults
            .iter()
            .position(|fault| fault.times > 0 && path.contains(&fault.path))?;
        self.faults[at].times -= 1;
        Some(self.faults[at].clone())
    }

    /// Claims a call's key, or gives the answer that the key already has.
    ///
    /// # Source
    /// `docs.stripe.com/api/idempotent_requests`, as of the facts of 2026-11-20: the first answer is stored, a 500 too;
    /// other parameters under the same key are refused, and so is a second call while the first one runs.
    pub(super) fn claim(&mut self, key: &str, call: &Call) -> Option<Reply> {
        let fingerprint = format!(
            "{} {} {}",
            call.method,
            call.path,
            String::from_utf8_lossy(&call.body)
        );
        match self.keys.get(key) {
            None => {
                self.keys.insert(key.to_owned(), (fingerprint, Stored::Running));
                None
            }
            Some((first, _)) if *first != fingerprint => Some(refusal(
                400,
                "idempotency_error",
                "idempotency_key_reused",
                "Keys for idempotent requests can only be used with the same parameters",
                None,
            )),
            Some((_, Stored::Running)) => Some(refusal(
                409,
                "idempotency_error",
                "idempotency_key_in_use",
                "Another request with this key is running",
                None,
            )),
            Some((_, Stored::Answer(reply))) => {
                let replayed = reply.clone().with("idempotent-replayed", "true");
                Some(if reply.status >= 500 {
                    replayed.with("stripe-should-retry", "false")
                } else {
                    replayed
                })
            }
        }
    }

    /// Stores a reply under its key; refused parameters, conflicts and limits are not stored.
    pub(super) fn store_reply(&mut self, key: &str, reply: &Reply) {
        if matches!(reply.status, 200..=299 | 402 | 500..=599) {
            if let Some((_, stored)) = self.keys.get_mut(key) {
                *stored = Stored::Answer(reply.clone());
            }
        } else {
            self.keys.remove(key);
        }
    }
}
