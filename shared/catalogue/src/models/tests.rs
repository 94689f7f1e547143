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
