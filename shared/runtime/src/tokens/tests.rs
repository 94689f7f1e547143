//! Tests of `tokens`, with real signatures.

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use api::Tokens;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::Work;
use domain::{AccountId, ErrorCode, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::{CognitoTokens, KeySource};

const ISSUER: &str = "https://cognito-idp.eu-central-1.amazonaws.com/pool";
const SUBJECT: &str = "5f0c7f4e-94c1-4f2e-8a51-0d1b4cf4c001";

fn pair() -> &'static KeyPair {
    static PAIR: OnceLock<KeyPair> = OnceLock::new();
    PAIR.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).unwrap())
}

/// Publishes the pair's public half under a key id, and counts.
#[derive(Debug, Clone)]
struct Publisher {
    key_id: &'static str,
    asked: Arc<AtomicU32>,
    down: bool,
}

impl KeySource for Publisher {
    fn fetch(&self) -> Work<'_, Result<JwkSet, Box<dyn Error + Send + Sync>>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if self.down {
                return Err("no answer".into());
            }
            let public = pair().public_key();
            let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
            Ok(serde_json::from_value(json!({"keys": [{
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id,
                "n": part(public.modulus().big_endian_without_leading_zero()),
                "e": part(public.exponent().big_endian_without_leading_zero()),
            }]}))?)
        })
    }
}

fn publisher() -> Publisher {
    Publisher {
        key_id: "k1",
        asked: Arc::default(),
        down: false,
    }
}

fn tokens(source: Publisher) -> CognitoTokens {
    CognitoTokens::with_source(ISSUER.to_owned(), "client".to_owned(), Box::new(source))
}

fn now() -> Timestamp {
    Timestamp::from_ms(testkit::time::NOW_MS)
}

fn claims() -> Value {
    json!({
        "sub": SUBJECT, "iss": ISSUER, "token_use": "access", "client_id": "client",
        "exp": now().plus_s(3600).as_s(), "iat": now().plus_s(-60).as_s(), "jti": "token 1",
        "origin_jti": "log-in 1",
    })
}

fn signed(claims: &Value, key_id: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!(
        "{}.{}",
        part(&json!({"alg": "RS256", "kid": key_id})),
        part(claims)
    );
    let mut signature = vec![0; pair().public_modulus_len()];
    let random = SystemRandom::new();
    pair()
        .sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
        .unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn code(tokens: &CognitoTokens, token: &str) -> ErrorCode {
    tokens.bearer(token, now()).await.unwrap_err().code
}

#[tokio::test]
async fn a_good_token_is_of_the_account_of_its_subject() {
    let source = publisher();
    let tokens = tokens(source.clone());
    for _ in 0..3 {
        let bearer = tokens.bearer(&signed(&claims(), "k1"), now()).await.unwrap();
        assert_eq!(bearer.account, AccountId::from_subject(SUBJECT).unwrap());
        assert_eq!(
            bearer.session.as_deref(),
            Some("log-in 1"),
            "of the log-in, not of the token"
        );
        assert_eq!(bearer.issued_at, now().plus_s(-60));
    }
    assert_eq!(source.asked.load(Ordering::Relaxed), 1, "keys are read once");
}

#[tokio::test]
async fn a_token_of_another_time_place_or_kind_is_refused() {
    let tokens = tokens(publisher());
    for (field, value) in [
        ("exp", json!(now().plus_s(-31).as_s())),
        ("iss", json!("https://evil.example.com")),
        ("client_id", json!("another")),
        ("token_use", json!("id")),
        ("sub", json!("not a uuid")),
    ] {
        let mut claims = claims();
        claims[field] = value;
        let refused = code(&tokens, &signed(&claims, "k1")).await;
        assert_eq!(refused, ErrorCode::Unauthenticated, "{field}");
    }
}

#[tokio::test]
async fn a_token_that_somebody_changed_is_refused() {
    let tokens = tokens(publisher());
    let good = signed(&claims(), "k1");
    let mut other = claims();
    other["sub"] = json!("00000000-0000-4000-8000-000000000001");
    let forged_payload = URL_SAFE_NO_PAD.encode(other.to_string());
    let parts: Vec<&str> = good.split('.').collect();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#);
    let hmac = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"k1"}"#);
    for token in [
        format!("{}.{forged_payload}.{}", parts[0], parts[2]),
        format!("{none}.{}.", parts[1]),
        format!("{hmac}.{}.{}", parts[1], parts[2]),
        "not a token".to_owned(),
        String::new(),
        "a".repeat(10_000),
    ] {
        assert_eq!(code(&tokens, &token).await, ErrorCode::Unauthenticated, "{token}");
    }
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_a_minute() {
    let source = publisher();
    let tokens = tokens(source.clone());
    let token = signed(&claims(), "k2");
    for _ in 0..5 {
        assert_eq!(code(&tokens, &token).await, ErrorCode::Unauthenticated);
    }
    assert_eq!(source.asked.load(Ordering::Relaxed), 1);
    let later = now().plus_s(61);
    tokens.bearer(&token, later).await.unwrap_err();
    assert_eq!(source.asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn without_the_signers_keys_nobody_is_let_in_and_it_may_be_tried_again() {
    let tokens = tokens(Publisher {
        down: true,
        ..publisher()
    });
    assert_eq!(
        code(&tokens, &signed(&claims(), "k1")).await,
        ErrorCode::Unavailable
    );
}
