//! Tests of what steps note in their job.

use domain::JobState;
use domain::job::{JobKind, Step, StepState};
use store::{JobRun, OutputNote, StoreError};
use testkit::{at_once, samples};

use crate::world::{World, cancelled};

#[tokio::test]
async fn steps_begin_and_end_with_their_times() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(10).await;
    let (store, at, began) = (&world.dynamo.store, JobRun::from(&job), world.customer.now());
    store.begin_step(at, Step::Script, began).await.unwrap();
    world.customer.clock.advance_ms(5);
    let later = world.customer.now();
    // A retried step keeps its first time.
    store.begin_step(at, Step::Script, later).await.unwrap();
    let running = world.stored(&job).await;
    assert_eq!(
        (running.state, running.started_at),
        (JobState::Processing, Some(began))
    );
    let step = running.steps[&Step::Script];
    assert_eq!((step.state, step.started_at), (StepState::Running, Some(began)));
    store.end_step(at, Step::Script, later).await.unwrap();
    // A late repeat of the beginning does not undo the end.
    store.begin_step(at, Step::Script, later).await.unwrap();
    let step = world.stored(&job).await.steps[&Step::Script];
    assert_eq!((step.state, step.ended_at), (StepState::Done, Some(later)));
}

#[tokio::test]
async fn images_that_land_at_once_are_all_noted() {
    let world = World::with_credits(100).await;
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateImages, 50);
    world.start(&job).await.unwrap();
    let notes = (0..24).map(|scene| {
        let (store, at) = (world.dynamo.store.clone(), JobRun::from(&job));
        let made = samples::made(samples::image(&scene.to_string()), &scene.to_string());
        async move { store.note_output(at, &OutputNote::Image(scene, made)).await }
    });
    for noted in at_once(notes).await {
        noted.unwrap();
    }
    let stored = world.stored(&job).await;
    assert_eq!(stored.outputs.images.len(), 24);
    assert_eq!(stored.outputs.images[&17].value.key.as_str(), "samples/17.png");
}

#[tokio::test]
async fn each_kind_of_output_is_read_as_it_was_noted() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(10).await;
    let (store, at) = (&world.dynamo.store, JobRun::from(&job));
    let script = samples::made(samples::script(4), "script");
    let voice = samples::made(samples::voice(20), "voice");
    let video = samples::made(samples::video(20), "video");
    for note in [
        OutputNote::Script(script.clone()),
        OutputNote::Voice(voice.clone()),
        OutputNote::Video(video.clone()),
    ] {
        store.note_output(at, &note).await.unwrap();
        store.note_output(at, &note).await.unwrap();
    }
    let outputs = world.stored(&job).await.outputs;
    assert_eq!(
        (outputs.script, outputs.voice, outputs.video),
        (Some(script), Some(voice), Some(video))
    );
}

#[tokio::test]
async fn a_run_that_ended_takes_no_notes() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(10).await;
    world.end(&job, cancelled(&job)).await.unwrap();
    let (store, at, now) = (&world.dynamo.store, JobRun::from(&job), world.customer.now());
    let note = OutputNote::Script(samples::made(samples::script(1), "late"));
    for refused in [
        store.begin_step(at, Step::Script, now).await,
        store.note_output(at, &note).await,
        store.end_step(at, Step::Script, now).await,
    ] {
        assert!(matches!(
            refused,
            Err(StoreError::JobEnded {
                state: JobState::Cancelled
            })
        ));
    }
    assert_eq!(world.stored(&job).await.outputs.script, None);
}

#[tokio::test]
async fn another_run_and_another_account_take_no_notes() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(10).await;
    let (store, now) = (&world.dynamo.store, world.customer.now());
    let mut at = JobRun::from(&job);
    at.run = 2;
    assert!(matches!(
        store.begin_step(at, Step::Script, now).await,
        Err(StoreError::JobEnded { .. })
    ));
    let mut at = JobRun::from(&job);
    at.account_id = domain::AccountId::new(9.into());
    assert!(matches!(
        store.begin_step(at, Step::Script, now).await,
        Err(StoreError::NotFound { .. })
    ));
}
