//! A running job calls the models that it was started with, whatever is deployed meanwhile.

use catalogue::LOCAL;
use domain::job::{JobKind, Step};
use domain::{ErrorCode, JobState};
use serde_json::json;
use testkit::Act::Wait;
use workflow::models::{FAKES, OTHER, OTHER_IS_GONE, OTHER_IS_OFF, models_of};
use workflow::world::{Fault, World};

/// A world in which new jobs used the second provider, a job of it, and then `local` was configured.
async fn started_before_a_deploy(kind: JobKind) -> (World, domain::Job) {
    let mut world = World::new().await;
    world.deploy(FAKES, models_of(OTHER));
    let job = world.start(kind).await;
    world.deploy(FAKES, models_of(LOCAL));
    (world, job)
}

#[tokio::test]
async fn a_deploy_between_start_and_end_changes_neither_the_calls_nor_the_price() {
    let (world, job) = started_before_a_deploy(JobKind::GenerateAll).await;
    world.walk(&job, Fault::None).await;
    let ended = world.job(job.id).await;
    assert_eq!(ended.state, JobState::Completed);
    assert_eq!(world.other.calls(), 5, "a script, three images, a voice");
    assert_eq!(
        (world.scripts.calls(), world.images.calls(), world.voices.calls()),
        (0, 0, 0)
    );
    let receipt = ended.receipt.clone().expect("a receipt");
    let unit = |provider: &str| {
        let charged = receipt.lines.iter().filter(|line| !line.charged.is_zero());
        let lines = charged.filter(|line| line.provider == provider);
        lines.map(|line| line.unit_credits.get()).collect::<Vec<_>>()
    };
    assert_eq!(unit(OTHER), [3, 3, 3]);
    world.assert_settled(&job, "deployed meanwhile").await;
    // A new job of the same project uses what is configured now: the second provider's outputs are not its own.
    let next = world.run(JobKind::GenerateScript, Fault::None).await;
    assert_eq!((next.state, world.scripts.calls()), (JobState::Completed, 1));
}

#[tokio::test]
async fn a_call_that_was_begun_before_a_deploy_keeps_its_job_held_after_it() {
    let (world, job) = started_before_a_deploy(JobKind::GenerateScript).await;
    for _ in 0..1000 {
        world.other.next(Wait);
    }
    world.walk(&job, Fault::None).await;
    assert!(
        world.job(job.id).await.state.is_open(),
        "the provider still has the call"
    );
    world.sweep().await;
    assert!(world.job(job.id).await.state.is_open());
    assert_eq!((world.other.calls(), world.scripts.calls()), (1, 0));
    world.clock.advance_ms(24 * 3_600_000);
    world.sweep().await;
    world.assert_settled(&job, "silent").await;
}

#[tokio::test]
async fn a_resumed_job_keeps_its_models() {
    let (world, job) = started_before_a_deploy(JobKind::GenerateAll).await;
    let fault = Fault::Fail(vec!["SpeakScript".to_owned()], ErrorCode::VoiceEngineFailed);
    world.walk(&job, fault).await;
    let resumed = world.resume(&job).await;
    assert_eq!(resumed.models, job.models);
    world.walk(&resumed, Fault::None).await;
    assert_eq!(world.job(job.id).await.state, JobState::Completed);
    assert_eq!(world.other.calls(), 5);
    assert_eq!((world.scripts.calls(), world.voices.calls()), (0, 0));
    world.assert_settled(&job, "resumed").await;
}

#[tokio::test]
async fn a_job_whose_model_is_switched_off_or_gone_fails_with_its_credits_back() {
    for (about, catalogue) in [("off", OTHER_IS_OFF), ("gone", OTHER_IS_GONE)] {
        let mut world = World::new().await;
        world.deploy(FAKES, models_of(OTHER));
        let job = world.start(JobKind::GenerateAll).await;
        world.deploy(catalogue, models_of(LOCAL));
        world.walk(&job, Fault::None).await;
        let ended = world.job(job.id).await;
        let failure = ended.failure.clone().expect("a reason");
        assert_eq!(
            (failure.code, failure.step),
            (ErrorCode::ModelUnavailable, Some(Step::Script)),
            "{about}"
        );
        assert_eq!(world.other.calls(), 0, "{about}");
        world.assert_settled(&job, about).await;
        let resumed = world
            .jobs
            .resume(world.customer.account_id, job.id, None, world.ids.as_ref())
            .await;
        assert_eq!(
            resumed.expect_err("nothing can call it").code,
            ErrorCode::ModelUnavailable,
            "{about}"
        );
        world.assert_settled(&job, about).await;
    }
}

#[tokio::test]
async fn what_a_model_has_begun_is_fetched_after_it_was_switched_off() {
    let mut world = World::new().await;
    world.deploy(FAKES, models_of(OTHER));
    world.other.next(Wait);
    let job = world.start(JobKind::GenerateScript).await;
    let task = || {
        let (account, project) = (job.account_id, job.project_id);
        let task = json!({"account_id": account, "project_id": project, "job_id": job.id, "run": job.run});
        serde_json::from_value(task).expect("a task")
    };
    let pending = write_script::handle(&world.handlers.write_script, task()).await;
    assert_eq!(
        pending.expect_err("it answers later").code,
        ErrorCode::ProviderPending
    );
    world.deploy(OTHER_IS_OFF, models_of(LOCAL));
    let scenes = write_script::handle(&world.handlers.write_script, task()).await;
    assert_eq!(scenes.expect("what was begun").scenes, [0, 1, 2]);
    assert_eq!((world.other.calls(), world.other.polls()), (1, 1));
}

#[tokio::test]
async fn a_job_that_is_older_than_the_choice_calls_local() {
    let mut world = World::of_samples().await;
    world.deploy(FAKES, models_of(OTHER));
    let job = world.job(domain::JobId::new(1_u128.into())).await;
    assert!(job.models.is_empty());
    world.walk(&job, Fault::None).await;
    assert_eq!(world.job(job.id).await.state, JobState::Completed);
    assert_eq!((world.other.calls(), world.scripts.calls()), (0, 1));
}
