//! `render-chunk`: its samples; what the steps do together is in `tests/workflow`.

use domain::ErrorCode;

use super::world::pipeline::{World, in_chunks, read};

#[tokio::test]
async fn each_chunk_is_rendered_once_and_one_that_is_not_there_is_a_bug() {
    let world = World::of_long_samples().await;
    in_chunks(&world).await;
    assert_eq!(world.composer.chunk_renders(), 3);
    let none = render_chunk::handle(
        &world.handlers.render_chunk,
        read("render-chunk", "no-such-chunk"),
    )
    .await
    .unwrap_err();
    assert_eq!(none.code, ErrorCode::Internal);
}
