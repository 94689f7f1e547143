//! `cancel-job`.

use domain::job::JobKind;
use domain::{Credits, JobState};
use ledger::Ending;
use testkit::events::cases;

use super::world::studio::Studio;
use super::world::{compare, refusal};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("cancel-job") {
        let studio = Studio::new().await;
        studio.job_one(JobKind::GenerateAll).await;
        compare("cancel-job", &case, &studio.answer("cancel-job", &case).await);
        studio
            .world
            .dynamo
            .assert_clean(studio.world.ann.account_id)
            .await;
    }
}

#[tokio::test]
async fn a_completed_job_is_not_cancelled() {
    let studio = Studio::new().await;
    let job = studio.job_one_ended(Ending::Completed).await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!(
        refusal(&studio.answer("cancel-job", "post").await),
        (409, "job_ended", "")
    );
    let wallet = studio
        .world
        .store()
        .wallet(studio.world.ann.account_id)
        .await
        .expect("a wallet");
    assert_eq!(wallet.held(), Credits::ZERO);
}
