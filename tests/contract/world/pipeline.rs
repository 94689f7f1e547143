//! The samples of the steps, whose ids are those of [`World::of_samples`], and how far a job has come.

use domain::JobId;
use domain::job::Job;
use serde::de::DeserializeOwned;
use testkit::events::sample;

pub(crate) use workflow::world::{Fault, World};

/// A sample as the step reads it.
pub(crate) fn read<T: DeserializeOwned>(function: &str, case: &str) -> T {
    serde_json::from_str(&sample(function, case)).unwrap_or_else(|cause| panic!("{function}/{case}: {cause}"))
}

/// Job 1 of the samples.
pub(crate) async fn job_one(world: &World) -> Job {
    world.job(JobId::new(1_u128.into())).await
}

/// The script of job 1 is written.
pub(crate) async fn scripted(world: &World) {
    let first = read("write-script", "first-run");
    let made = write_script::handle(&world.handlers.write_script, first).await;
    assert_eq!(made.expect("a script").scenes, [0, 1, 2]);
}

/// Its images are made too.
pub(crate) async fn illustrated(world: &World) {
    scripted(world).await;
    let first: pipeline::SceneTask = read("render-image", "first-scene");
    for scene in 0..3 {
        let task = pipeline::SceneTask { scene, ..first };
        let made = render_image::handle(&world.handlers.render_image, task).await;
        made.expect("an image");
    }
}

/// Its script is spoken too.
pub(crate) async fn spoken(world: &World) {
    illustrated(world).await;
    let first = read("speak-script", "first-run");
    let made = speak_script::handle(&world.handlers.speak_script, first).await;
    made.expect("a voice");
}

/// Its video is made too, and not yet checked.
pub(crate) async fn rendered(world: &World) {
    spoken(world).await;
    let first = read("render-video", "first-run");
    let made = render_video::handle(&world.handlers.render_video, first).await;
    assert!(made.expect("a video").chunks.is_empty());
}

/// The chunks of its long video are made, and not yet joined.
pub(crate) async fn in_chunks(world: &World) {
    spoken(world).await;
    let first = read("render-video", "first-run");
    let cut = render_video::handle(&world.handlers.render_video, first).await;
    let task: pipeline::ChunkTask = read("render-chunk", "first-chunk");
    for chunk in cut.expect("a cut").chunks {
        let made = render_chunk::handle(
            &world.handlers.render_chunk,
            pipeline::ChunkTask { chunk, ..task },
        )
        .await;
        made.expect("a chunk");
    }
}
