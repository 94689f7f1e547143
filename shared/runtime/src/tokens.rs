//! The check of the user pool's access tokens.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use api::Tokens;
use api::tokens::Bearer;
use domain::ports::Work;
use domain::{AccountId, ErrorCode, Failure, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use tokio::sync::Mutex;

/// Milliseconds between two looks for a key that we do not know: tokens with made-up key ids must not turn into
/// requests to the pool.
const REFETCH_AFTER_MS: i64 = 60_000;
/// Milliseconds that a token may be used after its end, for clocks that differ.
const LEEWAY_MS: i64 = 30_000;
/// Longest token, in bytes; Cognito's have about one thousand.
const TOKEN_BYTES_MAX: usize = 8192;

/// Where the signer's keys come from.
trait KeySource: fmt::Debug + Send + Sync {
    fn fetch(&self) -> Work<'_, Result<JwkSet, Box<dyn Error + Send + Sync>>>;
}

#[derive(Debug)]
struct Published {
    web: reqwest::Client,
    url: String,
}

impl KeySource for Published {
    fn fetch(&self) -> Work<'_, Result<JwkSet, Box<dyn Error + Send + Sync>>> {
        Box::pin(async move {
            let answer = self.web.get(&self.url).send().await?.error_for_status()?;
            Ok(answer.json().await?)
        })
    }
}

/// Access tokens of one client of one pool.
#[derive(Debug)]
pub struct CognitoTokens {
    issuer: String,
    client_id: String,
    source: Box<dyn KeySource>,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    by_id: HashMap<String, DecodingKey>,
    fetched_at: Option<Timestamp>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({} at {:?})", self.by_id.len(), self.fetched_at)
    }
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    exp: i64,
    #[serde(default)]
    iat: i64,
    /// Of the log-in, where token revocation is on: the same in every token that is refreshed from it.
    origin_jti: Option<String>,
    jti: Option<String>,
    token_use: String,
    client_id: String,
}

impl CognitoTokens {
    /// Tokens that `issuer` gave to `client_id`, signed with a key published at `jwks_url`.
    pub fn new(issuer: String, client_id: String, web: reqwest::Client, jwks_url: String) -> Self {
        let source = Published { web, url: jwks_url };
        Self::with_source(issuer, client_id, Box::new(source))
    }

    fn with_source(issuer: String, client_id: String, source: Box<dyn KeySource>) -> Self {
        Self {
            issuer,
            client_id,
            source,
            keys: Mutex::default(),
        }
    }

    async fn key(&self, id: &str, now: Timestamp) -> Result<DecodingKey, Failure> {
        let mut keys = self.keys.lock().await;
        if let Some(key) = keys.by_id.get(id) {
            return Ok(key.clone());
        }
        let fresh = keys
            .fetched_at
            .is_some_and(|at| now.ms_since(at) < REFETCH_AFTER_MS);
        if fresh {
            return Err(Failure::new(ErrorCode::Unauthenticated));
        }
        let set = self
            .source
            .fetch()
            .await
            .map_err(|cause| Failure::new(ErrorCode::Unavailable).because(cause))?;
        keys.fetched_at = Some(now);
        keys.by_id = set
            .keys
            .iter()
            .filter_map(|jwk| Some((jwk.common.key_id.clone()?, DecodingKey::from_jwk(jwk).ok()?)))
            .collect();
        keys.by_id
            .get(id)
            .cloned()
            .ok_or_else(|| Failure::new(ErrorCode::Unauthenticated))
    }

    async fn check(&self, token: &str, now: Timestamp) -> Result<Bearer, Failure> {
        let refused = || Failure::new(ErrorCode::Unauthenticated);
        if token.len() > TOKEN_BYTES_MAX {
            return Err(refused());
        }
        let header = jsonwebtoken::decode_header(token).map_err(|cause| refused().because(cause))?;
        let key_id = header.kid.ok_or_else(refused)?;
        let key = self.key(&key_id, now).await?;
        let mut rules = Validation::new(Algorithm::RS256);
        // Time comes from our clock, and an access token of Cognito has no audience but a client id.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules)
            .map_err(|cause| refused().because(cause))?
            .claims;
        let good = claims.iss == self.issuer
            && claims.client_id == self.client_id
            && claims.token_use == "access"
            && now.as_ms() < claims.exp.saturating_mul(1000).saturating_add(LEEWAY_MS);
        if !good {
            return Err(refused());
        }
        let account = AccountId::from_subject(&claims.sub).map_err(|cause| refused().because(cause))?;
        Ok(Bearer {
            account,
            session: claims.origin_jti.or(claims.jti),
            issued_at: Timestamp::from_ms(claims.iat.saturating_mul(1000)),
        })
    }
}

impl Tokens for CognitoTokens {
    fn bearer<'a>(&'a self, token: &'a str, now: Timestamp) -> Work<'a, Result<Bearer, Failure>> {
        Box::pin(self.check(token, now))
    }
}

#[cfg(test)]
mod tests;
