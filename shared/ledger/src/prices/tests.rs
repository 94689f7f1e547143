//! Tests of `prices`.

use catalogue::{Catalogue, Limits, Model};
use domain::job::JobModel;
use domain::receipt::Resource;
use domain::{Credits, CreditsError};

use super::{price, prices};

const fn image(provider: &'static str, model: &'static str, credits: u64) -> Model {
    Model {
        provider,
        model,
        resource: Resource::ImageGeneration,
        description: "Images.",
        unit_quantity: 1,
        unit_credits: Credits::new(credits),
        unit_cost_usd_micros: 3000,
        asynchronous: false,
        repeatable: false,
        enabled: true,
        limits: Limits {
            text_chars_max: None,
            file_bytes_max: None,
        },
        remote: None,
    }
}

fn model(provider: &str, model: &str) -> JobModel {
    JobModel {
        provider: provider.to_owned(),
        model: model.to_owned(),
    }
}

/// A provider with two models beside `local`.
const ROWS: &[Model] = &[
    image("flux", "fast", 7),
    image("flux", "fine", 9),
    image("local", "cards", 2),
];

#[test]
fn a_started_unit_counts_whole() {
    let voice = price(
        Catalogue::standard(),
        Resource::VoiceSynthesis,
        &model("local", ""),
    );
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
    let catalogue = Catalogue::standard();
    let unknown = price(catalogue, Resource::ImageGeneration, &model("nobody", ""));
    assert_eq!(unknown.provider, "nobody");
    assert_eq!(
        unknown.unit_credits,
        price(catalogue, Resource::ImageGeneration, &model("local", "")).unit_credits
    );
    assert!(!unknown.unit_credits.is_zero());
}

#[test]
fn a_listed_model_has_its_own_price_and_another_that_of_its_providers_first_row() {
    let catalogue = Catalogue::of(ROWS);
    let unit = |provider, name| {
        price(catalogue, Resource::ImageGeneration, &model(provider, name))
            .unit_credits
            .get()
    };
    assert_eq!(
        [unit("flux", "fast"), unit("flux", "fine"), unit("flux", "gone")],
        [7, 9, 7]
    );
    assert_eq!([unit("local", "cards"), unit("nobody", "fine")], [2, 2]);
    assert_eq!(prices(catalogue).len(), 2);
}

#[test]
fn a_quantity_beyond_all_reason_is_refused() {
    let image = price(
        Catalogue::standard(),
        Resource::ImageGeneration,
        &model("local", ""),
    );
    assert_eq!(image.credits(u64::MAX), Err(CreditsError::TooMany));
}
