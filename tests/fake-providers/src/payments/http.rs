//! Requests and answers of a fake provider, without a server around them.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Names and values of a form or a query, names with their brackets: `line_items[0][price]`.
pub type Fields = BTreeMap<String, String>;

/// A request as a fake reads it.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// Path without its slash at the front.
    pub path: String,
    /// Query.
    pub query: Fields,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Call {
    /// The body as a form.
    pub fn form(&self) -> Fields {
        fields(&String::from_utf8_lossy(&self.body))
    }

    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The path in parts.
    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }
}

/// Reads `application/x-www-form-urlencoded`.
pub fn fields(text: &str) -> Fields {
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Fields under a name: `metadata[a]` of `metadata` is `a`.
pub fn nested(fields: &Fields, under: &str) -> Fields {
    fields
        .iter()
        .filter_map(|(name, value)| {
            let inner = name.strip_prefix(under)?.strip_prefix('[')?.strip_suffix(']')?;
            (!inner.contains('[')).then(|| (inner.to_owned(), value.clone()))
        })
        .collect()
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `application/json` or `text/html`.
    pub content_type: &'static str,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: String,
}

impl Reply {
    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            content_type: "application/json",
            headers: Vec::new(),
            body: body.to_string(),
        }
    }

    /// A page.
    pub fn html(status: u16, body: String) -> Self {
        Self {
            status,
            content_type: "text/html; charset=utf-8",
            headers: Vec::new(),
            body,
        }
    }

    /// Sends a browser elsewhere after a form.
    pub fn redirect(to: &str) -> Self {
        let mut reply = Self::html(303, String::new());
        reply.headers.push(("location", to.to_owned()));
        reply
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}
