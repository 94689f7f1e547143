//! What a job will likely cost: from what the account paid for similar ones, or from the price list.

use domain::Credits;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Quote;

/// What an estimate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EstimateSource {
    /// What the account was charged for similar jobs.
    OwnJobs,
    /// The price list alone: there is no similar job yet.
    Prices,
}

/// What a job will likely cost. It promises nothing: the hold is the limit.
///
/// # Units
/// Credits; `low <= typical <= high <= held`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Estimate {
    /// Where it comes from.
    pub source: EstimateSource,
    /// Similar jobs that it rests on.
    pub jobs: usize,
    /// The least that one of them cost; by prices, what it costs at the length that it will likely have.
    pub low: Credits,
    /// What the middle one of them cost; by prices, the same as `low`.
    pub typical: Credits,
    /// The most that one of them cost; by prices, what would be held.
    pub high: Credits,
}

/// An estimate from what similar jobs were charged, in any order.
///
/// # Promises
/// Never above the quote, whatever was paid when prices were higher. The middle one of an even number is the
/// dearer of the two, so that a customer is surprised by less.
pub fn estimate(quote: &Quote, charged: &[Credits]) -> Estimate {
    let mut charged: Vec<Credits> = charged.iter().map(|credits| (*credits).min(quote.held)).collect();
    charged.sort_unstable();
    let middle = charged.get(charged.len() / 2);
    match (charged.first(), middle, charged.last()) {
        (Some(low), Some(typical), Some(high)) => Estimate {
            source: EstimateSource::OwnJobs,
            jobs: charged.len(),
            low: *low,
            typical: *typical,
            high: *high,
        },
        _ => Estimate {
            source: EstimateSource::Prices,
            jobs: 0,
            low: quote.likely,
            typical: quote.likely,
            high: quote.held,
        },
    }
}

#[cfg(test)]
mod tests;
