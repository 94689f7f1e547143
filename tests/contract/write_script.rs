//! `write-script`: its samples; what the steps do together is in `tests/workflow`.

use domain::ErrorCode;

use super::world::pipeline::{World, read, scripted};

#[tokio::test]
async fn the_first_run_of_its_samples_makes_three_scenes() {
    scripted(&World::of_samples().await).await;
}

#[tokio::test]
async fn a_task_of_an_older_run_is_refused() {
    let world = World::of_samples().await;
    let older = write_script::handle(&world.handlers.write_script, read("write-script", "older-run"))
        .await
        .unwrap_err();
    assert_eq!(older.code, ErrorCode::JobEnded);
}
