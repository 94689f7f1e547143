//! What a caller is told of a payment provider's failure.

use super::*;

#[test]
fn a_throttled_call_passes_on_how_long_to_wait() {
    let failure = Failure::from(PaymentError::Throttled {
        doing: "reading an invoice",
        retry_after_s: Some(7),
    });
    assert_eq!(failure.code, ErrorCode::ProviderThrottled);
    assert_eq!(failure.details, Some(json!({"retry_after_s": 7})));
}

#[test]
fn an_unknown_outcome_is_not_retried() {
    let error = PaymentError::OutcomeUnknown {
        doing: "opening a checkout",
        source: None,
    };
    assert_eq!(error.code().class(), domain::Class::Bug);
}

#[test]
fn the_cause_is_kept_and_not_shown() {
    let failure = Failure::from(PaymentError::Rejected {
        doing: "making a customer",
        source: Some("an address of a customer".into()),
    });
    assert!(!failure.to_string().contains("address"));
    let cause = failure.source().and_then(Error::source);
    assert_eq!(
        cause.map(ToString::to_string).as_deref(),
        Some("an address of a customer")
    );
}
