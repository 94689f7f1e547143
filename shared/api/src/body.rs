//! A JSON body to a type, and the reasons why it is not one: which field, which rule, never the value.

use domain::{ErrorCode, Failure, Invalid};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::json;

use crate::BODY_BYTES_MAX;

/// Refuses a body that its headers call something other than JSON in UTF-8, without compression. A body without a type
/// is taken as JSON.
///
/// # Errors
/// [`Failure`] with `unsupported_media_type`; `details.header` names the header.
pub fn check_type(content_type: Option<&str>, encoding: Option<&str>) -> Result<(), Failure> {
    let refused =
        |header: &str| Failure::new(ErrorCode::UnsupportedMediaType).with_details(json!({"header": header}));
    if !encoding.is_none_or(|encoding| encoding.trim().eq_ignore_ascii_case("identity")) {
        return Err(refused("content-encoding"));
    }
    let Some(content_type) = content_type else {
        return Ok(());
    };
    let mut parts = content_type
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase());
    let kind = parts.next().unwrap_or_default();
    let is_json = kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
    let is_utf8 = parts
        .filter_map(|part| {
            part.strip_prefix("charset=")
                .map(|name| name.trim_matches('"').to_owned())
        })
        .all(|name| ["utf-8", "utf8", "us-ascii"].contains(&name.as_str()));
    if is_json && is_utf8 {
        Ok(())
    } else {
        Err(refused("content-type"))
    }
}

/// Reads a body.
///
/// # Errors
/// As [`Request::json`](crate::Request::json).
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Failure::new(ErrorCode::PayloadTooLarge)
            .saying(&format!("The body must have at most {BODY_BYTES_MAX} bytes.")));
    }
    // Serde takes a list for an object whose fields it holds in their order; no route's body is a list.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Invalid::new("body", "type", "must be an object").into());
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        match cause.classify() {
            // Without its cause, which quotes the value: causes are logged.
            Category::Data => refusal(&path, &cause.to_string()).into(),
            Category::Syntax | Category::Eof | Category::Io => malformed(cause),
        }
    })?;
    json.end().map_err(malformed)?;
    Ok(value)
}

/// Where the body stops to be JSON, and why: serde's reasons of this kind quote nothing of the body.
fn malformed(cause: serde_json::Error) -> Failure {
    let (line, column) = (cause.line(), cause.column());
    let sentence = cause.to_string();
    let reason = sentence
        .rsplit_once(" at line ")
        .map_or(sentence.as_str(), |(reason, _)| reason);
    Failure::new(ErrorCode::MalformedJson)
        .with_details(json!({"line": line, "column": column, "reason": reason}))
        .because(cause)
}

/// Sorts serde's sentence, which quotes the value, into a rule and a sentence that does not.
fn refusal(path: &str, sentence: &str) -> Invalid {
    let parent = if path == "." { "" } else { path };
    let named = |name: &str| match (parent, name) {
        ("", "") => "body".to_owned(),
        ("", name) => name.to_owned(),
        (parent, "") => parent.to_owned(),
        (parent, name) if parent == name || parent.ends_with(&format!(".{name}")) => parent.to_owned(),
        (parent, name) => format!("{parent}.{name}"),
    };
    let quoted = || sentence.split('`').nth(1).unwrap_or_default();
    if sentence.starts_with("missing field") {
        Invalid::new(&named(quoted()), "required", "is required")
    } else if sentence.starts_with("unknown field") {
        // The one text of the caller's that is repeated: without it they cannot find their mistake.
        let name: String = quoted().chars().take(80).collect();
        Invalid::new(&named(&name), "unknown_field", "is not a field of this request")
    } else if sentence.starts_with("unknown variant") {
        Invalid::new(&named(""), "unknown_value", "is not one of the known words")
    } else if sentence.starts_with("invalid value: integer") {
        Invalid::new(&named(""), "range", "is too small or too large a number")
    } else if ["invalid type", "invalid value", "invalid length"]
        .iter()
        .any(|begin| sentence.starts_with(begin))
    {
        Invalid::new(&named(""), "type", &wanted(sentence))
    } else if sentence.starts_with("duplicate field") {
        Invalid::new(&named(quoted()), "duplicate", "is there twice")
    } else {
        Invalid::new(&named(""), "format", "has the wrong format")
    }
}

/// What should have been there, in the words of JSON; serde says it in those of Rust.
fn wanted(sentence: &str) -> String {
    let expected = sentence.rsplit_once(", expected ").map_or("", |(_, words)| words);
    let begins = |words: &[&str]| words.iter().any(|word| expected.starts_with(word));
    let kind = if begins(&["struct", "a map", "map", "internally tagged"]) {
        "an object"
    } else if begins(&["a sequence", "sequence", "tuple", "an array"]) {
        "a list"
    } else if begins(&["a string", "string", "a borrowed string", "a character"]) {
        "a text"
    } else if begins(&["a boolean", "bool"]) {
        "true or false"
    } else if begins(&["f32", "f64"]) {
        "a number"
    } else if begins(&[
        "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "usize", "integer",
    ]) {
        "a whole number"
    } else if begins(&["enum", "variant"]) {
        "one of the known words"
    } else {
        return "has the wrong type".to_owned();
    };
    format!("must be {kind}")
}

#[cfg(test)]
mod tests;
