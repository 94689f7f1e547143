//! `join-video`: its samples; what the steps do together is in `tests/workflow`.

use super::world::pipeline::{World, in_chunks, read};

#[tokio::test]
async fn the_chunks_of_the_samples_are_joined_again_for_a_second_take() {
    let world = World::of_long_samples().await;
    in_chunks(&world).await;
    for take in ["first-run", "second-take"] {
        join_video::handle(&world.handlers.join_video, read("join-video", take))
            .await
            .expect("a video");
    }
    assert_eq!((world.composer.chunk_renders(), world.composer.joins()), (3, 2));
}
