//! Tests of `costs`.

use domain::receipt::Resource;

use super::cost_usd_micros;
use crate::PriceList;

#[test]
fn our_own_machines_send_no_bill() {
    let prices = PriceList::standard();
    assert_eq!(
        cost_usd_micros(&prices, Resource::ImageGeneration, "local", 100),
        0
    );
}

#[test]
fn a_provider_that_nobody_listed_is_never_free() {
    let prices = PriceList::standard();
    assert_eq!(
        cost_usd_micros(&prices, Resource::ImageGeneration, "brand-new", 3),
        60_000
    );
    assert_eq!(
        cost_usd_micros(&prices, Resource::VoiceSynthesis, "brand-new", 11),
        20_000
    );
}
