//! One call of the API, as every route sees it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use domain::account::Caller;
use domain::settings::Language;
use domain::{ErrorCode, Failure, Invalid, RequestId, Timestamp};
use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::PageRequest;

use crate::body;

/// Largest body in bytes: 256 KiB holds a script of every section at its longest several times over.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
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
    /// The body as `T`; a field that `T` does not know is refused by name when `T` denies unknown fields.
    ///
    /// # Errors
    /// [`Failure`] with `payload_too_large`, `malformed_json`, or `validation_failed` with the field's path.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
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

    /// What a route answers to a method that it does not have.
    pub fn method_not_allowed(&self) -> Failure {
        Failure::new(ErrorCode::MethodNotAllowed)
    }
}

#[cfg(test)]
pub(crate) mod tests;
