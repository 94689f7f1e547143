//! The runner of an HTTP route: event to [`Request`], answer to envelope.

mod asked;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use ::http::StatusCode;
use api::{RateLimits, Request, Response};
use domain::account::Caller;
use domain::ports::{Clock, IdSource, Work};
use domain::{Class, ErrorCode, Failure, RequestId, Timestamp};
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt};
use serde_json::{Value, json};
use tracing::Instrument;

use self::asked::Asked;
use crate::{Env, RandomIds, StartError, SystemClock, logging};

/// An answer on the wire.
pub type Answer = lambda_http::Response<Body>;

type Handler = Arc<dyn Fn(Request) -> Work<'static, Result<Response, Failure>> + Send + Sync>;

/// Runs an HTTP route until the sandbox ends.
///
/// # Errors
/// [`StartError`] when `connect` fails or the Lambda service cannot be reached.
pub async fn http<D, C, CF, H, HF>(connect: C, handle: H) -> Result<(), StartError>
where
    D: Send + Sync + 'static,
    C: FnOnce(&'static Env) -> CF,
    CF: Future<Output = Result<D, StartError>>,
    H: Fn(&'static D, Request) -> HF + Send + Sync + 'static,
    HF: Future<Output = Result<Response, Failure>> + Send + 'static,
{
    let deps = logging::start(connect).await?;
    serve(Arc::new(move |request| Box::pin(handle(deps, request)))).await
}

/// The part that is the same for every route, compiled once.
async fn serve(handler: Handler) -> Result<(), StartError> {
    let service = lambda_http::service_fn(move |event: lambda_http::Request| {
        let handler = Arc::clone(&handler);
        async move {
            let now = SystemClock.now();
            let request = request_of(event, RequestId::new(RandomIds.mint(now)), now);
            Ok::<_, lambda_http::Error>(one(&handler, request).await)
        }
    });
    lambda_http::run(service)
        .await
        .map_err(|source| StartError::failed("running the HTTP route", source))
}

async fn one(handler: &Handler, request: Request) -> Answer {
    let request_id = request.request_id;
    let (asked, request) = Asked::of(request);
    let span = tracing::info_span!(
        "request",
        "request.id" = %request_id,
        "http.method" = %asked.method,
        "http.path" = %request.path,
        "account.id" = request.caller.as_ref().map(|caller| tracing::field::display(caller.account_id)),
        "job.id" = tracing::field::Empty,
        "cold" = logging::is_cold(),
    );
    async {
        let outcome = asked.outcome(handler(request).await);
        logging::http_outcome(&outcome);
        asked.shape(answer(outcome, request_id))
    }
    .instrument(span)
    .await
}

/// Reads an HTTP API event (payload 2.0), as the runner does.
///
/// # Errors
/// The parser's, when the text is no such event.
pub fn request_of_event(
    event: &str,
    request_id: RequestId,
    now: Timestamp,
) -> Result<Request, serde_json::Error> {
    lambda_http::request::from_str(event).map(|event| request_of(event, request_id, now))
}

fn request_of(event: lambda_http::Request, request_id: RequestId, now: Timestamp) -> Request {
    let (caller, refused, source_ip) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            let fields = context.authorizer.as_ref().map(|authorizer| &authorizer.fields);
            let text = |name: &str| fields.and_then(|fields| fields.get(name)).and_then(Value::as_str);
            (
                text("caller").and_then(|json| serde_json::from_str::<Caller>(json).ok()),
                text("refused").and_then(|code| serde_json::from_value(json!(code)).ok()),
                context.http.source_ip.clone().unwrap_or_default(),
            )
        }
        _ => (None, None, String::new()),
    };
    let map = |pairs: &QueryMap| -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        for (name, value) in pairs.iter() {
            map.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        map
    };
    let path_params = event.path_parameters_ref().map(map).unwrap_or_default();
    let pairs = event.query_string_parameters_ref();
    let query = pairs.map(map).unwrap_or_default();
    let repeated_query = query
        .keys()
        .filter(|name| {
            pairs
                .and_then(|pairs| pairs.all(name))
                .is_some_and(|values| values.len() > 1)
        })
        .cloned()
        .collect();
    let (parts, body) = event.into_parts();
    let headers = parts
        .headers
        .iter()
        // Bytes that are no text stay visible, so that a rule of a header can refuse them.
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    Request {
        path: parts.uri.path().to_owned(),
        method: parts.method,
        path_params,
        query,
        repeated_query,
        headers,
        body: body.to_vec(),
        caller,
        refused,
        request_id,
        source_ip,
        now,
        rate_limits: RateLimits::default(),
    }
}

/// Puts the envelope, the request id and the headers round an outcome.
///
/// # Promises
/// A failure on our side says only what the registry says of its code, whatever sentence it carries.
pub fn answer(outcome: Result<Response, Failure>, request_id: RequestId) -> Answer {
    let (status, headers, body): (u16, BTreeMap<&'static str, String>, _) = match outcome {
        Ok(response) if response.status == StatusCode::NO_CONTENT || response.status.is_redirection() => {
            (response.status.as_u16(), response.headers, None)
        }
        Ok(response) => {
            let body = match response.plain() {
                Some(text) => text.to_owned(),
                None => json!({"success": true, "data": response.data}).to_string(),
            };
            (response.status.as_u16(), response.headers, Some(body))
        }
        Err(failure) => (
            failure.code.status(),
            retry_after(&failure).into_iter().chain(allow(&failure)).collect(),
            Some(error_body(&failure).to_string()),
        ),
    };
    let mut builder = lambda_http::Response::builder()
        .status(status)
        .header("x-request-id", request_id.to_string())
        .header("x-content-type-options", "nosniff");
    if !headers.contains_key("cache-control") {
        // What has a tag may be kept by its caller alone, who asks each time whether it is still so.
        let tagged = headers.contains_key("etag");
        builder = builder.header(
            "cache-control",
            if tagged { "private, no-cache" } else { "no-store" },
        );
    }
    if body.is_some() && !headers.contains_key("content-type") {
        builder = builder.header("content-type", "application/json");
    }
    if status == StatusCode::UNAUTHORIZED.as_u16() {
        builder = builder.header("www-authenticate", "Bearer");
    }
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let built = match body {
        Some(body) => builder.body(Body::Text(body)),
        None => builder.body(Body::Empty),
    };
    built.unwrap_or_else(|cause| {
        tracing::error!(error = %cause, "a header could not be written");
        let mut bare = Answer::new(Body::Empty);
        *bare.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        bare
    })
}

fn error_body(failure: &Failure) -> Value {
    let ours = failure.code.class() == Class::Bug;
    let message = if ours {
        failure.code.meaning()
    } else {
        &failure.public
    };
    let mut error = json!({"code": failure.code, "message": message});
    if let (Some(details), Some(fields), false) = (&failure.details, error.as_object_mut(), ours) {
        fields.insert("details".to_owned(), details.clone());
    }
    json!({"success": false, "error": error})
}

fn allow(failure: &Failure) -> Option<(&'static str, String)> {
    let methods = failure.details.as_ref()?.get("allow")?.as_array()?;
    let methods: Vec<&str> = methods.iter().filter_map(Value::as_str).collect();
    (failure.code == ErrorCode::MethodNotAllowed).then(|| ("allow", methods.join(", ")))
}

fn retry_after(failure: &Failure) -> Option<(&'static str, String)> {
    let asked = failure
        .details
        .as_ref()
        .and_then(|details| details.get("retry_after_s"))
        .and_then(Value::as_u64);
    let seconds = match (asked, failure.code) {
        (Some(seconds), _) => Some(seconds),
        (None, ErrorCode::Unavailable) => Some(1),
        (None, _) => None,
    };
    seconds.map(|seconds| ("retry-after", seconds.to_string()))
}

#[cfg(test)]
mod tests;
