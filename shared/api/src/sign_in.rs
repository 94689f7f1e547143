//! What the sign-up and log-in routes share: codes, tokens, and a session on the wire.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::email::parse_email;
use domain::ports::Session;
use domain::{AccountId, ErrorCode, Failure, Invalid, Timestamp};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::Store;
use utoipa::ToSchema;

use crate::access::limit_mail;
use crate::{Request, Response, limit_public};

/// Longest code, in characters; the pool sends six digits and allows 2048.
const CODE_CHARS_MAX: usize = 64;
/// Longest refresh token, in bytes; Cognito's have about two thousand.
const TOKEN_BYTES_MAX: usize = 8192;

/// Reads a code as it was typed from a mail.
///
/// # Errors
/// [`Invalid`] with rule `format`.
pub fn parse_code(text: &str) -> Result<&str, Invalid> {
    let code = text.trim();
    if code.is_empty() || code.chars().count() > CODE_CHARS_MAX {
        return Err(Invalid::new("code", "format", "must be the code of the mail"));
    }
    Ok(code)
}

/// Checks that a text can be a refresh token.
///
/// # Errors
/// [`Invalid`] with rule `format`.
pub fn check_refresh_token(text: &str) -> Result<(), Invalid> {
    if text.is_empty() || text.len() > TOKEN_BYTES_MAX {
        return Err(Invalid::new(
            "refresh_token",
            "format",
            "must be the token of a log-in",
        ));
    }
    Ok(())
}

/// Whom to mail a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailRequest {
    /// Address; the code is mailed to it.
    #[schema(format = Email, max_length = 128)]
    email: String,
}

impl std::fmt::Debug for MailRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailRequest([redacted])")
    }
}

/// Reads the address of a [`MailRequest`], counting the call and the mail.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `rate_limited`, or the store's own.
pub async fn mail_address(store: &Store, request: &Request) -> Result<String, Failure> {
    limit_public(store, request).await?;
    let body: MailRequest = request.json()?;
    let email = parse_email(&body.email)?;
    limit_mail(store, request, &email).await?;
    Ok(email)
}

/// The answer to every [`MailRequest`]: 202, without a time to ask again, because there is nothing to ask for.
///
/// # Errors
/// As [`Response::ok`].
pub fn mailed() -> Result<Response, Failure> {
    Response::of(
        StatusCode::ACCEPTED,
        &MailView {
            confirmation: "email",
        },
    )
}

/// A mail with a code is on its way, if the address can have one: whether it is known is told by the mail alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// Where the code is: always `email`.
    confirmation: &'static str,
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

/// What an access token of the pool says.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: Option<i64>,
    origin_jti: Option<String>,
    jti: Option<String>,
}

impl Claims {
    /// Reads a token whose signature somebody else has checked.
    fn of(token: &str) -> Result<Self, Failure> {
        let odd = || Failure::new(ErrorCode::Internal);
        let payload = token.split('.').nth(1).ok_or_else(odd)?;
        let json = URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|cause| odd().because(cause))?;
        serde_json::from_slice(&json).map_err(|cause| odd().because(cause))
    }
}

/// The account of a session that came from the pool itself, over TLS, a moment ago: its signature is not checked.
///
/// # Errors
/// [`Failure`] with `internal` when it is not the pool's kind of token.
pub fn account_of(session: &Session) -> Result<AccountId, Failure> {
    let claims = Claims::of(&session.access_token)?;
    AccountId::from_subject(&claims.sub).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))
}

/// The bearer token of a request whose caller the authorizer has let in by it.
///
/// # Errors
/// [`Failure`] with `unauthenticated` when there is none.
pub fn bearer_of(request: &Request) -> Result<&str, Failure> {
    let header = request.headers.get("authorization");
    header
        .and_then(|value| value.split_once(' '))
        .map(|(_scheme, token)| token.trim())
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Failure::new(ErrorCode::Unauthenticated))
}

/// The session that a bearer token belongs to, as the authorizer names it, and when the last of its tokens ends that
/// was issued by now; none when the signer does not say.
///
/// # Errors
/// [`Failure`] with `internal` when it is not the pool's kind of token.
pub fn session_of(token: &str, now: Timestamp) -> Result<Option<(String, Timestamp)>, Failure> {
    let claims = Claims::of(token)?;
    // Another token of the session may have been issued up to now, and lives as long as this one did: at most a day.
    let end = claims
        .exp
        .map_or(now, |exp| Timestamp::from_ms(exp.saturating_mul(1000)));
    let session = claims.origin_jti.or(claims.jti);
    Ok(session.map(|session| (session, end.max(now).plus_days(1))))
}

#[cfg(test)]
mod tests;
