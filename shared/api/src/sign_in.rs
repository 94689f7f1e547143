//! What the public sign-up and log-in routes share: the address, the password, and a session on the wire.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::Session;
use domain::{AccountId, ErrorCode, Failure, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest address, in characters: the pool's user name is one and takes no more.
///
/// # Source
/// Amazon Cognito API reference, `SignUp`, `Username`; RFC 5321 alone would allow 254 bytes.
const EMAIL_CHARS_MAX: usize = 128;
/// Longest password, in characters; the pool's own limit.
const PASSWORD_CHARS_MAX: usize = 256;

/// Reads an address: trimmed, lower case, one `@`, a domain with a dot. The mailed code proves the rest.
///
/// # Errors
/// [`Invalid`] with rule `required`, `too_long` or `email`.
pub fn parse_email(text: &str) -> Result<String, Invalid> {
    let address = text.trim().to_lowercase();
    if address.is_empty() {
        return Err(Invalid::new("email", "required", "must not be empty"));
    }
    if address.chars().count() > EMAIL_CHARS_MAX {
        let message = format!("must have at most {EMAIL_CHARS_MAX} characters");
        return Err(Invalid::new("email", "too_long", &message));
    }
    let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
    let fits = address.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.contains('@')
            && host.split('.').count() > 1
            && host.split('.').all(|label| !label.is_empty())
    });
    if plain && fits {
        Ok(address)
    } else {
        Err(Invalid::new("email", "email", "must be an e-mail address"))
    }
}

/// Checks that a password can be sent to the pool, whose policy decides the rest.
///
/// # Errors
/// [`Invalid`] with rule `required` or `too_long`.
pub fn check_password(text: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::new("password", "required", "must not be empty"));
    }
    if text.chars().count() > PASSWORD_CHARS_MAX {
        let message = format!("must have at most {PASSWORD_CHARS_MAX} characters");
        return Err(Invalid::new("password", "too_long", &message));
    }
    Ok(())
}

/// A session on the wire. Answers with it are never stored, so these routes take no `Idempotency-Key`.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Send it as `Authorization: Bearer ...`.
    access_token: String,
    /// Who it is, for the client.
    id_token: String,
    /// For `POST /v1/auth/refresh`; a refresh does not answer with another.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token expires.
    expires_in_s: u32,
}

impl std::fmt::Debug for SessionView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionView([redacted])")
    }
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self {
            access_token: session.access_token,
            id_token: session.id_token,
            refresh_token: session.refresh_token,
            token_type: "Bearer",
            expires_in_s: session.expires_in_s,
        }
    }
}

/// The account of a session that came from the pool itself, over TLS, a moment ago: its signature is not checked.
///
/// # Errors
/// [`Failure`] with `internal` when it is not the pool's kind of token.
pub fn account_of(session: &Session) -> Result<AccountId, Failure> {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
    }
    let odd = || Failure::new(ErrorCode::Internal);
    let payload = session.access_token.split('.').nth(1).ok_or_else(odd)?;
    let json = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|cause| odd().because(cause))?;
    let claims: Claims = serde_json::from_slice(&json).map_err(|cause| odd().because(cause))?;
    AccountId::from_subject(&claims.sub).map_err(|cause| odd().because(cause))
}

#[cfg(test)]
mod tests;
