//! The few forms of `JSONPath` and payload template that our machines use.

use serde_json::Value;

/// The value at `$`, `$.a.b` or, in the context object, `$$.a.b`.
pub(super) fn read(path: &str, data: &Value, context: &Value) -> Value {
    let (from, rest) = match path.strip_prefix("$$") {
        Some(rest) => (context, rest),
        None => (data, path.strip_prefix('$').expect("a path begins with $")),
    };
    rest.split('.')
        .filter(|part| !part.is_empty())
        .fold(from, |value, part| {
            value
                .get(part)
                .unwrap_or_else(|| panic!("{path} leads nowhere in {from}"))
        })
        .clone()
}

/// What is at `$.a.b[0]`, if anything is.
pub(super) fn look<'a>(path: &str, data: &'a Value) -> Option<&'a Value> {
    let rest = path.strip_prefix("$.")?;
    rest.split('.').try_fold(data, |value, part| {
        let item = part.strip_suffix(']').and_then(|part| part.split_once('['));
        match item {
            Some((name, index)) => value.get(name)?.get(index.parse::<usize>().ok()?),
            None => value.get(part),
        }
    })
}

/// A template with each `"name.$": "path"` replaced by the value it leads to.
pub(super) fn fill(template: &Value, data: &Value, context: &Value) -> Value {
    let Value::Object(fields) = template else {
        return template.clone();
    };
    let filled = fields
        .iter()
        .map(|(name, value)| match (name.strip_suffix(".$"), value) {
            (Some(name), Value::String(path)) => (name.to_owned(), read(path, data, context)),
            _ => (name.clone(), fill(value, data, context)),
        });
    Value::Object(filled.collect())
}

/// `data` with `result` at a top-level name.
pub(super) fn insert(path: &str, data: &Value, result: Value) -> Value {
    let name = path.strip_prefix("$.").expect("a ResultPath of one name");
    assert!(
        !name.contains('.'),
        "the walker knows a ResultPath of one name only"
    );
    let mut output = data.clone();
    output
        .as_object_mut()
        .expect("an object")
        .insert(name.to_owned(), result);
    output
}
