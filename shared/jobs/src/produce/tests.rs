//! What a row of the catalogue allows.

use catalogue::Limits;
use domain::Credits;
use domain::receipt::Resource;

use super::*;

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
        text_chars_max: Some(10),
        file_bytes_max: Some(100),
    },
    remote: None,
};

#[test]
fn a_model_that_is_switched_off_or_a_text_that_is_too_long_is_not_called() {
    let code = |model: &Model, chars| takes(model, chars).map_err(|error| error.code());
    assert_eq!(code(&FLUX, 10), Ok(()));
    assert_eq!(code(&FLUX, 11), Err(ErrorCode::ProviderRefused));
    let off = Model {
        enabled: false,
        ..FLUX
    };
    assert_eq!(code(&off, 10), Err(ErrorCode::ModelUnavailable));
    let any = Model {
        limits: Limits::default(),
        ..FLUX
    };
    assert_eq!(code(&any, usize::MAX), Ok(()));
}

#[test]
fn a_file_that_is_too_large_is_not_taken() {
    let code = |bytes| fits(&FLUX, bytes).map_err(|failure| failure.code);
    assert_eq!(code(100), Ok(()));
    assert_eq!(code(101), Err(ErrorCode::ProviderRejected));
    assert_eq!(code(usize::MAX), Err(ErrorCode::ProviderRejected));
}

#[test]
fn only_a_model_that_may_answers_later() {
    let later = || ProviderReply::<()>::Pending {
        external_id: "1".to_owned(),
    };
    let broken = promised(&FLUX, later()).unwrap_err();
    assert!(
        matches!(broken, ProviderError::OutcomeUnknown { .. }),
        "{broken:?}"
    );
    assert_eq!(broken.code(), ErrorCode::ProviderRejected, "which nobody retries");
    let patient = Model {
        asynchronous: true,
        ..FLUX
    };
    assert_eq!(promised(&patient, later()).unwrap(), later());
    assert!(promised(&FLUX, ProviderReply::Done(())).is_ok());
}
