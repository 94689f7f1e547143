//! One call of the API, as every route sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use domain::account::Caller;
use domain::settings::Language;
use domain::{ErrorCode, Failure, Invalid, RequestId, Timestamp};
use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use store::PageRequest;

use crate::rate_limits::RateLimits;
use crate::{body, etag};

/// Largest body in bytes: 256 KiB holds a script of every section at its longest several times over.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Most characters of an unknown query parameter's name that a refusal repeats.
const QUERY_NAME_CHARS_SHOWN: usize = 80;
/// Longest `Idempotency-Key`, in characters.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 255;

/// One call of the API.
///
/// # Shape
/// `events/<function>/<case>.json` holds the HTTP API event (payload 2.0) that it is made from.
#[derive(Clone)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path with its real ids, `/v1/projects/prj_...`.
    pub path: String,
    /// Path parameters by the names of the route.
    pub path_params: BTreeMap<String, String>,
    /// Query parameters, decoded; of a repeated one the first.
    pub query: BTreeMap<String, String>,
    /// Names of query parameters that were sent more than once.
    pub repeated_query: BTreeSet<String>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// Body as it was sent, after base64.
    pub body: Vec<u8>,
    /// Who calls; none when the credentials are missing or were refused.
    pub caller: Option<Caller>,
    /// Why the authorizer found no caller, when it was for another reason than the credentials.
    pub refused: Option<ErrorCode>,
    /// Id of this call, in the answer and in every log line.
    pub request_id: RequestId,
    /// Address of the client.
    pub source_ip: String,
    /// When the call arrived.
    pub now: Timestamp,
    /// The limits that the call was counted in, for the headers of its answer.
    pub rate_limits: RateLimits,
}

/// A request with the names of the query parameters that its route takes; a plain `&Request` takes none.
#[derive(Debug, Clone, Copy)]
pub struct WithQuery<'a> {
    pub(crate) request: &'a Request,
    names: &'static [&'static str],
}

impl<'a> From<&'a Request> for WithQuery<'a> {
    fn from(request: &'a Request) -> Self {
        Self { request, names: &[] }
    }
}

impl WithQuery<'_> {
    /// Refuses a query parameter that the route does not take, and one that was sent twice: it would be ignored.
    ///
    /// # Errors
    /// [`Invalid`] with `unknown_field` or `duplicate` under the parameter's name.
    pub fn check(&self) -> Result<(), Invalid> {
        let query = &self.request.query;
        if let Some(name) = query.keys().find(|name| !self.names.contains(&name.as_str())) {
            let name: String = name.chars().take(QUERY_NAME_CHARS_SHOWN).collect();
            return Err(Invalid::new(
                &name,
                "unknown_field",
                "is not a query parameter of this route",
            ));
        }
        match self.request.repeated_query.first() {
            Some(name) => Err(Invalid::new(name, "duplicate", "is there twice")),
            None => Ok(()),
        }
    }
}

/// A body without a field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl fmt::Debug for Request {
    /// Headers hold tokens and bodies hold passwords and scripts: neither is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// The same request for a route that takes these query parameters and no others.
    pub const fn with_query(&self, names: &'static [&'static str]) -> WithQuery<'_> {
        WithQuery { request: self, names }
    }

    /// Refuses every query parameter, in a route that neither authorizes nor counts.
    ///
    /// # Errors
    /// As [`WithQuery::check`].
    pub fn no_query(&self) -> Result<(), Invalid> {
        WithQuery::from(self).check()
    }

    /// The body as `T`; a field that `T` does not know is refused by name when `T` denies unknown fields.
    ///
    /// # Errors
    /// [`Failure`] with `unsupported_media_type` when a header says that the body is something other than plain JSON in
    /// UTF-8, `payload_too_large`, `malformed_json` (`details.line` and `details.column`, from 1), or
    /// `validation_failed` with the field's path.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let header = |name: &str| self.headers.get(name).map(String::as_str);
        body::check_type(header("content-type"), header("content-encoding"))?;
        body::parse(&self.body)
    }

    /// The id in the path.
    ///
    /// # Errors
    /// [`Failure`] with `not_found`: what is not an id names nothing.
    pub fn path_id<T: FromStr<Err = Invalid>>(&self, name: &str) -> Result<T, Failure> {
        self.path_params
            .get(name)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Failure::new(ErrorCode::NotFound))
    }

    /// Which page of a list is asked for: `limit` 1 to 100 and `cursor`.
    ///
    /// # Errors
    /// [`Failure`] with `validation_failed` for the limit. An edited cursor is found by the store.
    pub fn page(&self) -> Result<PageRequest, Failure> {
        let parameter = |name: &str| self.query.get(name).map(String::as_str);
        Ok(PageRequest::parse(parameter("limit"), parameter("cursor"))?)
    }

    /// Whether a list is asked for as a table: by `format=csv`, or without a `format` by an `Accept` that names
    /// `text/csv` and does not name `application/json` before it.
    ///
    /// # Errors
    /// [`Failure`] with `validation_failed` for another format.
    pub fn wants_table(&self) -> Result<bool, Failure> {
        match self.query.get("format").map(String::as_str) {
            Some("csv") => Ok(true),
            Some("json") => Ok(false),
            Some(_) => Err(Invalid::new("format", "unknown_value", "must be json or csv").into()),
            None => {
                let accepted = self.headers.get("accept").map_or("", String::as_str);
                let kinds = accepted
                    .split(',')
                    .map(|range| range.split(';').next().unwrap_or(""));
                let first = kinds
                    .map(str::trim)
                    .find(|kind| ["text/csv", "application/json"].contains(kind));
                Ok(first == Some("text/csv"))
            }
        }
    }

    /// The first language of `Accept-Language` that the product speaks; English when none is.
    pub fn language(&self) -> Language {
        self.headers
            .get("accept-language")
            .map_or(Language::English, |header| Language::from_accept_language(header))
    }

    /// The `Idempotency-Key`, if the caller sent one.
    ///
    /// # Errors
    /// [`Failure`] with `validation_failed` unless it is 1 to [`IDEMPOTENCY_KEY_CHARS_MAX`] visible ASCII
    /// characters.
    pub fn idempotency_key(&self) -> Result<Option<&str>, Failure> {
        let Some(key) = self.headers.get("idempotency-key") else {
            return Ok(None);
        };
        let fits = (1..=IDEMPOTENCY_KEY_CHARS_MAX).contains(&key.len());
        if fits && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Some(key))
        } else {
            let message = format!("must be 1 to {IDEMPOTENCY_KEY_CHARS_MAX} visible ASCII characters");
            Err(Invalid::new("Idempotency-Key", "format", &message).into())
        }
    }

    /// Takes a body without a field: none at all, or `{}`.
    ///
    /// # Errors
    /// [`Failure`] as [`Self::json`]: a field is refused by name, since it would change nothing.
    pub fn no_fields(&self) -> Result<(), Failure> {
        if self.body.is_empty() {
            return Ok(());
        }
        self.json::<Nothing>().map(|Nothing {}| ())
    }

    /// What a route answers to a method that it does not have; `details.allow` names those it has, with the two that the
    /// runner adds: `HEAD` beside `GET`, and `OPTIONS`.
    pub fn method_not_allowed(&self, methods: &[Method]) -> Failure {
        let mut allow: BTreeSet<&str> = methods.iter().map(Method::as_str).collect();
        if methods.contains(&Method::GET) {
            allow.insert(Method::HEAD.as_str());
        }
        allow.insert(Method::OPTIONS.as_str());
        Failure::new(ErrorCode::MethodNotAllowed).with_details(json!({"allow": allow}))
    }

    /// Refuses a change of something that is not the version that the caller names in `If-Match`.
    ///
    /// # Errors
    /// [`Failure`] with `precondition_failed`.
    pub fn check_version(&self, version: u64) -> Result<(), Failure> {
        match self.headers.get("if-match") {
            Some(header) if !etag::names_version(header, version) => {
                Err(Failure::new(ErrorCode::PreconditionFailed))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
