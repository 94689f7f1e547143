//! Tests of `sdk_error`.

use super::may_pass;

#[test]
fn a_throttled_call_may_pass_and_a_refused_one_may_not() {
    for code in [
        "ThrottlingException",
        "TooManyRequestsException",
        "ServiceUnavailable",
    ] {
        assert!(may_pass(Some(code)), "{code}");
    }
    for code in [Some("AccessDeniedException"), Some("InvalidArn"), None] {
        assert!(!may_pass(code), "{code:?}");
    }
}
