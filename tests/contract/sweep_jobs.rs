//! `sweep-jobs`: its samples; what the steps do together is in `tests/workflow`.

use super::world::pipeline::{World, read};

#[tokio::test]
async fn the_schedules_sample_finds_the_overdue_job() {
    let world = World::of_samples().await;
    world.clock.advance_ms(600_000);
    let swept = sweep_jobs::handle(&world.handlers.sweep_jobs, read("sweep-jobs", "every-minute"))
        .await
        .expect("a sweep");
    assert_eq!(swept.jobs, 1);
}
