//! `project-scripts`.

use api::Request;
use domain::project::Project;
use domain::script_version::SCRIPT_VERSIONS_MAX;
use project_scripts::{Deps, handle};
use serde_json::{Value, json};

use super::world::generation::{GenerationWorld, project_id};
use super::world::{World, event, every_sample, refusal, shown};

async fn answer(world: &World, request: Request) -> Value {
    let (store, ids) = (world.store(), world.ids());
    shown(handle(&Deps { store, ids }, request).await)
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("project-scripts", async |world, request| {
        let (store, ids) = (world.store(), world.ids());
        handle(&Deps { store, ids }, request).await
    })
    .await;
}

/// The sample, for another version and under a key of its own.
fn restoring(version: u32) -> Request {
    let mut request = event("project-scripts", "restore");
    request
        .path_params
        .insert("version".to_owned(), version.to_string());
    request.headers.insert(
        "idempotency-key".to_owned(),
        format!("version {version}").replace(' ', "-"),
    );
    request
}

async fn edit(generation: &GenerationWorld, title: &str) {
    let script = generation
        .edited_script(|script| title.clone_into(&mut script.title))
        .await;
    generation.change_project(&json!({"script": script})).await;
}

async fn project(generation: &GenerationWorld) -> Project {
    let (store, account) = (generation.world.store(), generation.world.ann.account_id);
    store.project(account, project_id()).await.expect("a project")
}

#[tokio::test]
async fn an_edit_keeps_the_script_before_and_it_can_be_restored() {
    let generation = GenerationWorld::new().await;
    let written = project(&generation).await.outputs.script.expect("a script");
    edit(&generation, "Mine").await;
    let list = answer(&generation.world, event("project-scripts", "list")).await;
    let items = list["body"]["data"]["items"].as_array().expect("items");
    let told = |item: &Value| {
        (
            item["version"].clone(),
            item["made_by"].clone(),
            item["script"]["title"].clone(),
        )
    };
    assert_eq!(
        items.iter().map(told).collect::<Vec<_>>(),
        [
            (json!(2), json!("customer"), json!("Mine")),
            (json!(1), json!("model"), json!(written.value.title)),
        ]
    );
    assert_eq!(items[1]["hash"], written.input_hash.as_str());

    let restored = answer(&generation.world, restoring(1)).await;
    let data = &restored["body"]["data"];
    assert_eq!(
        (&restored["status"], &data["version"]),
        (&json!(200), &json!(3)),
        "{restored}"
    );
    let now = project(&generation).await;
    assert_eq!(now.outputs.script, Some(written), "with its hash and its author");
    let again = answer(&generation.world, restoring(3)).await;
    assert_eq!(again["body"]["data"]["version"], 3, "the one that it has");
    assert_eq!(
        project(&generation).await.version,
        now.version,
        "and nothing is written"
    );
}

#[tokio::test]
async fn the_newest_versions_are_kept_and_no_more() {
    let generation = GenerationWorld::new().await;
    for number in 0..SCRIPT_VERSIONS_MAX + 2 {
        edit(&generation, &format!("Edit {number}")).await;
    }
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut request = event("project-scripts", "list");
        request.query.insert("limit".to_owned(), "8".to_owned());
        if let Some(cursor) = cursor.take() {
            request.query.insert("cursor".to_owned(), cursor);
        }
        let page = answer(&generation.world, request).await;
        let data = &page["body"]["data"];
        let items = data["items"].as_array().expect("items");
        assert!(items.len() <= 8, "{page}");
        seen.extend(items.iter().filter_map(|item| item["version"].as_u64()));
        match data["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let newest = u64::from(SCRIPT_VERSIONS_MAX + 3);
    let kept: Vec<u64> = (4..=newest).rev().collect();
    assert_eq!(seen, kept);
    let gone = answer(&generation.world, restoring(3)).await;
    assert_eq!(refusal(&gone), (404, "not_found", ""));
}

#[tokio::test]
async fn nothing_is_restored_while_a_job_works() {
    let generation = GenerationWorld::new().await;
    edit(&generation, "Mine").await;
    assert_eq!(generation.answer("generate-voice", "post").await["status"], 202);
    let refused = answer(&generation.world, restoring(1)).await;
    assert_eq!(refusal(&refused), (409, "job_active", ""));
}

#[tokio::test]
async fn a_removed_project_takes_its_versions_with_it() {
    let generation = GenerationWorld::new().await;
    edit(&generation, "Mine").await;
    let before = project(&generation).await;
    let (store, account) = (generation.world.store(), generation.world.ann.account_id);
    store
        .delete_project(account, before.id, None)
        .await
        .expect("it is removed");
    let gone = answer(&generation.world, event("project-scripts", "list")).await;
    assert_eq!(refusal(&gone), (404, "not_found", ""));
    // As if its id came back: nothing of the old one is there.
    let empty = Project {
        outputs: domain::outputs::Outputs::default(),
        script_mark: None,
        ..before
    };
    store.create_project(&empty).await.expect("a project");
    let list = answer(&generation.world, event("project-scripts", "list")).await;
    assert_eq!(list["body"]["data"]["items"], json!([]));
}
