//! Models of the catalogue and their clients.

use catalogue::{Catalogue, Limits};
use domain::receipt::Resource;
use domain::{Credits, ErrorCode};
use runtime::Env;

use super::*;

async fn secrets() -> Secrets {
    let env = Env::of([("PROVIDER_SECRETS", "test/image/")]);
    runtime::provider_secrets(&env).await.unwrap()
}

/// Whether a row says how it is reached and its provider has a client.
fn is_callable<T: ?Sized>(row: &Model, remote: Table<T>) -> bool {
    let is_listed = remote.iter().any(|(provider, _)| *provider == row.provider);
    (row.provider == LOCAL) == row.remote.is_none() && (row.provider == LOCAL || is_listed)
}

#[test]
fn every_row_of_the_catalogue_has_a_client() {
    for row in Catalogue::standard().rows() {
        let is_callable = match row.resource {
            Resource::ScriptGeneration => is_callable(row, remote::SCRIPT_WRITERS),
            Resource::ImageGeneration => is_callable(row, remote::IMAGE_MAKERS),
            Resource::VoiceSynthesis => is_callable(row, remote::VOICE_MAKERS),
            Resource::VideoGeneration => row.provider == LOCAL,
        };
        assert!(is_callable, "{row:?}");
    }
}

const FLUX: Model = Model {
    provider: "flux",
    model: "fast",
    resource: Resource::ImageGeneration,
    description: "Images.",
    unit_quantity: 1,
    unit_credits: Credits::new(7),
    unit_cost_usd_micros: 3000,
    asynchronous: false,
    repeatable: false,
    enabled: true,
    limits: Limits {
        text_chars_max: None,
        file_bytes_max: None,
    },
    remote: None,
};
static CARDS: Model = Model {
    provider: LOCAL,
    ..FLUX
};
static GONE: Model = FLUX;

#[tokio::test]
async fn a_client_is_connected_once() {
    let images = image_makers(&LocalTools::default(), secrets().await);
    let first = images.client(&CARDS).await.unwrap();
    let second = images.client(&CARDS).await.unwrap();
    assert!(Arc::ptr_eq(&first, &second));
}

#[tokio::test]
async fn a_model_without_a_client_is_not_available() {
    let images = image_makers(&LocalTools::default(), secrets().await);
    let refused = images.client(&GONE).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ModelUnavailable);
}
