//! The user pool behind [`People`].

use std::error::Error;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::InitiateAuthOutput;
use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType};
use domain::ports::{People, PortError, Session, Work};
use domain::{AccountId, ErrorCode};

/// Cognito, through a public client without a secret.
#[derive(Debug, Clone)]
pub struct CognitoPeople {
    client: Client,
    client_id: String,
}

impl CognitoPeople {
    /// The pool that `client_id` belongs to.
    pub const fn new(client: Client, client_id: String) -> Self {
        Self { client, client_id }
    }
}

/// What is being asked of the pool; the same exception means another thing for another act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    SignUp,
    Confirm,
    LogIn,
    Refresh,
}

impl Act {
    const fn doing(self) -> &'static str {
        match self {
            Self::SignUp => "signing up",
            Self::Confirm => "confirming an address",
            Self::LogIn => "logging in",
            Self::Refresh => "refreshing a session",
        }
    }

    /// Our code for the pool's exception.
    ///
    /// # Promises
    /// A wrong password and an unknown address are told alike, so that nobody can list our customers.
    ///
    /// # Source
    /// Amazon Cognito API reference, errors of `SignUp`, `ConfirmSignUp` and `InitiateAuth`, read 2026-11-21.
    fn code(self, exception: Option<&str>) -> ErrorCode {
        let Some(exception) = exception else {
            return ErrorCode::Unavailable;
        };
        match (self, exception) {
            (_, "TooManyRequestsException" | "LimitExceededException" | "TooManyFailedAttemptsException") => {
                ErrorCode::RateLimited
            }
            (_, "InternalErrorException" | "InternalFailure" | "ServiceUnavailable") => {
                ErrorCode::Unavailable
            }
            (Self::SignUp, "UsernameExistsException" | "AliasExistsException") => ErrorCode::EmailTaken,
            // A password below the API's own minimum is an invalid parameter, not an invalid password.
            (Self::SignUp, "InvalidPasswordException" | "InvalidParameterException") => {
                ErrorCode::PasswordRejected
            }
            (
                Self::Confirm,
                "CodeMismatchException"
                | "ExpiredCodeException"
                | "UserNotFoundException"
                | "NotAuthorizedException"
                | "InvalidParameterException"
                | "AliasExistsException",
            ) => ErrorCode::VerificationFailed,
            (Self::LogIn, "UserNotConfirmedException") => ErrorCode::AccountNotConfirmed,
            (
                Self::LogIn | Self::Refresh,
                "NotAuthorizedException"
                | "UserNotFoundException"
                | "InvalidParameterException"
                | "PasswordResetRequiredException"
                | "RefreshTokenReuseException",
            ) => ErrorCode::Unauthenticated,
            _ => ErrorCode::Internal,
        }
    }

    fn failed<E, R>(self, error: SdkError<E, R>) -> PortError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
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

    fn session(self, output: InitiateAuthOutput) -> Result<Session, PortError> {
        // Without tokens the pool asks a further question, which no client of ours can answer.
        let odd = || PortError {
            code: ErrorCode::Unauthenticated,
            doing: self.doing(),
            source: None,
        };
        let tokens = output.authentication_result.ok_or_else(odd)?;
        Ok(Session {
            access_token: tokens.access_token.ok_or_else(odd)?,
            id_token: tokens.id_token.ok_or_else(odd)?,
            refresh_token: tokens.refresh_token,
            expires_in_s: u32::try_from(tokens.expires_in).unwrap_or(0),
        })
    }
}

impl People for CognitoPeople {
    fn sign_up<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<AccountId, PortError>> {
        Box::pin(async move {
            let act = Act::SignUp;
            let internal = |source: Box<dyn Error + Send + Sync>| PortError {
                code: ErrorCode::Internal,
                doing: act.doing(),
                source: Some(source),
            };
            let address = AttributeType::builder()
                .name("email")
                .value(email)
                .build()
                .map_err(|cause| internal(Box::new(cause)))?;
            let output = self
                .client
                .sign_up()
                .client_id(&self.client_id)
                .username(email)
                .password(password)
                .user_attributes(address)
                .send()
                .await
                .map_err(|error| act.failed(error))?;
            AccountId::from_subject(&output.user_sub).map_err(|cause| internal(Box::new(cause)))
        })
    }

    fn confirm<'a>(&'a self, email: &'a str, code: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .confirm_sign_up()
                .client_id(&self.client_id)
                .username(email)
                .confirmation_code(code)
                .send()
                .await;
            outcome
                .map(|_confirmed| ())
                .map_err(|error| Act::Confirm.failed(error))
        })
    }

    fn log_in<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .initiate_auth()
                .client_id(&self.client_id)
                .auth_flow(AuthFlowType::UserPasswordAuth)
                .auth_parameters("USERNAME", email)
                .auth_parameters("PASSWORD", password)
                .send()
                .await;
            Act::LogIn.session(outcome.map_err(|error| Act::LogIn.failed(error))?)
        })
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .initiate_auth()
                .client_id(&self.client_id)
                .auth_flow(AuthFlowType::RefreshTokenAuth)
                .auth_parameters("REFRESH_TOKEN", refresh_token)
                .send()
                .await;
            Act::Refresh.session(outcome.map_err(|error| Act::Refresh.failed(error))?)
        })
    }
}

#[cfg(test)]
mod tests;
