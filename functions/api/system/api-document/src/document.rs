//! The committed document as it is served.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// `docs/openapi.json`, as the routes are.
const COMMITTED: &str = include_str!("../../../../../docs/openapi.json");

/// The document, its text and its tag.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) value: Value,
    pub(crate) text: String,
    pub(crate) etag: String,
}

impl Document {
    /// The committed document, with where it is served from as its first server: an address relative to its own, so that
    /// it is right behind every name and path that the API has.
    ///
    /// # Errors
    /// The parser's.
    pub(crate) fn committed() -> Result<Self, serde_json::Error> {
        let mut value: Value = serde_json::from_str(COMMITTED)?;
        if let Some(servers) = value.get_mut("servers").and_then(Value::as_array_mut) {
            servers.insert(
                0,
                json!({"url": "..", "description": "Where this document was read from."}),
            );
        }
        let text = value.to_string();
        let etag = etag(&text);
        Ok(Self { value, text, etag })
    }

    /// Whether a path is one of the document's. One whose last segment is not plain is none: it would be repeated in a
    /// header.
    pub(crate) fn has(&self, path: &str) -> bool {
        let paths = self.value.get("paths").and_then(Value::as_object);
        let is_plain = path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte));
        is_plain
            && paths
                .into_iter()
                .flatten()
                .any(|(template, _)| fits(template, path))
    }
}

/// Whether a path is that of a template; a parameter stands for one segment that is not empty.
fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => {}
            (Some(word), Some(segment)) if word == segment => {}
            _ => return false,
        }
    }
}

/// A tag of a text: it changes when the text does.
pub(crate) fn etag(text: &str) -> String {
    let hash = hex::encode(Sha256::digest(text));
    format!("\"{}\"", hash.get(..16).unwrap_or(&hash))
}
