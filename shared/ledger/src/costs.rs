//! What providers charge us, in millionths of a US dollar.

use catalogue::Catalogue;
use domain::job::JobModel;
use domain::receipt::Resource;

use crate::price;

/// Cost of a credit's worth of work at a provider that the catalogue does not list.
///
/// Half of what a credit sells for in the starter pack (999 cents for 500 credits), rounded up: an unlisted provider
/// is never taken to be free.
pub const USD_MICROS_PER_CREDIT: u64 = 10_000;

/// What a provider charges us for a quantity of scripts, images or seconds.
///
/// # Units
/// Millionths of a US dollar.
pub fn cost_usd_micros(catalogue: Catalogue, resource: Resource, model: &JobModel, quantity: u64) -> u64 {
    let row = catalogue.row(resource, model);
    if let Some(row) = row.or_else(|| catalogue.default_row(resource, &model.provider)) {
        let units = quantity.div_ceil(row.unit_quantity.max(1));
        return row.unit_cost_usd_micros.saturating_mul(units);
    }
    let credits = price(catalogue, resource, model).credits(quantity);
    // Beyond all reason is beyond every limit.
    credits.map_or(u64::MAX, |credits| {
        credits.get().saturating_mul(USD_MICROS_PER_CREDIT)
    })
}

#[cfg(test)]
mod tests;
