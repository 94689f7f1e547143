//! Tests of `people`.

use aws_sdk_cognitoidentityprovider::error::SdkError;
use aws_sdk_cognitoidentityprovider::operation::sign_up::SignUpError;
use aws_sdk_cognitoidentityprovider::types::error::InvalidParameterException;
use domain::ErrorCode;

use super::Act;
use crate::error_chain::chain;

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

#[test]
fn a_parameter_that_the_pool_quotes_is_in_no_cause() {
    let quoted = InvalidParameterException::builder()
        .message("Value 'ann@example.com' at 'username' failed to satisfy constraint")
        .meta(
            aws_sdk_cognitoidentityprovider::error::ErrorMetadata::builder()
                .code("InvalidParameterException")
                .build(),
        )
        .build();
    let error = SdkError::service_error(SignUpError::InvalidParameterException(quoted), ());
    let failed = Act::SignUp.failed(error);
    assert_eq!(failed.code, ErrorCode::PasswordRejected);
    let printed = chain(&failed);
    assert!(printed.contains("InvalidParameterException"), "{printed}");
    assert!(!format!("{printed} {failed:?}").contains("ann@"), "{printed}");
}
