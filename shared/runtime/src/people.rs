//! The user pool behind [`People`].
//!
//! A person's first password is set with the mailed code and not before: until then the pool holds a random one that
//! nobody knows. Whoever signs a strange address up therefore has nothing, and its owner can always sign up themselves.

use api::Entropy;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::InitiateAuthOutput;
use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType, UserStatusType};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::{People, PortError, Session, Work};
use domain::{AccountId, ErrorCode};

use crate::people::act::Act;
use crate::seams::SystemEntropy;

mod act;

/// Begins a random password, so that it has every class of characters that the pool asks for.
const CLASSES: &str = "Aa1-";

/// Cognito, through a public client without a secret, and its administrators' calls for what a mailed code proves.
#[derive(Debug, Clone)]
pub struct CognitoPeople {
    client: Client,
    client_id: String,
    pool_id: String,
}

impl CognitoPeople {
    /// The pool, and its client.
    pub const fn new(client: Client, client_id: String, pool_id: String) -> Self {
        Self {
            client,
            client_id,
            pool_id,
        }
    }

    /// Mails a code to an address that the pool knows: the one that its person lacks.
    async fn mail_known(&self, email: &str) -> Result<(), PortError> {
        let act = Act::SignUp;
        let found = self
            .client
            .admin_get_user()
            .user_pool_id(&self.pool_id)
            .username(email)
            .send()
            .await;
        let user = match found {
            Ok(user) => user,
            Err(error) => return act.mailed(Err::<(), _>(error)),
        };
        if user.user_status() == Some(&UserStatusType::Unconfirmed) {
            self.resend(email).await
        } else {
            self.forgot(email).await
        }
    }

    async fn account(&self, act: Act, email: &str) -> Result<AccountId, PortError> {
        let user = self
            .client
            .admin_get_user()
            .user_pool_id(&self.pool_id)
            .username(email)
            .send()
            .await
            .map_err(|error| act.failed(error))?;
        let subject = user
            .user_attributes()
            .iter()
            .find(|attribute| attribute.name() == "sub")
            .and_then(AttributeType::value)
            .ok_or_else(|| act.broken("the pool's user has no subject"))?;
        AccountId::from_subject(subject).map_err(|cause| act.broken(cause))
    }

    async fn set_password(&self, email: &str, password: &str) -> Result<(), PortError> {
        let act = Act::Confirm;
        self.client
            .admin_set_user_password()
            .user_pool_id(&self.pool_id)
            .username(email)
            .password(password)
            .permanent(true)
            .send()
            .await
            .map(drop)
            .map_err(|error| act.failed(error))
    }

    fn session(act: Act, output: InitiateAuthOutput) -> Result<Session, PortError> {
        // Without tokens the pool asks a further question, which no client of ours can answer.
        let odd = || act.refused(ErrorCode::Unauthenticated);
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
    fn sign_up<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let act = Act::SignUp;
            let address = AttributeType::builder()
                .name("email")
                .value(email)
                .build()
                .map_err(|cause| act.broken(cause))?;
            let nobodys = format!("{CLASSES}{}", URL_SAFE_NO_PAD.encode(SystemEntropy.bits()));
            let outcome = self
                .client
                .sign_up()
                .client_id(&self.client_id)
                .username(email)
                .password(nobodys)
                .user_attributes(address)
                .send()
                .await;
            match outcome {
                Err(error) if Act::is_known(error.code()) => self.mail_known(email).await,
                other => act.mailed(other),
            }
        })
    }

    fn resend<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .resend_confirmation_code()
                .client_id(&self.client_id)
                .username(email)
                .send()
                .await;
            Act::Resend.mailed(outcome)
        })
    }

    fn confirm<'a>(
        &'a self,
        email: &'a str,
        code: &'a str,
        password: &'a str,
    ) -> Work<'a, Result<AccountId, PortError>> {
        Box::pin(async move {
            let act = Act::Confirm;
            let outcome = self
                .client
                .confirm_sign_up()
                .client_id(&self.client_id)
                .username(email)
                .confirmation_code(code)
                .send()
                .await;
            match outcome {
                Ok(_) => {
                    // Should this be the last that is done, the password is still nobody's, and `forgot` gives another.
                    self.set_password(email, password).await?;
                    self.account(act, email).await
                }
                // The address is confirmed: the mail that its person has was about a new password.
                Err(error) if error.code() == Some("NotAuthorizedException") => {
                    self.reset(email, code, password).await
                }
                Err(error) => Err(act.failed(error)),
            }
        })
    }

    fn log_in<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let act = Act::LogIn;
            let outcome = self
                .client
                .initiate_auth()
                .client_id(&self.client_id)
                .auth_flow(AuthFlowType::UserPasswordAuth)
                .auth_parameters("USERNAME", email)
                .auth_parameters("PASSWORD", password)
                .send()
                .await;
            Self::session(act, outcome.map_err(|error| act.failed(error))?)
        })
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let act = Act::Refresh;
            let outcome = self
                .client
                .initiate_auth()
                .client_id(&self.client_id)
                .auth_flow(AuthFlowType::RefreshTokenAuth)
                .auth_parameters("REFRESH_TOKEN", refresh_token)
                .send()
                .await;
            Self::session(act, outcome.map_err(|error| act.failed(error))?)
        })
    }

    fn forgot<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .forgot_password()
                .client_id(&self.client_id)
                .username(email)
                .send()
                .await;
            Act::Forgot.mailed(outcome)
        })
    }

    fn reset<'a>(
        &'a self,
        email: &'a str,
        code: &'a str,
        password: &'a str,
    ) -> Work<'a, Result<AccountId, PortError>> {
        Box::pin(async move {
            let act = Act::Reset;
            self.client
                .confirm_forgot_password()
                .client_id(&self.client_id)
                .username(email)
                .confirmation_code(code)
                .password(password)
                .send()
                .await
                .map_err(|error| act.failed(error))?;
            self.client
                .admin_user_global_sign_out()
                .user_pool_id(&self.pool_id)
                .username(email)
                .send()
                .await
                .map_err(|error| act.failed(error))?;
            self.account(act, email).await
        })
    }

    fn change_password<'a>(
        &'a self,
        access_token: &'a str,
        before: &'a str,
        after: &'a str,
    ) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let act = Act::ChangePassword;
            self.client
                .change_password()
                .access_token(access_token)
                .previous_password(before)
                .proposed_password(after)
                .send()
                .await
                .map(drop)
                .map_err(|error| act.failed(error))
        })
    }

    fn log_out<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .revoke_token()
                .client_id(&self.client_id)
                .token(refresh_token)
                .send()
                .await;
            Act::LogOut.done_or_over(outcome)
        })
    }

    fn log_out_everywhere<'a>(&'a self, access_token: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .global_sign_out()
                .access_token(access_token)
                .send()
                .await;
            Act::LogOut.done_or_over(outcome)
        })
    }
}

#[cfg(test)]
mod tests;
