//! `check-video`: its samples; what the steps do together is in `tests/workflow`.

use super::world::pipeline::{World, in_chunks, read, rendered};

#[tokio::test]
async fn the_video_of_the_samples_passes_and_so_does_a_long_one() {
    let short = World::of_samples().await;
    rendered(&short).await;
    let long = World::of_long_samples().await;
    in_chunks(&long).await;
    join_video::handle(&long.handlers.join_video, read("join-video", "first-run"))
        .await
        .expect("a video");
    for world in [short, long] {
        check_video::handle(&world.handlers.check_video, read("check-video", "first-run"))
            .await
            .expect("it passes");
    }
}
