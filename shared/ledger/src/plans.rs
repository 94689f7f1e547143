//! What a plan allows in a month, and how much at a time.

use domain::account::PlanId;
use serde::Serialize;
use utoipa::ToSchema;

/// Bytes of a gigabyte as plans count it.
const GB: u64 = 1_000_000_000;
/// Millionths of a US dollar in a dollar.
const USD: u64 = 1_000_000;

/// The limits of a plan; none means unlimited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// Which.
    pub id: PlanId,
    /// Short forms in a calendar month.
    pub short_forms_per_month: Option<u32>,
    /// Channels that can be connected.
    pub channels: Option<u32>,
    /// Bytes of stored media.
    pub storage_bytes: u64,
    /// Vendor cost in a calendar month, in millionths of a US dollar; above it new work waits for the next month.
    pub api_cost_usd_micros_per_month: u64,
    /// Jobs that may be open at the same time.
    pub concurrent_jobs: u32,
}

/// The limits of a plan.
///
/// # Source
/// The product's plan table; the number of concurrent jobs is ours.
pub const fn plan(id: PlanId) -> Plan {
    let (short_forms_per_month, channels, gigabytes, dollars, concurrent_jobs) = match id {
        PlanId::Free => (Some(5), Some(1), 1_u64, 5_u64, 2),
        PlanId::Basic => (Some(30), Some(3), 10, 20, 5),
        PlanId::Standard => (Some(100), Some(10), 50, 50, 10),
        PlanId::Professional => (None, None, 200, 200, 20),
    };
    Plan {
        id,
        short_forms_per_month,
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
