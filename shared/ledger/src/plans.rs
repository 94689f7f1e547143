//! What a plan allows in a month, and how much at a time.

use domain::QuotaKind;
use domain::account::PlanId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ProductId;

/// Bytes of a gigabyte as plans count it.
const GB: u64 = 1_000_000_000;
/// Millionths of a US dollar in a dollar.
const USD: u64 = 1_000_000;

/// The limits of a plan; none means unlimited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// Id of the plan.
    pub id: PlanId,
    /// Subscription that brings it; none for the plan of whoever has no subscription.
    pub subscription: Option<ProductId>,
    /// Short forms in a calendar month.
    pub short_forms_per_month: Option<u32>,
    /// Videos of text- and image-to-video models in a calendar month.
    pub video_generations_per_month: Option<u32>,
    /// Longest video, in seconds.
    pub video_seconds_max: u32,
    /// Calls of AI providers in a calendar day.
    pub ai_requests_per_day: Option<u32>,
    /// Files that can be uploaded in a calendar day.
    pub uploads_per_day: Option<u32>,
    /// Channels that can be connected.
    pub channels: Option<u32>,
    /// Bytes of stored media.
    pub storage_bytes: u64,
    /// Provider cost in a calendar month, in millionths of a US dollar; above it new work waits for the next month.
    pub api_cost_usd_micros_per_month: u64,
    /// Jobs that may be open at the same time.
    pub concurrent_jobs: u32,
}

impl Plan {
    /// The limit of a kind in its period; none is unlimited.
    pub fn limit(&self, kind: QuotaKind) -> Option<u64> {
        match kind {
            QuotaKind::ShortForm => self.short_forms_per_month.map(u64::from),
            QuotaKind::VideoGeneration => self.video_generations_per_month.map(u64::from),
            QuotaKind::AiRequest => self.ai_requests_per_day.map(u64::from),
            QuotaKind::Upload => self.uploads_per_day.map(u64::from),
            QuotaKind::RenderSeconds => None,
            QuotaKind::ApiCostUsdMicros => Some(self.api_cost_usd_micros_per_month),
            QuotaKind::StorageBytes => Some(self.storage_bytes),
            QuotaKind::ConcurrentJobs => Some(u64::from(self.concurrent_jobs)),
        }
    }
}

/// The limits of a plan.
///
/// # Source
/// The product's plan tables, merged as ADR 0027 says; calls and uploads per day and the number of concurrent
/// jobs are ours.
pub const fn plan(id: PlanId) -> Plan {
    let (short_forms_per_month, video_generations_per_month, channels) = match id {
        PlanId::Free => (Some(5), Some(5), Some(1)),
        PlanId::Basic => (Some(30), Some(30), Some(3)),
        PlanId::Standard => (Some(100), Some(100), Some(10)),
        PlanId::Professional => (None, Some(1000), None),
    };
    let (ai_requests_per_day, uploads_per_day, concurrent_jobs, video_seconds_max) = match id {
        PlanId::Free => (50, 10, 2, 60),
        PlanId::Basic => (500, 50, 5, 300),
        PlanId::Standard => (2000, 200, 10, 300),
        PlanId::Professional => (10_000, 1000, 20, 1800),
    };
    let (gigabytes, dollars) = match id {
        PlanId::Free => (1_u64, 5_u64),
        PlanId::Basic => (10, 20),
        PlanId::Standard => (50, 50),
        PlanId::Professional => (200, 200),
    };
    let subscription = match id {
        PlanId::Free => None,
        PlanId::Basic => Some(ProductId::SubscriptionStarter),
        PlanId::Standard => Some(ProductId::SubscriptionProfessional),
        PlanId::Professional => Some(ProductId::SubscriptionEnterprise),
    };
    Plan {
        id,
        subscription,
        short_forms_per_month,
        video_generations_per_month,
        video_seconds_max,
        ai_requests_per_day: Some(ai_requests_per_day),
        uploads_per_day: Some(uploads_per_day),
        channels,
        storage_bytes: gigabytes.saturating_mul(GB),
        api_cost_usd_micros_per_month: dollars.saturating_mul(USD),
        concurrent_jobs,
    }
}

/// Every plan, smallest first.
pub const fn plans() -> [Plan; 4] {
    [
        plan(PlanId::Free),
        plan(PlanId::Basic),
        plan(PlanId::Standard),
        plan(PlanId::Professional),
    ]
}

#[cfg(test)]
mod tests;
