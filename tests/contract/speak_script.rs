//! `speak-script`: its samples; what the steps do together is in `tests/workflow`.

use super::world::pipeline::{World, job_one, spoken};

#[tokio::test]
async fn the_script_of_the_samples_is_spoken() {
    let world = World::of_samples().await;
    spoken(&world).await;
    assert!(job_one(&world).await.outputs.voice.is_some());
}
