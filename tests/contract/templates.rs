//! The documents of the engine's templates against their schema.

use std::fs;

use serde_json::Value;
use testkit::workspace::root;

use crate::openapi::schema::problems;

fn read(name: &str) -> Value {
    let path = root().join("shared/engine/templates").join(name);
    let text = fs::read_to_string(path).expect("a template");
    serde_json::from_str(&text).expect("JSON")
}

/// File names of all documents but the schema.
fn names() -> Vec<String> {
    let folder = fs::read_dir(root().join("shared/engine/templates")).expect("the templates' folder");
    let names = folder.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    names.filter(|name| name != "schema.json").collect()
}

#[test]
fn every_template_is_as_the_schema_says() {
    let schema = read("schema.json");
    let rule = &schema["$defs"]["template"];
    let wrong: Vec<String> = names()
        .iter()
        .flat_map(|name| problems(&schema, rule, &read(name), name))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_document_of_the_folder_is_built_in() {
    let built_in = engine::Template::all()
        .iter()
        .map(|template| template.name.clone());
    let mut built_in: Vec<String> = built_in.collect();
    let mut there: Vec<String> = names()
        .iter()
        .map(|name| read(name)["name"].as_str().expect("a name").to_owned())
        .collect();
    built_in.sort();
    there.sort();
    assert_eq!(built_in, there);
}

#[test]
fn the_schema_refuses_what_is_misspelt() {
    let schema = read("schema.json");
    let mut template = read("default.json");
    template["composition"]["vignete"] = Value::from(0.5);
    assert_eq!(
        problems(&schema, &schema["$defs"]["template"], &template, "default").len(),
        1
    );
}
