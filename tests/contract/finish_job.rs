//! `finish-job`: its samples; what the steps do together is in `tests/workflow`.

use domain::ErrorCode;

use super::world::pipeline::{World, job_one, read, rendered};

#[tokio::test]
async fn a_delivered_video_is_paid() {
    let world = World::of_samples().await;
    rendered(&world).await;
    check_video::handle(&world.handlers.check_video, read("check-video", "first-run"))
        .await
        .expect("it passes");
    let before = job_one(&world).await;
    let outcome = finish_job::handle(&world.handlers.finish_job, read("finish-job", "delivered"))
        .await
        .expect("it is paid");
    assert_eq!(outcome.status, "completed");
    world.assert_settled(&before, "samples").await;
}

#[tokio::test]
async fn finishing_before_everything_is_delivered_is_a_bug_and_settles_nothing() {
    let world = World::of_samples().await;
    let early = finish_job::handle(&world.handlers.finish_job, read("finish-job", "delivered"))
        .await
        .unwrap_err();
    assert_eq!(early.code, ErrorCode::Internal);
    assert!(job_one(&world).await.state.is_open());
    world.dynamo.assert_clean(world.customer.account_id).await;
}
