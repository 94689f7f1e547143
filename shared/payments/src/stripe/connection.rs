//! Sends the requests of Stripe's package over our own transport.
//!
//! The package's client opens a connection for each call, sends a caller's key only once, and drops `Retry-After` and the
//! mark of a kept answer; so its trait [`StripeClient`] is implemented here (`docs/adr/0023-stripe-by-its-package.md`).

use std::fmt::Display;

use ::stripe::{ApiErrorsCode, ApiErrorsType};
use bytes::Bytes;
use miniserde::json::{self, Value};
use reqwest::Method;
use serde::de::DeserializeOwned;
use stripe_client_core::{
    ApiVersion, CustomizedStripeRequest, IdempotencyKey, RequestBuilder, RequestStrategy,
    SharedConfigBuilder, StripeClient, StripeClientErr, StripeMethod,
};

use super::{API_VERSION, quietly};
use crate::transport::{ApiKey, Call, Refusal, Repeat, Retry, lost, parse, rejected, send};
use crate::{PaymentError, ProviderMessage};

/// Where Stripe answers, as whom, and how often a call is tried.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    web: reqwest::Client,
    /// The package's own configuration; it never prints the key.
    config: SharedConfigBuilder,
    retry: Retry,
}

impl Connection {
    pub(super) fn new(web: reqwest::Client, key: &ApiKey, base: &str, retry: Retry) -> Self {
        let mut config = SharedConfigBuilder::new(key.expose()).url(base.trim_end_matches('/'));
        config.stripe_version = ApiVersion::Unknown(API_VERSION.to_owned());
        Self { web, config, retry }
    }

    /// The object that a call answers, or `None` when Stripe has none; the call may be repeated freely.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        request: RequestBuilder,
    ) -> Result<Option<T>, PaymentError> {
        let strategy = RequestStrategy::ExponentialBackoff(self.retry.tries);
        Ok(self.call(doing, request, strategy).await?.ok())
    }

    /// What a call answers that may be repeated freely.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        request: RequestBuilder,
    ) -> Result<T, PaymentError> {
        let strategy = RequestStrategy::ExponentialBackoff(self.retry.tries);
        let answer = self.call(doing, request, strategy).await?;
        answer.map_err(|missing| rejected(doing, Some(Box::new(missing))))
    }

    /// What a call answers that is done once under a key.
    pub(super) async fn write<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        request: RequestBuilder,
        key: &str,
    ) -> Result<T, PaymentError> {
        let key = IdempotencyKey::new(key).map_err(|cause| rejected(doing, Some(Box::new(cause))))?;
        let answer = self
            .call(doing, request, RequestStrategy::Idempotent(key))
            .await?;
        answer.map_err(|missing| rejected(doing, Some(Box::new(missing))))
    }

    async fn call<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        request: RequestBuilder,
        strategy: RequestStrategy,
    ) -> Result<Result<T, ProviderMessage>, PaymentError> {
        let call = Call {
            doing,
            repeat: repeat(&strategy),
            retry: self.retry,
            refusal,
        };
        let sender = Sender {
            connection: self,
            call,
        };
        let request = request.customize::<Value>().request_strategy(strategy);
        match request.send(&sender).await {
            Ok(object) => parse(call, json::to_string(&object).as_bytes()).map(Ok),
            Err(NoObject::Missing(said)) => Ok(Err(said)),
            Err(NoObject::Failed(failure)) => Err(failure),
            Err(NoObject::Unreadable(why)) => Err(lost(call, Some(why.into()))),
        }
    }

    fn build(&self, request: RequestBuilder) -> reqwest::RequestBuilder {
        let RequestBuilder {
            query,
            body,
            path,
            method,
        } = request;
        let base = self.config.api_base.as_deref().unwrap_or_default();
        let query = query.filter(|query| !query.is_empty());
        let address = match query {
            Some(query) => format!("{base}/v1{path}?{query}"),
            None => format!("{base}/v1{path}"),
        };
        let method = match method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let request = self
            .web
            .request(method, address)
            .bearer_auth(&self.config.secret)
            .header("stripe-version", self.config.stripe_version.as_str());
        match body {
            Some(body) => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body),
            None => request,
        }
    }
}

/// What a strategy of the package says about a repeat. One that tries several times has no key without the package's
/// feature `uuid`, which we leave out: it is for calls that do no harm twice.
const fn repeat(strategy: &RequestStrategy) -> Repeat {
    match strategy {
        RequestStrategy::Once => Repeat::Twice,
        RequestStrategy::Idempotent(_) => Repeat::UnderKey,
        RequestStrategy::Retry(_) | RequestStrategy::ExponentialBackoff(_) => Repeat::Harmless,
    }
}

/// One call on its way through the package.
struct Sender<'a> {
    connection: &'a Connection,
    call: Call,
}

/// Why the package gives no object.
enum NoObject {
    /// Stripe has none.
    Missing(ProviderMessage),
    Failed(PaymentError),
    /// The answer is no JSON.
    Unreadable(String),
}

impl StripeClientErr for NoObject {
    fn deserialize_err(message: impl Display) -> Self {
        Self::Unreadable(message.to_string())
    }
}

impl StripeClient for Sender<'_> {
    type Err = NoObject;

    /// As [`send`]: the tries, the pauses and what a failure means are ours; the key is the strategy's.
    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, NoObject> {
        let (request, custom) = request.into_pieces();
        let mut request = self.connection.build(request);
        if let Some(key) = custom.request_strategy.and_then(|strategy| strategy.get_key()) {
            request = request.header("idempotency-key", key.as_str());
        }
        let answer = send(self.call, request).await.map_err(NoObject::Failed)?;
        answer.body().map(Bytes::from).map_err(NoObject::Missing)
    }
}

/// The body of a refusal, in the package's words. Its `ApiErrors` also holds payments and cards as they are in its own
/// version of the API, so that a refusal of another version would tell nothing.
#[derive(miniserde::Deserialize)]
struct RefusalBody {
    error: RefusalWords,
}

#[derive(miniserde::Deserialize)]
struct RefusalWords {
    #[serde(rename = "type")]
    kind: Option<ApiErrorsType>,
    code: Option<ApiErrorsCode>,
    param: Option<String>,
}

fn refusal(body: &[u8]) -> Refusal {
    let Ok(text) = str::from_utf8(body) else {
        return Refusal::default();
    };
    let Ok(RefusalBody { error }) = quietly(|| json::from_str(text)) else {
        return Refusal::default();
    };
    Refusal {
        kind: error
            .kind
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default(),
        code: error
            .code
            .map(|code| code.as_str().to_owned())
            .unwrap_or_default(),
        param: error.param.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
