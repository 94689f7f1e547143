//! What is asked of the pool, and what its exceptions mean then.

use std::error::Error;
use std::fmt::Debug;

use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use domain::ErrorCode;
use domain::ports::PortError;

/// What is being asked of the pool; the same exception means another thing for another act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    SignUp,
    Resend,
    Confirm,
    LogIn,
    Refresh,
    Forgot,
    Reset,
    ChangePassword,
    LogOut,
}

/// The same exception for every address, or for none: about us, not about a person.
const OURS: [&str; 8] = [
    "TooManyRequestsException",
    "InternalErrorException",
    "InternalFailure",
    "ServiceUnavailable",
    "ResourceNotFoundException",
    "AccessDeniedException",
    "InvalidEmailRoleAccessPolicyException",
    "InvalidLambdaResponseException",
];

impl Act {
    const fn doing(self) -> &'static str {
        match self {
            Self::SignUp => "signing up",
            Self::Resend => "mailing a code again",
            Self::Confirm => "confirming an address",
            Self::LogIn => "logging in",
            Self::Refresh => "refreshing a session",
            Self::Forgot => "mailing a code for a new password",
            Self::Reset => "setting a new password",
            Self::ChangePassword => "changing a password",
            Self::LogOut => "logging out",
        }
    }

    /// Whether a sign-up was refused because the pool knows the address.
    pub(super) fn is_known(exception: Option<&str>) -> bool {
        matches!(
            exception,
            Some("UsernameExistsException" | "AliasExistsException")
        )
    }

    /// Our code for the pool's exception.
    ///
    /// # Promises
    /// A wrong password, an unknown address and one that is not confirmed are told alike, so that nobody can list our
    /// customers; so are a wrong code, an old one and one of too many.
    ///
    /// # Source
    /// Amazon Cognito API reference, errors of each operation, read 2026-11-21.
    pub(super) fn code(self, exception: Option<&str>) -> ErrorCode {
        let Some(exception) = exception else {
            return ErrorCode::Unavailable;
        };
        match (self, exception) {
            (_, "InternalErrorException" | "InternalFailure" | "ServiceUnavailable") => {
                ErrorCode::Unavailable
            }
            (
                Self::Confirm | Self::Reset,
                "CodeMismatchException"
                | "ExpiredCodeException"
                | "UserNotFoundException"
                | "UserNotConfirmedException"
                | "NotAuthorizedException"
                | "InvalidParameterException"
                | "AliasExistsException"
                | "LimitExceededException"
                | "TooManyFailedAttemptsException",
            ) => ErrorCode::VerificationFailed,
            (
                Self::LogIn | Self::Refresh,
                "NotAuthorizedException"
                | "UserNotFoundException"
                | "UserNotConfirmedException"
                | "InvalidParameterException"
                | "PasswordResetRequiredException"
                | "RefreshTokenReuseException",
            ) => ErrorCode::Unauthenticated,
            (Self::ChangePassword, "NotAuthorizedException") => ErrorCode::PasswordWrong,
            (
                Self::Confirm | Self::Reset | Self::ChangePassword,
                "InvalidPasswordException" | "PasswordHistoryPolicyViolationException",
            ) => ErrorCode::PasswordRejected,
            (_, "TooManyRequestsException" | "LimitExceededException" | "TooManyFailedAttemptsException") => {
                ErrorCode::RateLimited
            }
            _ => ErrorCode::Internal,
        }
    }

    pub(super) fn failed<E, R>(self, error: SdkError<E, R>) -> PortError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: Debug + Send + Sync + 'static,
    {
        let code = self.code(error.code());
        // The pool quotes an invalid parameter, which is an address or a password; causes are logged.
        let source: Box<dyn Error + Send + Sync> = match error.code() {
            Some(name @ "InvalidParameterException") => name.into(),
            _ => Box::new(error),
        };
        PortError {
            code,
            doing: self.doing(),
            source: Some(source),
        }
    }

    /// How an act ends that mails something: alike, whatever the pool says of this one address.
    pub(super) fn mailed<T, E, R>(self, outcome: Result<T, SdkError<E, R>>) -> Result<(), PortError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: Debug + Send + Sync + 'static,
    {
        self.unless(outcome, |exception| !OURS.contains(&exception))
    }

    /// How an act ends after which a token is no good: also when it was none before.
    pub(super) fn done_or_over<T, E, R>(self, outcome: Result<T, SdkError<E, R>>) -> Result<(), PortError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: Debug + Send + Sync + 'static,
    {
        self.unless(outcome, |exception| {
            matches!(
                exception,
                "NotAuthorizedException" | "UnauthorizedException" | "InvalidParameterException"
            )
        })
    }

    fn unless<T, E, R>(
        self,
        outcome: Result<T, SdkError<E, R>>,
        harmless: impl Fn(&str) -> bool,
    ) -> Result<(), PortError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: Debug + Send + Sync + 'static,
    {
        match outcome {
            Ok(_) => Ok(()),
            Err(error) if error.code().is_some_and(&harmless) => {
                tracing::info!(
                    doing = self.doing(),
                    exception = error.code(),
                    "the pool did nothing"
                );
                Ok(())
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    pub(super) const fn refused(self, code: ErrorCode) -> PortError {
        PortError {
            code,
            doing: self.doing(),
            source: None,
        }
    }

    pub(super) fn broken(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> PortError {
        PortError {
            code: ErrorCode::Internal,
            doing: self.doing(),
            source: Some(cause.into()),
        }
    }
}
