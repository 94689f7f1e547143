//! What operators are told: findings of the nightly inspection, and the report of a day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountId, Credits, Timestamp};

/// What was wrong with an account when it was inspected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountFindings {
    /// Day of the inspection, UTC.
    #[schema(example = "2026-11-21")]
    pub day: String,
    /// The account; none where payments of nobody are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub account_id: Option<AccountId>,
    /// What was wrong; never empty.
    pub findings: Vec<Finding>,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Stable code. Of the books alone: `ledger`, `jobs`, `quotas`, `charged_not_delivered`. Beside the providers:
    /// `payment_without_grant`, `payment_unclaimed`, `grant_without_payment`, `credits_differ`, `amount_differs`,
    /// `refund_differs`, `subscription_differs`, `not_compared`.
    #[schema(example = "payment_without_grant")]
    pub code: String,
    /// The object that it is about, with its provider's name; the same as long as the finding stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "stripe checkout:cs_1")]
    pub about: Option<String>,
    /// What is wrong, in words.
    pub text: String,
}

/// Code of a provider that did not answer, so that an account could not be held against it.
pub const NOT_COMPARED: &str = "not_compared";
/// Code of a payment that brought no credits and waits for a person.
pub const PAYMENT_UNCLAIMED: &str = "payment_unclaimed";

/// A difference with a payment provider that may settle by itself: a late webhook, or a sync that is due within the hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PendingFinding {
    /// The difference that is to be seen twice.
    #[serde(flatten)]
    pub finding: Finding,
    /// When it was seen first.
    #[schema(value_type = String, format = DateTime)]
    pub first_seen: Timestamp,
}

/// What an account did on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountDay {
    /// Account that the numbers are of.
    #[schema(value_type = String)]
    pub account_id: AccountId,
    /// Credits that came in.
    pub granted: Credits,
    /// Credits charged for delivered work.
    pub charged: Credits,
    /// Credits that came back from holds.
    pub returned: Credits,
    /// Credits taken back for refunds and disputes.
    pub clawed_back: Credits,
    /// Credits that nobody used in time.
    pub expired: Credits,
    /// Jobs that delivered.
    pub delivered: u64,
    /// Jobs that ended without delivery.
    pub failed: u64,
}

/// The report of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DailyReport {
    /// The day, UTC.
    #[schema(example = "2026-11-20")]
    pub day: String,
    /// Accounts that did something.
    pub accounts: u64,
    /// All of them together; `account_id` is not in it.
    pub total: DayTotal,
    /// Those who were charged most, most first; at most twenty.
    pub top: Vec<AccountDay>,
    /// Accounts with findings on the night after.
    pub accounts_with_findings: u64,
    /// Findings of that night by code, those of nobody's payments too.
    #[serde(default)]
    pub findings: BTreeMap<String, u64>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

/// The sums of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayTotal {
    /// Credits that came in.
    pub granted: Credits,
    /// Credits charged for delivered work.
    pub charged: Credits,
    /// Credits that came back from holds.
    pub returned: Credits,
    /// Credits taken back for refunds and disputes.
    pub clawed_back: Credits,
    /// Credits that nobody used in time.
    pub expired: Credits,
    /// Jobs that delivered.
    pub delivered: u64,
    /// Jobs that ended without delivery.
    pub failed: u64,
}
