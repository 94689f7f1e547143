//! One call to a payment provider: how often it is tried, and what its failures mean.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;

use crate::{Cause, PaymentError};

/// Longest answer that is read, in bytes: a page of 100 invoices with their lines stays below.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How often and how fast a call is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// All tries, the first included.
    pub tries: u32,
    /// Pause before the second try in ms; it doubles each time.
    pub first_pause_ms: u64,
}

impl Default for Retry {
    /// Three tries with 0.5 s and 1 s between, as Stripe's own libraries; longer waits belong to the caller's queue.
    fn default() -> Self {
        Self {
            tries: 3,
            first_pause_ms: 500,
        }
    }
}

/// A provider's API key; never printed.
#[derive(Debug, Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Without white space around it; `None` when nothing is left.
    pub fn parse(text: &str) -> Option<Self> {
        let key = text.trim();
        (!key.is_empty()).then(|| Self(key.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What a repeat of a call would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Nothing new: a read, or a call that only sets a state.
    Harmless,
    /// Nothing new while the provider remembers the key that the call carries.
    UnderKey,
    /// It would be done twice.
    Twice,
}

/// One call: what it is for, and how it may be repeated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    /// For whoever reads the failure.
    pub(crate) doing: &'static str,
    pub(crate) repeat: Repeat,
    pub(crate) retry: Retry,
    /// Reads the body of a refusal.
    pub(crate) refusal: fn(&[u8]) -> Refusal,
}

/// The words of a refusal that are kept; each may be empty.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    pub(crate) kind: String,
    pub(crate) code: String,
    pub(crate) param: String,
}

/// What a provider said when it refused; without its sentence, which may hold an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HTTP {status} {kind} {code} {param} (request {request})")]
pub struct ProviderMessage {
    /// HTTP status.
    pub status: u16,
    /// Stripe's `error.type`, Creem's `error`.
    pub kind: String,
    /// Stripe's `error.code`.
    pub code: String,
    /// Stripe's `error.param`.
    pub param: String,
    /// The provider's id of the call, for its support.
    pub request: String,
}

/// An answer whose status is not a failure, or 404.
#[derive(Debug)]
pub(crate) struct Answer {
    call: Call,
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    /// The object, or `None` when the provider has none.
    pub(crate) fn found<T: DeserializeOwned>(self) -> Result<Option<T>, PaymentError> {
        if self.status == 404 {
            return Ok(None);
        }
        self.read().map(Some)
    }

    /// The object; without one our call was wrong.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, PaymentError> {
        let call = self.call;
        let body = self
            .body()
            .map_err(|missing| rejected(call.doing, Some(Box::new(missing))))?;
        parse(call, &body)
    }

    /// The body, or what the provider says about an object that it does not have.
    pub(crate) fn body(self) -> Result<Vec<u8>, ProviderMessage> {
        if self.status == 404 {
            return Err(said(self.call, 404, &self.body, ""));
        }
        Ok(self.body)
    }
}

/// Our type of an answer's body; an answer that does not fit is as good as lost.
pub(crate) fn parse<T: DeserializeOwned>(call: Call, body: &[u8]) -> Result<T, PaymentError> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(body))
        .map_err(|cause| lost(call, Some(Box::new(cause))))
}

/// Makes a call until it is answered, within the tries.
///
/// # Promises
/// A call that would be done twice is repeated only where it surely was not done: no connection, or 429.
/// `Stripe-Should-Retry` overrides our own judgement.
///
/// # Errors
/// As on [`Payments`](crate::Payments).
pub(crate) async fn send(call: Call, request: RequestBuilder) -> Result<Answer, PaymentError> {
    let mut pause_ms = call.retry.first_pause_ms;
    let mut tried = 0;
    loop {
        tried += 1;
        let attempt = request.try_clone().ok_or_else(|| rejected(call.doing, None))?;
        let (failure, again) = match attempt.send().await {
            Ok(response) => match judge(call, response).await {
                Ok(answer) => return Ok(answer),
                Err(refused) => refused,
            },
            Err(cause) => unanswered(call, cause),
        };
        if !again || tried >= call.retry.tries {
            return Err(failure);
        }
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        pause_ms = pause_ms.saturating_mul(2);
    }
}

/// No answer: the failure, and whether to try again.
fn unanswered(call: Call, cause: reqwest::Error) -> (PaymentError, bool) {
    // The address may hold ids and, at Creem, tokens.
    let cause = cause.without_url();
    if cause.is_connect() {
        let failure = PaymentError::Unavailable {
            doing: call.doing,
            source: Some(Box::new(cause)),
        };
        return (failure, true);
    }
    (lost(call, Some(Box::new(cause))), call.repeat != Repeat::Twice)
}

/// The failure when nobody knows what became of a call.
pub(crate) fn lost(call: Call, source: Option<Cause>) -> PaymentError {
    let doing = call.doing;
    match call.repeat {
        Repeat::Harmless | Repeat::UnderKey => PaymentError::Unavailable { doing, source },
        Repeat::Twice => PaymentError::OutcomeUnknown { doing, source },
    }
}

pub(crate) fn rejected(doing: &'static str, source: Option<Cause>) -> PaymentError {
    PaymentError::Rejected { doing, source }
}

/// An answer, or the failure that it tells and whether to try again.
async fn judge(call: Call, response: Response) -> Result<Answer, (PaymentError, bool)> {
    let Call { doing, repeat, .. } = call;
    let status = response.status().as_u16();
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let should_retry = header("stripe-should-retry").map(|value| value == "true");
    let replayed = header("idempotent-replayed").is_some_and(|value| value == "true");
    let retry_after_s = header("retry-after").and_then(|value| value.parse().ok());
    let request = header("request-id").unwrap_or_default();
    let body = match read(response).await {
        Ok(body) => body,
        Err(cause) => return Err((lost(call, cause), repeat != Repeat::Twice)),
    };
    if matches!(status, 200..=299 | 404) {
        return Ok(Answer { call, status, body });
    }
    let source: Option<Cause> = Some(Box::new(said(call, status, &body, &request)));
    let faulty = matches!(status, 409 | 424 | 500..=599);
    let failure = match status {
        429 => PaymentError::Throttled { doing, retry_after_s },
        402 => PaymentError::Refused { doing, source },
        // Stripe keeps the first answer of a key, a 500 too: this key will say so for ever.
        _ if faulty && repeat == Repeat::UnderKey && (replayed || should_retry == Some(false)) => {
            PaymentError::OutcomeUnknown { doing, source }
        }
        _ if faulty => lost(call, source),
        _ => rejected(doing, source),
    };
    let by_status = status == 429 || faulty && repeat != Repeat::Twice;
    Err((failure, !replayed && should_retry.unwrap_or(by_status)))
}

/// The body, up to its limit.
async fn read(mut response: Response) -> Result<Vec<u8>, Option<Cause>> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|cause| -> Option<Cause> { Some(Box::new(cause.without_url())) })?
    {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn said(call: Call, status: u16, body: &[u8], request: &str) -> ProviderMessage {
    let Refusal { kind, code, param } = (call.refusal)(body);
    ProviderMessage {
        status,
        kind,
        code,
        param,
        request: request.to_owned(),
    }
}

/// A path or query part, with everything but letters and digits escaped.
pub(crate) fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Names and values as `application/x-www-form-urlencoded`, for a body or a query.
pub(crate) fn form(pairs: &[(String, String)]) -> String {
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    encoded.join("&")
}

/// A list that the provider does not have.
pub(crate) fn not_offered(doing: &'static str) -> PaymentError {
    rejected(doing, None)
}
