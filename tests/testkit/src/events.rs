//! The sample events of `events/<function>/<case>.json`.
//!
//! A sample is an event in full, or in short: an object with `method` and `path`. The rule of the short form is written
//! down in `infra/local/events.py`, which `make invoke` uses; both are held to the same example.

use std::fs;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::workspace::root;

/// The event of a sample, as text.
pub fn sample(function: &str, case: &str) -> String {
    let path = root().join(format!("events/{function}/{case}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    let sample: Value =
        serde_json::from_str(&text).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    if sample["method"].is_string() && sample["path"].is_string() {
        return expanded(&sample).to_string();
    }
    text
}

/// The cases of a function, sorted.
pub fn cases(function: &str) -> Vec<String> {
    let folder = root().join(format!("events/{function}"));
    let mut cases: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()))
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "{function} has no samples");
    cases
}

/// The event of the HTTP API that a sample in short stands for.
fn expanded(sample: &Value) -> Value {
    let method = sample["method"].as_str().expect("a method");
    let path = sample["path"].as_str().expect("a path");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (template, raw, parameters) = with_parameters(path);
    // A path is one route with every method.
    let route = format!("ANY {template}");
    let mut headers = object(json!({
        "accept": "application/json",
        "host": "api.example.com",
        "user-agent": "sample/1",
    }));
    let mut event = json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw,
        "rawQueryString": query,
        "requestContext": context(method, &raw, &route),
        "isBase64Encoded": false,
    });
    match &sample["body"] {
        Value::Null => {}
        body => {
            headers.insert("content-type".to_owned(), json!("application/json"));
            event["body"] = Value::from(body.as_str().map_or_else(|| body.to_string(), str::to_owned));
        }
    }
    if let Some(caller) = caller(sample.get("caller")) {
        headers.insert("authorization".to_owned(), json!("Bearer (redacted)"));
        event["requestContext"]["authorizer"] = json!({"lambda": {"caller": caller.to_string()}});
    }
    merge(&mut headers, &sample["headers"]);
    event["headers"] = Value::Object(headers);
    if !parameters.is_empty() {
        event["pathParameters"] = Value::Object(parameters);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = Value::Object(query.split('&').map(query_parameter).collect());
    }
    event
}

/// `/v1/projects/{project_id=prj_1}` as the route's path, as the request's path, and its parameters.
fn with_parameters(path: &str) -> (String, String, Map<String, Value>) {
    let (mut template, mut raw, mut parameters) = (String::new(), String::new(), Map::new());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (parameter, after) = after.split_once('}').expect("a parameter ends");
        let (name, value) = parameter.split_once('=').expect("a parameter has a value");
        template.extend([before, "{", name, "}"]);
        raw.extend([before, value]);
        parameters.insert(name.to_owned(), json!(value));
        rest = after;
    }
    (template + rest, raw + rest, parameters)
}

fn query_parameter(pair: &str) -> (String, Value) {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let value = value.replace('+', " ");
    let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
    (name.to_owned(), Value::String(value))
}

/// Who calls: the first customer with what differs from it; `null` is nobody.
fn caller(differs: Option<&Value>) -> Option<Value> {
    let mut caller = object(json!({
        "account_id": "acct_00000000000000000000000001",
        "scopes": ["create", "read", "delete"],
        "plan": "free",
        "role": "customer",
    }));
    match differs {
        Some(Value::Null) => return None,
        Some(differs) => merge(&mut caller, differs),
        None => {}
    }
    Some(Value::Object(caller))
}

/// What the gateway says of a request.
fn context(method: &str, path: &str, route: &str) -> Value {
    json!({
        "accountId": "000000000000",
        "apiId": "sample",
        "domainName": "api.example.com",
        "domainPrefix": "api",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": "sample/1",
        },
        "requestId": "sample",
        "routeKey": route,
        "stage": "$default",
        "time": "21/Nov/2026:08:00:00 +0000",
        "timeEpoch": crate::time::NOW_MS,
    })
}

/// Puts fields into an object; a field that is null goes out of it.
fn merge(object: &mut Map<String, Value>, fields: &Value) {
    for (name, value) in fields.as_object().into_iter().flatten() {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("no object: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same pair of files as in `infra/local/test_events.py`.
    #[test]
    fn the_short_form_stands_for_the_event_in_full() {
        let read = |name: &str| {
            let path = root().join(format!("infra/local/testdata/{name}.json"));
            let text = fs::read_to_string(path).expect("a file");
            serde_json::from_str::<Value>(&text).expect("JSON")
        };
        let mut made = expanded(&read("event_short"));
        for place in ["/body", "/requestContext/authorizer/lambda/caller"] {
            let text = made.pointer_mut(place).expect("it is there");
            *text = serde_json::from_str(text.as_str().expect("a text")).expect("JSON");
        }
        assert_eq!(made, read("event_in_full"));
    }
}
