//! What a route answers, before the runner puts the envelope and the request id round it.

use std::collections::BTreeMap;

use domain::Failure;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::table;

/// Seconds after which a caller may look for the result of what was accepted: 20 looks a minute, a fifth of what an
/// account may call.
const POLL_AFTER_S: u32 = 3;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// What becomes `data` of the envelope; null has no body at all with 204.
    pub data: Value,
    /// Headers beyond those of every answer, by lower-case name.
    pub headers: BTreeMap<&'static str, String>,
    /// What a repeat with the same `Idempotency-Key` answers instead of `data`, where `data` holds a secret
    /// that must not be stored.
    pub replay: Option<Value>,
}

impl Response {
    /// 200 with data.
    ///
    /// # Errors
    /// [`Failure`] with `internal` when `data` cannot be JSON: a bug in its type.
    pub fn ok<T: Serialize + ?Sized>(data: &T) -> Result<Self, Failure> {
        Self::of(StatusCode::OK, data)
    }

    /// 201 with what was made, and the path under which it is found.
    ///
    /// # Errors
    /// As [`Self::ok`].
    pub fn created<T: Serialize + ?Sized>(data: &T, path: &str) -> Result<Self, Failure> {
        Ok(Self::of(StatusCode::CREATED, data)?.with_header("location", path))
    }

    /// 202: it is done later; [`Self::found_at`] says where to look.
    ///
    /// # Errors
    /// As [`Self::ok`].
    pub fn accepted<T: Serialize + ?Sized>(data: &T) -> Result<Self, Failure> {
        Ok(Self::of(StatusCode::ACCEPTED, data)?.worth_asking_again())
    }

    /// The same with the path under which what it tells of is found.
    #[must_use]
    pub fn found_at(self, path: &str) -> Self {
        self.with_header("location", path)
    }

    /// The same with the time after which it is worth to ask again.
    #[must_use]
    pub fn worth_asking_again(self) -> Self {
        self.with_header("retry-after", &POLL_AFTER_S.to_string())
    }

    /// The same with its entity tag: a caller who knows it is answered 304.
    #[must_use]
    pub fn tagged(self, etag: &str) -> Self {
        self.with_header("etag", etag)
    }

    /// 204 without a body.
    pub const fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            data: Value::Null,
            headers: BTreeMap::new(),
            replay: None,
        }
    }

    /// 200 with a text instead of the envelope.
    pub fn text(content_type: &str, text: String) -> Self {
        Self {
            status: StatusCode::OK,
            data: Value::String(text),
            headers: BTreeMap::from([("content-type", content_type.to_owned())]),
            replay: None,
        }
    }

    /// 200 with a table instead of the envelope: RFC 4180, UTF-8, its first line the names of the columns.
    ///
    /// # Promises
    /// No cell is a formula to a spreadsheet: a text that begins like one gets an apostrophe in front.
    ///
    /// # Errors
    /// [`Failure`] with `internal` when a line has other columns than the first.
    pub fn csv<I, L>(name: &str, lines: I) -> Result<Self, Failure>
    where
        I: IntoIterator<Item = L>,
        L: IntoIterator<Item = String>,
    {
        let disposition = format!("attachment; filename=\"{name}.csv\"");
        Ok(Self {
            status: StatusCode::OK,
            data: Value::String(table::csv(lines)?),
            headers: BTreeMap::from([
                ("content-type", "text/csv; charset=utf-8".to_owned()),
                ("content-disposition", disposition),
            ]),
            replay: None,
        })
    }

    /// The text that stands in the body as it is, when this is no envelope.
    pub fn plain(&self) -> Option<&str> {
        self.headers.get("content-type").and_then(|_| self.data.as_str())
    }

    /// The same, with what a repeat is answered instead of the data.
    ///
    /// # Errors
    /// As [`Self::ok`].
    pub fn replayed_as<T: Serialize + ?Sized>(mut self, data: &T) -> Result<Self, Failure> {
        self.replay = Some(to_value(data)?);
        Ok(self)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    pub(crate) fn of<T: Serialize + ?Sized>(status: StatusCode, data: &T) -> Result<Self, Failure> {
        Ok(Self {
            status,
            data: to_value(data)?,
            headers: BTreeMap::new(),
            replay: None,
        })
    }
}

fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, Failure> {
    serde_json::to_value(data).map_err(|cause| Failure::new(domain::ErrorCode::Internal).because(cause))
}
