//! Tests of `people`.

use api::Entropy;
use aws_sdk_cognitoidentityprovider::error::{ErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::operation::forgot_password::ForgotPasswordError;
use aws_sdk_cognitoidentityprovider::types::error::InvalidParameterException;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ErrorCode;
use domain::password::{PASSWORD_CHARS_MAX, check_new_password};

use super::act::Act;
use super::{CLASSES, SystemEntropy};
use crate::error_chain::chain;

#[test]
fn whether_an_address_is_known_is_told_by_nothing() {
    let about_a_person = [
        "UserNotFoundException",
        "NotAuthorizedException",
        "UserNotConfirmedException",
        "InvalidParameterException",
    ];
    for (act, code) in [
        (Act::LogIn, ErrorCode::Unauthenticated),
        (Act::Confirm, ErrorCode::VerificationFailed),
        (Act::Reset, ErrorCode::VerificationFailed),
    ] {
        for exception in about_a_person {
            assert_eq!(act.code(Some(exception)), code, "{act:?} {exception}");
        }
    }
    for exception in about_a_person.into_iter().chain([
        "LimitExceededException",
        "CodeDeliveryFailureException",
        "UsernameExistsException",
    ]) {
        for act in [Act::SignUp, Act::Resend, Act::Forgot] {
            assert!(
                act.mailed(Err::<(), _>(error(exception))).is_ok(),
                "{act:?} {exception}"
            );
        }
    }
}

#[test]
fn what_is_wrong_on_our_side_is_not_hidden() {
    for (exception, code) in [
        ("TooManyRequestsException", ErrorCode::RateLimited),
        ("InternalErrorException", ErrorCode::Unavailable),
        ("ResourceNotFoundException", ErrorCode::Internal),
        ("AccessDeniedException", ErrorCode::Internal),
    ] {
        let failed = Act::Forgot.mailed(Err::<(), _>(error(exception))).unwrap_err();
        assert_eq!(failed.code, code, "{exception}");
    }
}

#[test]
fn each_exception_has_its_code() {
    for (act, exception, code) in [
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
            Act::Confirm,
            "InvalidPasswordException",
            ErrorCode::PasswordRejected,
        ),
        (Act::Refresh, "NotAuthorizedException", ErrorCode::Unauthenticated),
        (Act::LogIn, "TooManyRequestsException", ErrorCode::RateLimited),
        (Act::LogIn, "InternalErrorException", ErrorCode::Unavailable),
        (Act::LogIn, "ResourceNotFoundException", ErrorCode::Internal),
        (
            Act::ChangePassword,
            "NotAuthorizedException",
            ErrorCode::PasswordWrong,
        ),
        (
            Act::ChangePassword,
            "LimitExceededException",
            ErrorCode::RateLimited,
        ),
        (
            Act::ChangePassword,
            "InvalidPasswordException",
            ErrorCode::PasswordRejected,
        ),
    ] {
        assert_eq!(act.code(Some(exception)), code, "{act:?} {exception}");
    }
    assert_eq!(Act::LogIn.code(None), ErrorCode::Unavailable);
}

#[test]
fn a_token_that_is_no_good_is_logged_out() {
    assert!(
        Act::LogOut
            .done_or_over(Err::<(), _>(error("NotAuthorizedException")))
            .is_ok()
    );
    let failed = Act::LogOut.done_or_over(Err::<(), _>(error("InternalErrorException")));
    assert_eq!(failed.unwrap_err().code, ErrorCode::Unavailable);
}

#[test]
fn the_password_that_nobody_knows_is_one_that_the_pool_takes() {
    let nobodys = format!("{CLASSES}{}", URL_SAFE_NO_PAD.encode(SystemEntropy.bits()));
    assert!(check_new_password(&nobodys, "password").is_ok());
    assert!(nobodys.len() < PASSWORD_CHARS_MAX);
}

#[test]
fn a_parameter_that_the_pool_quotes_is_in_no_cause() {
    let quoted = InvalidParameterException::builder()
        .message("Value 'ann@example.com' at 'username' failed to satisfy constraint")
        .meta(ErrorMetadata::builder().code("InvalidParameterException").build())
        .build();
    let error = SdkError::service_error(ForgotPasswordError::InvalidParameterException(quoted), ());
    let failed = Act::Reset.failed(error);
    assert_eq!(failed.code, ErrorCode::VerificationFailed);
    let printed = chain(&failed);
    assert!(printed.contains("InvalidParameterException"), "{printed}");
    assert!(!format!("{printed} {failed:?}").contains("ann@"), "{printed}");
}

fn error(exception: &str) -> SdkError<ForgotPasswordError, ()> {
    let meta = ErrorMetadata::builder().code(exception).build();
    SdkError::service_error(ForgotPasswordError::generic(meta), ())
}
