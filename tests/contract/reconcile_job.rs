//! `reconcile-job`: its samples; what the steps do together is in `tests/workflow`.

use domain::job::JobKind;
use domain::{JobId, JobState};
use serde_json::Value;
use store::JobRef;

use super::world::jobs::{Fault, World, read};

#[tokio::test]
async fn the_queues_sample_starts_a_job_that_had_never_been_started() {
    let world = World::of_samples().await;
    world.clock.advance_ms(600_000);
    let batch: Value = read("reconcile-job", "one-job");
    let body = batch["Records"][0]["body"].as_str().expect("a body");
    let message = serde_json::from_str(body).expect("a job");
    reconcile_job::handle(&world.handlers.reconcile_job, message)
        .await
        .expect("a reconciliation");
    assert_eq!(world.executions.names(), ["job_00000000000000000000000001"]);
}

#[tokio::test]
async fn reconciling_an_ended_or_unknown_job_changes_nothing() {
    let world = World::new().await;
    let job = world.run(JobKind::GenerateScript, Fault::None).await;
    let known = JobRef::from(&job);
    let unknown = JobRef {
        job_id: JobId::new(99_u128.into()),
        ..known
    };
    for message in [known, unknown] {
        reconcile_job::handle(&world.handlers.reconcile_job, message)
            .await
            .expect("a reconciliation");
    }
    assert_eq!(world.job(job.id).await.state, JobState::Completed);
    world.assert_settled(&job, "reconciled").await;
}
