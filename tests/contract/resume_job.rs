//! `resume-job`.

use ledger::Ending;
use serde_json::json;
use testkit::events::cases;

use super::world::studio::Studio;
use super::world::{compare, refusal};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("resume-job") {
        let studio = Studio::new().await;
        studio.job_one_ended(Ending::Failed).await;
        compare("resume-job", &case, &studio.answer("resume-job", &case).await);
        studio
            .world
            .dynamo
            .assert_clean(studio.world.ann.account_id)
            .await;
    }
}

#[tokio::test]
async fn a_resume_is_the_next_run_with_its_own_hold_and_execution() {
    let studio = Studio::new().await;
    studio.job_one_ended(Ending::Failed).await;
    let resumed = studio.answer("resume-job", "post").await;
    let data = &resumed["body"]["data"];
    assert_eq!(
        (&resumed["status"], &data["run"], &data["status"]),
        (&json!(202), &json!(2), &json!("pending"))
    );
    assert_eq!(
        studio.executions.names(),
        [format!("{}-r2", data["job_id"].as_str().expect("an id"))]
    );
    assert_eq!(
        refusal(&studio.answer("resume-job", "post").await),
        (409, "job_not_resumable", "")
    );
    studio
        .world
        .dynamo
        .assert_clean(studio.world.ann.account_id)
        .await;
}

#[tokio::test]
async fn a_completed_job_is_not_resumed() {
    let studio = Studio::new().await;
    studio.job_one_ended(Ending::Completed).await;
    assert_eq!(
        refusal(&studio.answer("resume-job", "post").await),
        (409, "job_not_resumable", "")
    );
}
