//! What a caller is told of a provider's failure.

use std::error::Error as _;

use super::*;

#[test]
fn a_throttled_call_passes_on_how_long_to_wait() {
    let failure = Failure::from(ProviderError::Throttled {
        doing: "drawing",
        retry_after_s: Some(7),
    });
    assert_eq!(failure.code, ErrorCode::ProviderThrottled);
    assert_eq!(failure.details, Some(json!({"retry_after_s": 7})));
}

#[test]
fn an_unknown_outcome_is_not_retried_by_the_machine() {
    let error = ProviderError::OutcomeUnknown {
        doing: "writing",
        source: None,
    };
    assert_eq!(error.code().class(), domain::Class::Bug);
}

#[test]
fn the_cause_is_kept_and_not_shown() {
    let failure = Failure::from(ProviderError::EngineFailed {
        doing: "speaking",
        code: ErrorCode::VoiceEngineFailed,
        source: Some("private text of a customer".into()),
    });
    assert!(!failure.to_string().contains("private"));
    let cause = failure.source().and_then(Error::source);
    assert_eq!(
        cause.map(ToString::to_string).as_deref(),
        Some("private text of a customer")
    );
}
