//! What a job cost, line by line, also the lines that cost nothing and why.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Credits;

/// What a line charges for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// One script.
    ScriptGeneration,
    /// Images of scenes.
    ImageGeneration,
    /// Seconds of voice.
    VoiceSynthesis,
    /// Seconds of composed video.
    VideoGeneration,
}

/// Why a line was not charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotCharged {
    /// It was paid for by an earlier job with the same inputs.
    AlreadyPaid,
    /// The customer brought it.
    CustomersOwn,
    /// The job failed: nothing was delivered.
    JobFailed,
    /// The customer cancelled it: nothing was delivered.
    JobCancelled,
    /// The plan's hold was used up: the rest is ours.
    AboveHold,
    /// It was held for and never made: a shorter voice, fewer scenes, or a step that was not reached.
    NotMade,
}

/// One line of a quote: what a job may cost at most for one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteLine {
    /// What for.
    pub resource: Resource,
    /// Provider that would do it.
    pub provider: String,
    /// At most so many scripts, images or seconds.
    pub quantity_max: u64,
    /// How many of it made a unit of the price list when this was quoted; absent in lines that are older than the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_quantity: Option<u64>,
    /// At most so many units, a started one counted whole: `quantity_max / unit_quantity`, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u64>,
    /// Credits of one unit of the price list.
    pub unit_credits: Credits,
    /// At most so many credits: `units * unit_credits`.
    pub credits: Credits,
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptLine {
    /// What for.
    pub resource: Resource,
    /// Provider that did the work.
    pub provider: String,
    /// How many: scripts, images or seconds.
    pub quantity: u64,
    /// How many of it made a unit of the price list when this was written; absent in lines that are older than the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_quantity: Option<u64>,
    /// Units, a started one counted whole: `quantity / unit_quantity`, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u64>,
    /// Credits per unit of the price list.
    pub unit_credits: Credits,
    /// Credits charged by this line: `units * unit_credits`, unless `not_charged` says why not.
    pub charged: Credits,
    /// Why nothing (or less) was charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_charged: Option<NotCharged>,
}

/// The settled account of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Credits set aside before the first step.
    pub held: Credits,
    /// Credits taken for what was delivered.
    pub charged: Credits,
    /// Credits given back: `held - charged`.
    pub released: Credits,
    /// Why, line by line.
    pub lines: Vec<ReceiptLine>,
}
