//! `render-video`: its samples; what the steps do together is in `tests/workflow`.

use domain::job::StepState;

use super::world::pipeline::{World, job_one, read, rendered, spoken};

#[tokio::test]
async fn a_second_take_renders_again_whatever_is_stored() {
    let world = World::of_samples().await;
    rendered(&world).await;
    render_video::handle(&world.handlers.render_video, read("render-video", "second-take"))
        .await
        .expect("another video");
    assert_eq!(world.composer.renders(), 2);
    let job = job_one(&world).await;
    let done = job.steps.values().filter(|step| step.state == StepState::Done);
    assert_eq!(done.count(), 3, "the check ends the fourth");
}

#[tokio::test]
async fn a_long_video_is_cut_into_chunks() {
    let world = World::of_long_samples().await;
    spoken(&world).await;
    let cut = render_video::handle(&world.handlers.render_video, read("render-video", "first-run"))
        .await
        .expect("a cut");
    assert_eq!(cut.chunks, [0, 1, 2]);
}
