//! Whether a value is what a schema of the document says; of JSON Schema the part that the document uses.

use serde_json::Value;

/// Keywords that say nothing about a value.
const SILENT: [&str; 9] = [
    "description",
    "example",
    "examples",
    "title",
    "format",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// What is wrong with `value` at `place`, if anything.
pub(crate) fn problems(document: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let Some(keywords) = schema.as_object() else {
        return Vec::new();
    };
    keywords
        .iter()
        .filter(|(keyword, _)| !SILENT.contains(&keyword.as_str()))
        .flat_map(|(keyword, rule)| match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().expect("a reference").trim_start_matches('#');
                let named = document.pointer(pointer).expect("a schema");
                problems(document, named, value, place)
            }
            "oneOf" => {
                let fits = each(rule).filter(|one| problems(document, one, value, place).is_empty());
                let one = fits.count() == 1;
                Vec::from_iter((!one).then(|| format!("{place}: fits not exactly one of `oneOf`")))
            }
            "allOf" => each(rule)
                .flat_map(|one| problems(document, one, value, place))
                .collect(),
            "properties" => fields(value)
                .filter_map(|(name, field)| Some((rule.get(name)?, name, field)))
                .flat_map(|(rule, name, field)| problems(document, rule, field, &format!("{place}/{name}")))
                .collect(),
            "additionalProperties" if rule.is_object() => fields(value)
                .filter(|(name, _)| schema["properties"].get(name).is_none())
                .flat_map(|(name, field)| problems(document, rule, field, &format!("{place}/{name}")))
                .collect(),
            "propertyNames" => fields(value)
                .flat_map(|(name, _)| problems(document, rule, &name.into(), place))
                .collect(),
            "items" => each(value)
                .flat_map(|item| problems(document, rule, item, &format!("{place}[]")))
                .collect(),
            _ => Vec::from_iter(
                (!fits_keyword(schema, keyword, value))
                    .then(|| format!("{place}: {value}, but {keyword} is {rule}")),
            ),
        })
        .collect()
}

/// The keywords that look at the value alone; one that is not known fits nothing, so that it is not overlooked.
fn fits_keyword(schema: &Value, keyword: &str, value: &Value) -> bool {
    let rule = &schema[keyword];
    match keyword {
        "type" => is_of_type(value, rule) || each(rule).any(|one| is_of_type(value, one)),
        "enum" => each(rule).any(|one| one == value),
        "const" => rule == value,
        "required" => each(rule).all(|name| name.as_str().is_some_and(|name| value.get(name).is_some())),
        "additionalProperties" => {
            rule == true || fields(value).all(|(name, _)| schema["properties"].get(name).is_some())
        }
        "minimum" => !value.is_number() || value.as_f64() >= rule.as_f64(),
        "maximum" => !value.is_number() || value.as_f64() <= rule.as_f64(),
        "minLength" => length(value).is_none_or(|chars| rule.as_u64() <= Some(chars)),
        "maxLength" => length(value).is_none_or(|chars| Some(chars) <= rule.as_u64()),
        "minItems" => value
            .as_array()
            .is_none_or(|items| rule.as_u64() <= u64::try_from(items.len()).ok()),
        "maxItems" => value
            .as_array()
            .is_none_or(|items| u64::try_from(items.len()).ok() <= rule.as_u64()),
        "pattern" => value.as_str().is_none_or(|text| matches(rule, text)),
        _ => false,
    }
}

fn matches(pattern: &Value, text: &str) -> bool {
    let pattern = pattern.as_str().expect("a pattern is a text");
    let pattern = regex_lite::Regex::new(pattern).expect("a pattern that can be read");
    pattern.is_match(text)
}

/// Characters of a text.
fn length(value: &Value) -> Option<u64> {
    u64::try_from(value.as_str()?.chars().count()).ok()
}

fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn fields(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, field)| (name.as_str(), field))
}

fn is_of_type(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap_or_default() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
