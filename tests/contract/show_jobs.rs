//! `show-jobs`.

use api::Request;
use domain::job::JobKind;
use serde_json::{Value, json};
use show_jobs::{Deps, handle};
use testkit::events::cases;

use super::world::generation::GenerationWorld;
use super::world::{compare, event, of_account, refusal, shown};

async fn answer(generation: &GenerationWorld, request: Request) -> Value {
    let (store, objects) = (generation.world.store(), generation.world.objects());
    shown(handle(&Deps { store, objects }, request).await)
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("show-jobs") {
        let generation = GenerationWorld::new().await;
        generation.job_one_completed().await;
        let answered = answer(&generation, event("show-jobs", &case)).await;
        compare("show-jobs", &case, &answered);
    }
}

/// Ids of the jobs that the list has with these query parameters.
async fn listed(generation: &GenerationWorld, query: &[(&str, &str)]) -> Vec<String> {
    let mut request = event("show-jobs", "list");
    for (name, value) in query {
        request.query.insert((*name).to_owned(), (*value).to_owned());
    }
    let list = answer(generation, request).await;
    let items = list["body"]["data"]["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{list}"));
    let ids = items.iter().filter_map(|item| item["job_id"].as_str());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_lost_job_is_found_by_project_status_kind_and_time() {
    let generation = GenerationWorld::new().await;
    let first = generation.answer("generate-all", "post").await;
    let first = first["body"]["data"]["job_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let only = vec![first.clone()];
    let now = generation.world.ann.now();
    let (before, after) = (now.plus_s(-1).to_string(), now.plus_s(1).to_string());
    let project = "prj_00000000000000000000000001";
    for query in [
        &[][..],
        &[("project_id", project)],
        &[("status", "pending")],
        &[("kind", "generate-all")],
        &[("from", before.as_str()), ("to", after.as_str())],
    ] {
        assert_eq!(listed(&generation, query).await, only, "{query:?}");
    }
    for query in [
        &[("project_id", "prj_00000000000000000000000009")][..],
        &[("status", "failed")],
        &[("kind", "compose-video")],
        &[("from", after.as_str())],
        &[("to", before.as_str())],
    ] {
        assert_eq!(
            listed(&generation, query).await,
            Vec::<String>::new(),
            "{query:?}"
        );
    }
    let mut cursor = event("show-jobs", "list");
    cursor.query.insert("cursor".to_owned(), "bm9uZQ".to_owned());
    assert_eq!(
        refusal(&answer(&generation, cursor).await),
        (400, "invalid_cursor", "")
    );
}

#[tokio::test]
async fn after_a_cancel_the_project_still_points_at_its_job() {
    let generation = GenerationWorld::new().await;
    let job = generation.job_one(JobKind::GenerateAll).await;
    generation.answer("cancel-job", "post").await;
    let project = generation.change_project(&json!({"name": "Bees"})).await;
    assert_eq!(project["last_job_id"], job.id.to_string());
    assert!(project.get("active_job_id").is_none());
    let found = answer(&generation, event("show-jobs", "get")).await;
    let data = &found["body"]["data"];
    assert_eq!(
        (&data["status"], &data["error"]["code"], &data["current_step"]),
        (&json!("failed"), &json!("job_cancelled"), &json!(null))
    );
    let status = generation.answer("generation-status", "get").await;
    assert_eq!(data, &status["body"]["data"], "the same view");
}

#[tokio::test]
async fn nobody_finds_a_strangers_job() {
    let generation = GenerationWorld::new().await;
    generation.job_one(JobKind::GenerateAll).await;
    let one = answer(&generation, of_account(event("show-jobs", "get"), 2)).await;
    assert_eq!(refusal(&one), (404, "not_found", ""));
    let list = answer(&generation, of_account(event("show-jobs", "list"), 2)).await;
    assert_eq!(list["body"]["data"]["items"], json!([]));
}
