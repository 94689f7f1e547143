//! The limits that a call was counted in, as `RateLimit-Policy` and `RateLimit` tell them.
//!
//! # Source
//! <https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-10.html>. A call is counted in up to three
//! windows at once (the account's minute, the key's hour, the minute of paid starts), and only this form can say so: the
//! older `RateLimit-Limit`, `-Remaining` and `-Reset` know one.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// A window, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WindowState {
    /// Whose limit: `account`, `key`, `generate` or `address`.
    pub(crate) name: &'static str,
    /// Calls of the whole window.
    pub(crate) limit: u32,
    /// Seconds of the whole window.
    pub(crate) length_s: u32,
    /// Calls that are left.
    pub(crate) left: u32,
    /// Seconds until it begins anew.
    pub(crate) reset_s: u32,
}

/// What was counted for one call, in the order of counting; every copy of a request shares it.
#[derive(Debug, Clone, Default)]
pub struct RateLimits(Arc<Mutex<Vec<WindowState>>>);

impl RateLimits {
    pub(crate) fn add(&self, window: WindowState) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(window);
    }

    /// The two headers by their names; none for a call that was counted nowhere.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.is_empty() {
            return Vec::new();
        }
        let (mut policy, mut state) = (String::new(), String::new());
        for window in windows.iter() {
            let comma = if policy.is_empty() { "" } else { ", " };
            let WindowState {
                name,
                limit,
                length_s,
                left,
                reset_s,
            } = window;
            // Writing to a text cannot fail.
            write!(policy, "{comma}\"{name}\";q={limit};w={length_s}").unwrap_or_default();
            write!(state, "{comma}\"{name}\";r={left};t={reset_s}").unwrap_or_default();
        }
        vec![("ratelimit-policy", policy), ("ratelimit", state)]
    }
}
