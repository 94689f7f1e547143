//! `render-image`: its samples; what the steps do together is in `tests/workflow`.

use domain::ErrorCode;

use super::world::pipeline::{World, illustrated, job_one, read, scripted};

#[tokio::test]
async fn each_scene_of_the_samples_gets_its_image() {
    let world = World::of_samples().await;
    illustrated(&world).await;
    assert_eq!(job_one(&world).await.outputs.images.len(), 3);
}

#[tokio::test]
async fn a_scene_that_is_not_there_is_a_bug() {
    let world = World::of_samples().await;
    scripted(&world).await;
    let none = read("render-image", "no-such-scene");
    let scene = render_image::handle(&world.handlers.render_image, none)
        .await
        .unwrap_err();
    assert_eq!(scene.code, ErrorCode::Internal);
}
