//! What vendors charge us, in millionths of a US dollar.

use domain::receipt::Resource;

use crate::{PriceList, VIDEO_VENDOR};

/// Cost of a credit's worth of work at a vendor without a price of its own here.
///
/// Half of what a credit sells for in the starter pack (999 cents for 500 credits), rounded up: an unlisted vendor
/// is never taken to be free.
pub const USD_MICROS_PER_CREDIT: u64 = 10_000;

/// Vendors that run on our own machines and send no bill.
const OWN: [&str; 2] = ["local", VIDEO_VENDOR];

/// What a vendor charges us for a quantity of scripts, pictures or seconds.
///
/// # Units
/// Millionths of a US dollar.
pub fn cost_usd_micros(prices: &PriceList, resource: Resource, vendor: &str, quantity: u64) -> u64 {
    if OWN.contains(&vendor) {
        return 0;
    }
    let credits = prices.price(resource, vendor).credits(quantity);
    // Beyond all reason is beyond every limit.
    credits.map_or(u64::MAX, |credits| {
        credits.get().saturating_mul(USD_MICROS_PER_CREDIT)
    })
}

#[cfg(test)]
mod tests;
