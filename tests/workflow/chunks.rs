//! A long video: its chunks are rendered side by side, kept until they are joined, and never charged.

use domain::job::{Job, JobKind};
use domain::outputs::MediaKey;
use domain::receipt::Resource;
use domain::{Credits, ErrorCode, JobState, QuotaKind};
use jobs::Task;
use testkit::machine::Ending;
use workflow::world::{CHUNKS, CREDITS, Fault, LONG_CALLS, World};

/// Videos in one go, chunks and joins.
fn composed(world: &World) -> [usize; 3] {
    let composer = &world.composer;
    [composer.renders(), composer.chunk_renders(), composer.joins()]
}

fn kept_chunks(world: &World) -> Vec<String> {
    let mut keys = world.objects.keys();
    keys.retain(|key| key.starts_with("chunks/"));
    keys
}

#[tokio::test]
async fn a_long_video_is_made_of_its_chunks_and_charged_once() {
    let world = World::long().await;
    let job = world.start(JobKind::GenerateAll).await;
    let (ending, calls) = world.walk(&job, Fault::None).await;
    assert!(matches!(ending, Ending::Succeeded(_)), "{ending:?}");
    assert_eq!((calls, composed(&world)), (LONG_CALLS, [0, CHUNKS, 1]));
    let job = world.job(job.id).await;
    assert_eq!(job.state, JobState::Completed);
    let video = job.outputs.video.as_ref().expect("a video");
    assert_eq!(video.value.duration_ms, 180_700);
    let receipt = job.receipt.as_ref().expect("a receipt");
    let videos = receipt
        .lines
        .iter()
        .filter(|line| line.resource == Resource::VideoGeneration);
    let charged: Vec<u64> = videos
        .filter(|line| !line.charged.is_zero())
        .map(|line| line.quantity)
        .collect();
    assert_eq!(charged, [181], "one line, of all its seconds");
    let chunks = kept_chunks(&world);
    assert_eq!(chunks.len(), CHUNKS);
    let account = world.customer.account_id;
    for key in &chunks {
        let owner = format!("chunks/accounts/{account}/projects/{}/", world.project.id);
        assert!(key.starts_with(&owner), "{key}");
    }
    let quotas = world
        .store()
        .quotas(account, world.clock_now())
        .await
        .expect("quotas");
    let storage = quotas.iter().find(|quota| quota.kind == QuotaKind::StorageBytes);
    let own = world
        .objects
        .size_bytes(|key| !key.starts_with("chunks/") && !key.contains("/checks/"));
    assert_eq!(
        storage.map(|quota| quota.used),
        Some(own),
        "a chunk is no storage of the account"
    );
    world.assert_settled(&job, "long").await;
}

#[tokio::test]
async fn every_task_of_a_long_video_may_be_repeated() {
    let world = World::long().await;
    let job = world.run(JobKind::GenerateAll, Fault::Repeat).await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!(composed(&world), [0, CHUNKS, 1], "nothing is made twice");
    world.assert_settled(&job, "repeated").await;
}

#[tokio::test]
async fn a_chunk_that_fails_once_or_whose_answer_is_lost_is_tried_again_and_made_once() {
    for state in ["RenderVideo", "RenderChunk", "JoinVideo"] {
        let faults = [
            Fault::FailOnce(state.to_owned(), ErrorCode::Unavailable),
            Fault::FailOnce(state.to_owned(), ErrorCode::StepTimedOut),
            Fault::LostOnce(state.to_owned()),
        ];
        for fault in faults {
            let world = World::long().await;
            let job = world.run(JobKind::GenerateAll, fault.clone()).await;
            assert_eq!(job.state, JobState::Completed, "{fault:?}");
            assert_eq!(composed(&world), [0, CHUNKS, 1], "{fault:?}");
            world.assert_settled(&job, state).await;
        }
    }
}

#[tokio::test]
async fn a_job_that_fails_between_its_chunks_keeps_them_for_the_resume() {
    let gone = |state: &str| Fault::Fail(vec![state.to_owned()], ErrorCode::Internal);
    let late = |state: &str| Fault::TimeoutAfter(state.to_owned());
    // What fails, and the chunks that are rendered until then.
    for (fault, chunks) in [
        (gone("RenderChunk"), 0),
        (late("RenderChunk"), CHUNKS),
        (gone("JoinVideo"), CHUNKS),
    ] {
        let world = World::long().await;
        let failed = world.run(JobKind::GenerateAll, fault.clone()).await;
        assert_eq!(failed.state, JobState::Failed, "{fault:?}");
        assert_eq!(composed(&world), [0, chunks, 0], "{fault:?}");
        world.assert_settled(&failed, "failed").await;
        let next = world.resume(&failed).await;
        world.walk(&next, Fault::None).await;
        assert_eq!(world.job(failed.id).await.state, JobState::Completed, "{fault:?}");
        assert_eq!(composed(&world), [0, CHUNKS, 1], "{fault:?}: none is made again");
        world.assert_settled(&failed, "resumed").await;
    }
}

#[tokio::test]
async fn an_error_of_a_chunk_fails_the_job_by_its_own_name() {
    let world = World::long().await;
    world.composer.break_down();
    let job = world.run(JobKind::GenerateAll, Fault::None).await;
    let code = job.failure.as_ref().map(|failure| failure.code);
    assert_eq!(code, Some(ErrorCode::RenderEngineFailed));
    assert_eq!(composed(&world)[2], 0, "nothing is joined");
    world.assert_settled(&job, "broken").await;
}

#[tokio::test]
async fn a_cancel_at_any_border_of_a_long_video_returns_every_credit_and_stops_its_chunks() {
    for boundary in 0..LONG_CALLS {
        let world = World::long().await;
        let about = format!("before call {boundary}");
        let job = world
            .run(JobKind::GenerateAll, Fault::CancelBefore(boundary))
            .await;
        assert_eq!(job.state, JobState::Cancelled, "{about}");
        world.assert_settled(&job, &about).await;
        let wallet = world.store().wallet(world.customer.account_id).await;
        let available = wallet.expect("a wallet").available();
        assert_eq!(available, Credits::new(CREDITS), "{about}");
        // Script, three images, voice and the cut come first; then all chunks begin at once.
        let [_, chunks, joins] = composed(&world);
        let stopped = match boundary {
            0..6 => chunks == 0,
            6..9 => chunks < CHUNKS,
            _ => chunks == CHUNKS,
        };
        assert!(stopped, "{about}: {chunks} chunks");
        let next = world.resume(&job).await;
        world.walk(&next, Fault::None).await;
        assert_eq!(world.job(job.id).await.state, JobState::Completed, "{about}");
        // A video that has passed its check is taken as it is.
        let joins = joins + usize::from(boundary + 1 < LONG_CALLS);
        assert_eq!(
            composed(&world),
            [0, CHUNKS, joins],
            "{about}: a chunk was made again"
        );
        world.assert_settled(&job, &about).await;
    }
}

#[tokio::test]
async fn a_second_take_of_a_long_video_takes_no_chunk_of_the_first() {
    let world = World::long().await;
    world.composer.slip();
    let job = world.start(JobKind::GenerateAll).await;
    let (ending, _) = world.walk(&job, Fault::None).await;
    assert!(matches!(ending, Ending::Succeeded(_)), "{ending:?}");
    assert_eq!(composed(&world), [0, 2 * CHUNKS, 2]);
    world.assert_settled(&job, "second take").await;
}

#[tokio::test]
async fn chunks_of_a_video_that_did_not_pass_are_not_taken_by_a_resume() {
    let world = World::long().await;
    world.composer.spoil();
    let failed = world.run(JobKind::GenerateAll, Fault::Repeat).await;
    let code = failed.failure.as_ref().map(|failure| failure.code);
    assert_eq!(code, Some(ErrorCode::QualityCheckFailed));
    assert_eq!(kept_chunks(&world), [""; 0], "they are forgotten");
    world.assert_settled(&failed, "spoilt").await;
    world.composer.recover();
    let before = composed(&world)[1];
    let next = world.resume(&failed).await;
    world.walk(&next, Fault::None).await;
    assert_eq!(world.job(failed.id).await.state, JobState::Completed);
    assert_eq!(composed(&world)[1], before + CHUNKS);
    world.assert_settled(&failed, "resumed").await;
}

#[tokio::test]
async fn the_same_long_video_again_is_taken_from_the_store_without_a_chunk() {
    let world = World::long().await;
    world.run(JobKind::GenerateAll, Fault::None).await;
    let job = world.start(JobKind::GenerateAll).await;
    let (_, calls) = world.walk(&job, Fault::None).await;
    assert_eq!(calls, LONG_CALLS - CHUNKS - 1, "neither chunks nor join");
    assert_eq!(composed(&world), [0, CHUNKS, 1]);
    let job = world.job(job.id).await;
    assert_eq!(job.receipt.map(|receipt| receipt.charged), Some(Credits::ZERO));
}

/// A chunk is kept for a day: one that an earlier run has left may go between its task and the join.
#[tokio::test]
async fn a_chunk_that_is_gone_when_they_are_joined_is_made_again() {
    let world = World::long().await;
    let fault = Fault::Fail(vec!["JoinVideo".to_owned()], ErrorCode::Internal);
    let failed = world.run(JobKind::GenerateAll, fault).await;
    let job = world.resume(&failed).await;
    let lost = kept_chunks(&world).into_iter().next().expect("a chunk");
    world.objects.lose(&MediaKey::new(lost.clone()));
    join_video::handle(&world.handlers.join_video, task(&job))
        .await
        .expect("it is joined");
    assert_eq!(composed(&world), [0, CHUNKS + 1, 1]);
    assert!(kept_chunks(&world).contains(&lost), "and kept again");
}

fn task(job: &Job) -> Task {
    Task {
        account_id: job.account_id,
        project_id: job.project_id,
        job_id: job.id,
        run: job.run,
        again: false,
    }
}
