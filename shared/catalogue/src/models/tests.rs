//! What can be chosen.

use super::*;

#[test]
fn every_capability_has_a_model() {
    for capability in [Capability::Script, Capability::Image, Capability::Voice] {
        let known = model(capability, LOCAL).unwrap();
        assert!(
            models()
                .iter()
                .any(|m| m.capability == capability && m.model == known)
        );
    }
}

#[test]
fn an_unknown_name_is_said_and_is_our_fault() {
    let error = model(Capability::Voice, "eleven").unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no voice provider named \"eleven\"; known: local"
    );
    assert_eq!(Failure::from(error).code, ErrorCode::Internal);
}

#[test]
fn a_provider_has_one_default_row_for_each_kind_of_work_and_a_unit_is_never_empty_or_free() {
    for row in MODELS {
        assert!(row.unit_quantity > 0 && !row.unit_credits.is_zero(), "{row:?}");
    }
    let rows: std::collections::BTreeSet<_> = MODELS
        .iter()
        .map(|row| (row.resource, row.provider, row.model))
        .collect();
    assert_eq!(rows.len(), MODELS.len());
}
