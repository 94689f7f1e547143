//! `cancel-job`.

use domain::job::JobKind;
use domain::{Credits, JobState};
use testkit::events::cases;

use super::world::generation::GenerationWorld;
use super::world::{compare, refusal};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("cancel-job") {
        let generation = GenerationWorld::new().await;
        generation.job_one(JobKind::GenerateAll).await;
        compare("cancel-job", &case, &generation.answer("cancel-job", &case).await);
        generation
            .world
            .dynamo
            .assert_clean(generation.world.ann.account_id)
            .await;
    }
}

#[tokio::test]
async fn a_completed_job_is_not_cancelled() {
    let generation = GenerationWorld::new().await;
    let job = generation.job_one_completed().await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!(
        refusal(&generation.answer("cancel-job", "post").await),
        (409, "job_ended", "")
    );
    let wallet = generation
        .world
        .store()
        .wallet(generation.world.ann.account_id)
        .await
        .expect("a wallet");
    assert_eq!(wallet.held(), Credits::ZERO);
}
