//! Usage on the wire.

use std::collections::BTreeMap;

use domain::{Period, QuotaKind, Timestamp};
use ledger::AlertLevel;
use serde::Serialize;
use store::{DayUse, QuotaState};
use utoipa::ToSchema;

/// What was used, and where the limits stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageView {
    /// First day asked about.
    from: String,
    /// Last day asked about.
    to: String,
    /// Sums over these days.
    totals: UsageTotals,
    /// Days with any use, oldest first.
    days: Vec<UsageDay>,
    /// Every limit in the period of now, whatever days were asked about.
    quotas: Vec<QuotaView>,
}

/// Use of one day.
#[derive(Debug, Serialize, ToSchema)]
struct UsageDay {
    /// The day, UTC.
    day: String,
    /// What was used.
    #[serde(flatten)]
    used: UsageTotals,
}

/// What was used; what was given back is not in it.
#[derive(Debug, Default, Serialize, ToSchema)]
struct UsageTotals {
    /// Videos delivered.
    videos: u64,
    /// Credits charged.
    credits: u64,
    /// Seconds of video delivered.
    seconds: u64,
    /// Calls of AI providers.
    calls: u64,
    /// What providers charge for it, in millionths of a US dollar.
    cost_usd_micros: u64,
    /// Consumption by kind of quota; kinds without any are absent.
    by_kind: BTreeMap<&'static str, u64>,
}

/// One limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuotaView {
    /// Kind of consumption that it limits.
    pub(crate) kind: QuotaKind,
    /// For how long it is counted.
    period: Period,
    /// Limit of the period; null is unlimited.
    limit: Option<u64>,
    /// Consumed in the period so far.
    used: u64,
    /// Whole percent of the limit, rounded down; null without a limit.
    percent: Option<u64>,
    /// What that is worth saying; null below 80 %.
    level: Option<AlertLevel>,
    /// When the next period begins; null when only less use helps.
    #[schema(value_type = Option<String>)]
    resets_at: Option<Timestamp>,
}

/// Answer to a counted consumption.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsumeResponse {
    /// Whether all of it had been counted before, for the same resources.
    pub(crate) repeated: bool,
    /// The limits concerned, as they stand now.
    pub(crate) quotas: Vec<QuotaView>,
}

impl UsageView {
    pub(crate) fn of(from: String, to: String, days: &[DayUse], quotas: Vec<QuotaView>) -> Self {
        let mut totals = DayUse::default();
        for day in days {
            totals.videos = totals.videos.saturating_add(day.videos);
            totals.credits = totals.credits.saturating_add(day.credits);
            for (kind, used) in &day.by_kind {
                let sum = totals.by_kind.entry(*kind).or_default();
                *sum = sum.saturating_add(*used);
            }
        }
        let days = days.iter().map(|day| UsageDay {
            day: day.day.clone(),
            used: UsageTotals::of(day),
        });
        Self {
            from,
            to,
            totals: UsageTotals::of(&totals),
            days: days.collect(),
            quotas,
        }
    }
}

impl UsageTotals {
    fn of(day: &DayUse) -> Self {
        let of = |kind| day.by_kind.get(&kind).copied().unwrap_or_default();
        Self {
            videos: day.videos,
            credits: day.credits,
            seconds: of(QuotaKind::RenderSeconds),
            calls: of(QuotaKind::AiRequest),
            cost_usd_micros: of(QuotaKind::ApiCostUsdMicros),
            by_kind: day
                .by_kind
                .iter()
                .map(|(kind, used)| (kind.as_str(), *used))
                .collect(),
        }
    }
}

impl From<QuotaState> for QuotaView {
    fn from(state: QuotaState) -> Self {
        let limit = state.limit.filter(|limit| *limit > 0);
        Self {
            kind: state.kind,
            period: state.period,
            limit: state.limit,
            used: state.used,
            percent: limit.and_then(|limit| state.used.saturating_mul(100).checked_div(limit)),
            level: limit.and_then(|limit| AlertLevel::of(state.used, limit)),
            resets_at: state.resets_at,
        }
    }
}
