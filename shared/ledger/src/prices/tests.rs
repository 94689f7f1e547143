//! Tests of `prices`.

use domain::receipt::Resource;
use domain::{Credits, CreditsError};

use super::{ModelPrice, PriceList};

#[test]
fn a_started_unit_counts_whole() {
    let voice = PriceList::standard().price(Resource::VoiceSynthesis, "local");
    let credits = |seconds| voice.credits(seconds).unwrap().get();
    assert_eq!(
        [
            credits(0),
            credits(1),
            credits(10),
            credits(11),
            credits(20),
            credits(21)
        ],
        [0, 1, 1, 2, 2, 3]
    );
}

#[test]
fn a_provider_that_is_not_listed_costs_what_local_costs() {
    let prices = PriceList::standard();
    let unknown = prices.price(Resource::ImageGeneration, "nobody");
    assert_eq!(unknown.provider, "nobody");
    assert_eq!(
        unknown.unit_credits,
        prices.unit(Resource::ImageGeneration, "local")
    );
    assert!(!unknown.unit_credits.is_zero());
}

#[test]
fn a_listed_provider_has_its_own_price_and_replaces_an_older_one() {
    let flux = |credits| ModelPrice {
        resource: Resource::ImageGeneration,
        provider: "flux".to_owned(),
        unit_quantity: 1,
        unit_credits: Credits::new(credits),
    };
    let prices = PriceList::standard().with(flux(5)).with(flux(7));
    assert_eq!(prices.unit(Resource::ImageGeneration, "flux"), Credits::new(7));
    assert_eq!(prices.unit(Resource::ImageGeneration, "local"), Credits::new(2));
    assert_eq!(prices.models().len(), 5);
}

#[test]
fn a_quantity_beyond_all_reason_is_refused() {
    let image = PriceList::standard().price(Resource::ImageGeneration, "local");
    assert_eq!(image.credits(u64::MAX), Err(CreditsError::TooMany));
}
