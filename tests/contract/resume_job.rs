//! `resume-job`.

use serde_json::json;
use testkit::events::cases;

use super::world::generation::GenerationWorld;
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
