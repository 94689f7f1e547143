//! Tests of `people`.

use domain::ErrorCode;

use super::Act;

#[test]
fn an_unknown_address_and_a_wrong_secret_are_told_alike() {
    for (act, code) in [
        (Act::LogIn, ErrorCode::Unauthenticated),
        (Act::Confirm, ErrorCode::VerificationFailed),
    ] {
        for exception in ["UserNotFoundException", "NotAuthorizedException"] {
            assert_eq!(act.code(Some(exception)), code, "{act:?} {exception}");
        }
    }
}

#[test]
fn each_exception_has_its_code() {
    for (act, exception, code) in [
        (Act::SignUp, "UsernameExistsException", ErrorCode::EmailTaken),
        (
            Act::SignUp,
            "InvalidPasswordException",
            ErrorCode::PasswordRejected,
        ),
        (
            Act::SignUp,
            "InvalidParameterException",
            ErrorCode::PasswordRejected,
        ),
        (
            Act::Confirm,
            "CodeMismatchException",
            ErrorCode::VerificationFailed,
        ),
        (
            Act::Confirm,
            "ExpiredCodeException",
            ErrorCode::VerificationFailed,
        ),
        (
            Act::LogIn,
            "UserNotConfirmedException",
            ErrorCode::AccountNotConfirmed,
        ),
        (Act::Refresh, "NotAuthorizedException", ErrorCode::Unauthenticated),
        (Act::LogIn, "TooManyRequestsException", ErrorCode::RateLimited),
        (Act::SignUp, "LimitExceededException", ErrorCode::RateLimited),
        (Act::LogIn, "InternalErrorException", ErrorCode::Unavailable),
        (Act::LogIn, "ResourceNotFoundException", ErrorCode::Internal),
    ] {
        assert_eq!(act.code(Some(exception)), code, "{act:?} {exception}");
    }
    assert_eq!(Act::LogIn.code(None), ErrorCode::Unavailable);
}
