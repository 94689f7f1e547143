//! `resume-job`.

use serde_json::json;
use testkit::events::cases;

use super::world::generation::{GenerationWorld, project_id};
use super::world::{compare, refusal};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("resume-job") {
        let generation = GenerationWorld::new().await;
        generation.job_one_failed().await;
        compare("resume-job", &case, &generation.answer("resume-job", &case).await);
        generation
            .world
            .dynamo
            .assert_clean(generation.world.ann.account_id)
            .await;
    }
}

#[tokio::test]
async fn a_resume_is_the_next_run_with_its_own_hold_and_execution() {
    let generation = GenerationWorld::new().await;
    generation.job_one_failed().await;
    let resumed = generation.answer("resume-job", "post").await;
    let data = &resumed["body"]["data"];
    assert_eq!(
        (&resumed["status"], &data["run"], &data["status"]),
        (&json!(202), &json!(2), &json!("pending"))
    );
    assert_eq!(
        generation.executions.names(),
        [format!("{}-r2", data["job_id"].as_str().expect("an id"))]
    );
    assert_eq!(
        refusal(&generation.answer("resume-job", "post").await),
        (409, "job_not_resumable", "")
    );
    generation
        .world
        .dynamo
        .assert_clean(generation.world.ann.account_id)
        .await;
}

#[tokio::test]
async fn a_completed_job_is_not_resumed() {
    let generation = GenerationWorld::new().await;
    generation.job_one_completed().await;
    assert_eq!(
        refusal(&generation.answer("resume-job", "post").await),
        (409, "job_not_resumable", "")
    );
}

#[tokio::test]
async fn a_script_that_was_edited_since_is_not_replaced_by_the_next_run() {
    let generation = GenerationWorld::new().await;
    generation.job_one_failed().await;
    let own = generation.edit_script().await;
    let refused = generation.answer("resume-job", "post").await;
    assert_eq!(refusal(&refused), (409, "script_edited", ""));
    let ann = &generation.world.ann;
    let project = generation
        .world
        .store()
        .project(ann.account_id, project_id())
        .await;
    let script = project.expect("a project").outputs.script;
    assert_eq!(script.map(|made| made.value), Some(own));
    assert!(generation.executions.names().is_empty());
}

#[tokio::test]
async fn a_job_that_was_let_replace_the_script_may_do_so_in_every_run() {
    let generation = GenerationWorld::new().await;
    generation.job_one_that_rewrites_failed().await;
    generation.edit_script().await;
    assert_eq!(generation.answer("resume-job", "post").await["status"], 202);
}
