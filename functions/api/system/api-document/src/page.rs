//! The document as a page: every operation with its parameters, body and answers, then every schema. Plain HTML; a text of
//! the document is text on the page.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::document::etag;

const STYLE: &str = include_str!("page.css");
const METHODS: [&str; 4] = ["get", "post", "patch", "delete"];

/// The page, its tag, and the policy under which a browser shows it.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) html: String,
    pub(crate) etag: String,
    pub(crate) policy: String,
}

impl Page {
    /// The page of a document.
    pub(crate) fn of(document: &Value) -> Self {
        let html = Writer {
            document,
            html: String::new(),
        }
        .page();
        // Nothing is loaded, run, framed or sent; the one style is known by its hash.
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            STANDARD.encode(Sha256::digest(STYLE))
        );
        Self {
            etag: etag(&html),
            html,
            policy,
        }
    }
}

struct Writer<'a> {
    document: &'a Value,
    html: String,
}

impl<'a> Writer<'a> {
    fn page(mut self) -> String {
        let title = text_of(&self.document["info"], "title");
        let about = text_of(&self.document["info"], "description");
        self.put(&format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>\
             <p>{about}</p><p>For programs: <a href=\"v1/openapi.json\">the same as OpenAPI 3.1</a>.</p>"
        ));
        let tags = self.document["tags"].as_array().map_or(&[][..], Vec::as_slice);
        self.put("<nav><ul>");
        for tag in tags {
            let name = text_of(tag, "name");
            self.put(&format!("<li><a href=\"#tag-{name}\">{name}</a></li>"));
        }
        self.put("<li><a href=\"#schemas\">schemas</a></li></ul></nav>");
        for tag in tags {
            self.tag(tag);
        }
        self.schemas();
        self.put("</body></html>");
        self.html
    }

    fn put(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn tag(&mut self, tag: &Value) {
        let (name, about) = (text_of(tag, "name"), text_of(tag, "description"));
        self.put(&format!("<h2 id=\"tag-{name}\">{name}</h2><p>{about}</p>"));
        for (path, item) in members(&self.document["paths"]) {
            let of_tag = |operation: &&Value| operation.pointer("/tags/0") == tag.get("name");
            for (method, operation) in METHODS
                .iter()
                .filter_map(|method| Some((method, item.get(method).filter(of_tag)?)))
            {
                self.operation(method, path, operation);
            }
        }
    }

    fn operation(&mut self, method: &str, path: &str, operation: &'a Value) {
        let (id, summary) = (text_of(operation, "operationId"), text_of(operation, "summary"));
        let about = text_of(operation, "description");
        let (method, path) = (method.to_uppercase(), escaped(path));
        self.put(&format!(
            "<h3 id=\"{id}\"><code>{method} {path}</code></h3><p>{summary}</p><p>{about}</p>"
        ));
        if operation["security"].as_array().is_some_and(Vec::is_empty) {
            self.put("<p>Public.</p>");
        }
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        if !parameters.is_empty() {
            self.put("<table><tr><th>parameter</th><th>in</th><th>type</th><th>meaning</th></tr>");
            for parameter in parameters {
                let parameter = self.resolved(parameter);
                self.parameter(parameter);
            }
            self.put("</table>");
        }
        if let Some(schema) = operation["requestBody"].pointer("/content/application~1json/schema") {
            self.put(&format!("<p>Body: {}</p>", kind(schema)));
        }
        self.put("<table><tr><th>answer</th><th>type</th><th>meaning</th></tr>");
        for (status, answer) in members(&operation["responses"]) {
            let answer = self.resolved(answer);
            let schema = answer["content"]
                .as_object()
                .and_then(|content| content.values().next())
                .map_or_else(String::new, |content| kind(&content["schema"]));
            let meaning = text_of(answer, "description");
            self.put(&format!(
                "<tr><td><code>{status}</code></td><td>{schema}</td><td>{meaning}</td></tr>"
            ));
        }
        self.put("</table>");
    }

    fn parameter(&mut self, parameter: &Value) {
        let (name, place) = (text_of(parameter, "name"), text_of(parameter, "in"));
        let (kind, meaning) = (kind(&parameter["schema"]), text_of(parameter, "description"));
        let needed = if parameter["required"] == true {
            ", required"
        } else {
            ""
        };
        self.put(&format!(
            "<tr><td><code>{name}</code></td><td>{place}{needed}</td><td>{kind}</td><td>{meaning}</td></tr>"
        ));
    }

    fn schemas(&mut self) {
        self.put("<h2 id=\"schemas\">schemas</h2>");
        for (name, schema) in members(
            self.document
                .pointer("/components/schemas")
                .unwrap_or(&Value::Null),
        ) {
            let (name, about) = (escaped(name), text_of(schema, "description"));
            self.put(&format!(
                "<h3 id=\"schema-{name}\"><code>{name}</code></h3><p>{about}</p>"
            ));
            if schema.get("properties").is_some() {
                self.fields(schema);
            } else {
                self.put(&format!("<p>{}</p>", kind(schema)));
            }
        }
    }

    fn fields(&mut self, schema: &Value) {
        self.put("<table><tr><th>field</th><th>type</th><th>meaning</th></tr>");
        let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
        for (name, field) in members(&schema["properties"]) {
            let needed = if required.iter().any(|one| one == name) {
                ""
            } else {
                ", optional"
            };
            let (name, kind, meaning) = (escaped(name), kind(field), text_of(field, "description"));
            self.put(&format!(
                "<tr><td><code>{name}</code></td><td>{kind}{needed}</td><td>{meaning}</td></tr>"
            ));
        }
        self.put("</table>");
    }

    /// What a reference leads to; anything else is itself.
    fn resolved(&self, value: &'a Value) -> &'a Value {
        value["$ref"]
            .as_str()
            .and_then(|reference| self.document.pointer(reference.trim_start_matches('#')))
            .unwrap_or(value)
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A schema in a few words, with a link to one that has a name.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = escaped(reference.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[several].as_array() {
            let words: Vec<String> = choices.iter().map(kind).collect();
            return words.join(if several == "allOf" { " and " } else { " or " });
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(code).collect();
        return format!("one of {}", words.join(", "));
    }
    if let Some(constant) = schema.get("const") {
        return code(constant);
    }
    let mut words = match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        Value::String(word) if word == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(word) => escaped(word),
        _ => String::new(),
    };
    for limit in [
        "format",
        "pattern",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
    ] {
        if let Some(value) = schema.get(limit) {
            // Writing to a text cannot fail.
            write!(words, ", {limit} {}", code(value)).unwrap_or_default();
        }
    }
    words
}

fn code(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    format!("<code>{}</code>", escaped(&text))
}

/// A text of the document, with its `backticks` as code.
fn text_of(value: &Value, name: &str) -> String {
    let text = escaped(value[name].as_str().unwrap_or_default());
    let mut parts = text.split('`');
    let mut html = parts.next().unwrap_or_default().to_owned();
    let mut is_code = true;
    for part in parts {
        html.push_str(if is_code { "<code>" } else { "</code>" });
        html.push_str(part);
        is_code = !is_code;
    }
    if !is_code {
        html.push_str("</code>");
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
