//! `credit-quote`, also with what the cost of earlier jobs says to it.

use domain::job::JobKind;
use domain::outputs::Source;
use serde_json::{Value, json};

use super::world::generation::{GenerationWorld, every_start, project_id};
use super::world::{event, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("credit-quote").await;
}

#[tokio::test]
async fn a_quote_for_one_step_counts_the_scenes_that_are_there() {
    let generation = GenerationWorld::new().await;
    let one = generation.answer("credit-quote", "one-step").await;
    let line = &one["body"]["data"]["lines"][0];
    assert_eq!(
        (&line["resource"], &line["quantity_max"]),
        (&json!("image_generation"), &json!(3))
    );
    let store = generation.world.store();
    let project = store
        .project(generation.world.ann.account_id, project_id())
        .await
        .expect("a project");
    assert_eq!(
        project.outputs.script.map(|made| made.source),
        Some(Source::Fresh)
    );
    assert_eq!(project.active_job, None, "a quote starts nothing");
}

#[tokio::test]
async fn a_quote_rests_on_prices_until_there_is_a_similar_job_and_never_leads_above_the_hold() {
    let generation = GenerationWorld::new().await;
    let first = generation.answer("credit-quote", "project").await;
    let data = &first["body"]["data"];
    let estimate = &data["estimate"];
    assert_eq!(
        (&estimate["source"], &estimate["jobs"]),
        (&json!("prices"), &json!(0))
    );
    assert_eq!(estimate["high"], data["held"]);
    let paid = generation.job_one_completed().await;
    assert_eq!(paid.kind, JobKind::GenerateAll);
    let charged = paid.receipt.expect("a receipt").charged.get();
    let ask = async |body: Value| {
        let request = saying(event("credit-quote", "settings"), &body);
        shown(generation.handle("credit-quote", request).await)["body"]["data"].clone()
    };
    let length = paid.settings.duration_s;
    let similar = ask(json!({"settings": {"keyword": "Tea", "duration_s": length}})).await;
    assert_eq!(
        similar["estimate"],
        json!({"source": "own_jobs", "jobs": 1, "low": charged, "typical": charged, "high": charged})
    );
    assert!(similar["held"].as_u64().is_some_and(|held| charged <= held));
    let longer = ask(json!({"settings": {"keyword": "Tea", "duration_s": length * 2}})).await;
    assert_eq!(
        longer["estimate"]["source"], "prices",
        "twice as long is not similar"
    );
    let script = ask(json!({"kind": "generate-script", "settings": {"keyword": "Tea"}})).await;
    assert_eq!(
        script["estimate"]["source"], "prices",
        "another kind is not similar"
    );
}
