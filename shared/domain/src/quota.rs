//! What a plan counts: kinds, periods, and the refusal of what does not fit.
//!
//! A counter belongs to a kind and to a period of the calendar (UTC), so nothing must run for a reset to be true:
//! the counter of a day that has not begun does not exist.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Invalid, Timestamp};

/// A kind of consumption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaKind {
    /// Videos composed by the short-form pipeline.
    ShortForm,
    /// Videos made by a text- or image-to-video model.
    VideoGeneration,
    /// Calls of AI providers.
    AiRequest,
    /// Files uploaded.
    Upload,
    /// Seconds of composed video that were delivered; counted, and limited by no plan.
    RenderSeconds,
    /// What providers charge us for the account's work, in millionths of a US dollar.
    ApiCostUsdMicros,
    /// Bytes of stored media.
    StorageBytes,
    /// Jobs that are open; counted by the wallet, see `ledger::Wallet::open_holds`.
    ConcurrentJobs,
}

/// For how long a counter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A calendar day, from 00:00 UTC.
    Day,
    /// A calendar month, from 00:00 UTC on its first day.
    Month,
    /// As long as the thing that was counted is there.
    Always,
}

impl QuotaKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::ShortForm,
        Self::VideoGeneration,
        Self::AiRequest,
        Self::Upload,
        Self::RenderSeconds,
        Self::ApiCostUsdMicros,
        Self::StorageBytes,
        Self::ConcurrentJobs,
    ];

    /// The kinds that have counters of their own.
    pub fn counted() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| *kind != Self::ConcurrentJobs)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ShortForm => "short_form",
            Self::VideoGeneration => "video_generation",
            Self::AiRequest => "ai_request",
            Self::Upload => "upload",
            Self::RenderSeconds => "render_seconds",
            Self::ApiCostUsdMicros => "api_cost_usd_micros",
            Self::StorageBytes => "storage_bytes",
            Self::ConcurrentJobs => "concurrent_jobs",
        }
    }

    /// Reads the word on the wire.
    ///
    /// # Errors
    /// [`Invalid`] with rule `unknown_value`.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| Invalid::new("kind", "unknown_value", "must be a kind of quota"))
    }

    /// For how long it is counted.
    pub const fn period(self) -> Period {
        match self {
            Self::AiRequest | Self::Upload => Period::Day,
            Self::ShortForm | Self::VideoGeneration | Self::RenderSeconds | Self::ApiCostUsdMicros => {
                Period::Month
            }
            Self::StorageBytes | Self::ConcurrentJobs => Period::Always,
        }
    }
}

impl Period {
    /// The name of the period in which an instant lies: `2026-11-21`, `2026-11` or `always`.
    pub fn key(self, now: Timestamp) -> String {
        match self {
            Self::Day => now.day(),
            Self::Month => now.month(),
            Self::Always => "always".to_owned(),
        }
    }

    /// When the next period begins.
    pub fn resets_at(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Day => Some(now.next_day()),
            Self::Month => Some(now.next_month()),
            Self::Always => None,
        }
    }
}

/// Why something was not consumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaRefusal {
    /// Kind whose limit is reached.
    pub kind: QuotaKind,
    /// Limit of the period.
    pub limit: u64,
    /// Consumed in the period so far.
    pub used: u64,
    /// What was asked for.
    pub wanted: u64,
    /// When the next period begins; none when only less use helps.
    pub resets_at: Option<Timestamp>,
    /// Seconds after which trying again makes sense, at least 1.
    pub retry_after_s: Option<i64>,
}

impl QuotaRefusal {
    /// The refusal of `wanted` now.
    pub fn new(kind: QuotaKind, limit: u64, used: u64, wanted: u64, now: Timestamp) -> Self {
        let resets_at = kind.period().resets_at(now);
        let retry_after_s = match (kind, resets_at) {
            (QuotaKind::ConcurrentJobs, _) => Some(JOB_RETRY_S),
            (_, Some(at)) => Some(at.as_s().saturating_sub(now.as_s()).max(1)),
            (_, None) => None,
        };
        Self {
            kind,
            limit,
            used,
            wanted,
            resets_at,
            retry_after_s,
        }
    }
}

/// Seconds after which another job may have ended: a short video takes about a minute.
const JOB_RETRY_S: i64 = 60;
