//! What generators of clients need: every answer and every entry of a list is a schema with a name, optional fields have
//! no default, and query parameters say the limits that the server holds.

use serde_json::{Map, Value, json};

use super::{entries, reference};

/// The prefix that the derive gives to the page of a list.
const PAGE: &str = "PageView_";

/// Names what is anonymous and removes defaults of optional fields, in the whole document.
pub(super) fn complete(document: &mut Value) {
    without_defaults(document);
    spell_out_choices(document);
    name_entries(document);
    name_answers(document);
}

/// A generator takes a field with a default as present: an absent field then fails to compile in the caller's code.
fn without_defaults(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_empty =
                |default: &Value| default.is_null() || default.as_array().is_some_and(Vec::is_empty);
            if fields.get("default").is_some_and(is_empty) {
                fields.remove("default");
            }
            fields.values_mut().for_each(without_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(without_defaults),
        _ => {}
    }
}

/// An object beside a choice of objects becomes a choice of whole objects: generators drop a mixture of the two.
fn spell_out_choices(document: &mut Value) {
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let known = schemas.clone();
    for schema in schemas.values_mut() {
        if let Some(choice) = spelled_out(schema, &known) {
            *schema = choice;
        }
    }
}

/// The same as a choice of whole objects; none for what is no object beside a choice.
fn spelled_out(schema: &Value, known: &Map<String, Value>) -> Option<Value> {
    let named = |part: &Value| {
        let name = part.get("$ref")?.as_str()?.rsplit('/').next()?;
        known.get(name)?.get("oneOf")?.as_array().cloned()
    };
    let parts = schema.get("allOf")?.as_array()?;
    let (choices, objects): (Vec<_>, Vec<_>) = parts.iter().partition(|part| named(part).is_some());
    let [choice] = choices.as_slice() else {
        return None;
    };
    let variants = named(choice)?.into_iter().map(|mut variant| {
        for object in &objects {
            add_fields(&mut variant, object);
        }
        variant
    });
    let description = schema.get("description").cloned().unwrap_or_default();
    Some(json!({"description": description, "oneOf": variants.collect::<Vec<_>>()}))
}

/// Adds the fields of one object's schema to another's.
fn add_fields(to: &mut Value, from: &Value) {
    if let (Some(own), Some(more)) = (
        to.get_mut("properties").and_then(Value::as_object_mut),
        from.get("properties").and_then(Value::as_object),
    ) {
        own.extend(more.clone());
    }
    if let (Some(own), Some(more)) = (
        to.get_mut("required").and_then(Value::as_array_mut),
        from.get("required").and_then(Value::as_array),
    ) {
        own.extend(more.iter().cloned());
    }
}

/// The entries of a page refer to their schema; the derive writes a copy of it, for a page inside of another answer the
/// only one.
fn name_entries(document: &mut Value) {
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let mut copies: Map<String, Value> = Map::new();
    for (name, page) in schemas.iter_mut() {
        if let (Some(entry), Some(items)) = (
            name.strip_prefix(PAGE),
            page.pointer_mut("/properties/items/items"),
        ) {
            copies.insert(entry.to_owned(), items.take());
            *items = reference("schemas", entry);
        }
    }
    for (entry, copy) in copies {
        schemas.entry(entry).or_insert(copy);
    }
}

/// `list_projects` answers with the schema `ListProjectsEnvelope`, and so on.
fn name_answers(document: &mut Value) {
    let mut named: Map<String, Value> = Map::new();
    let items = entries(document, "paths").filter_map(|(_, item)| item.as_object_mut());
    for operation in items.flat_map(Map::values_mut) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str).map(camel) else {
            continue;
        };
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        let answers = responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'));
        for schema in
            answers.filter_map(|(_, answer)| answer.pointer_mut("/content/application~1json/schema"))
        {
            if schema.pointer("/properties/success").is_none() {
                continue;
            }
            let name = format!("{id}Envelope");
            named.insert(name.clone(), schema.take());
            *schema = reference("schemas", &name);
        }
    }
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.extend(named);
    }
}

fn camel(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    words.split('_').map(capital).collect()
}

/// Says what the server takes of the query parameters that several routes share.
pub(super) fn limit_query(parameters: &mut Value) {
    for parameter in parameters.as_array_mut().into_iter().flatten() {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let schema = match name {
            "limit" => {
                json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 20})
            }
            "format" => json!({"type": "string", "enum": ["json", "csv"]}),
            "from" | "to" => json!({"type": "string", "format": "date"}),
            "month" => json!({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}),
            _ => continue,
        };
        if parameter.get("in").is_some_and(|place| place == "query")
            && let Some(own) = parameter.get_mut("schema")
        {
            *own = schema;
        }
    }
}
