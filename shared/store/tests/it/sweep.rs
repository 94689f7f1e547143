//! Tests of the index `due_items`.

use std::collections::HashSet;

use store::JobRef;
use store::jobs::starts::FIRST_DUE_MS;

use crate::world::{World, cancelled};

#[tokio::test]
async fn open_jobs_are_due_after_their_first_minute_and_gone_after_their_end() {
    let world = World::with_credits(100).await;
    let store = &world.dynamo.store;
    let mut jobs = Vec::new();
    for _ in 0..12 {
        jobs.push(world.started(1).await.1);
    }
    let now = world.customer.now();
    let due = now.plus_ms(FIRST_DUE_MS);
    assert_eq!(store.open_jobs_due(due.plus_ms(-1), 100).await.unwrap(), []);
    let found: HashSet<JobRef> = store.open_jobs_due(due, 100).await.unwrap().into_iter().collect();
    assert_eq!(found, jobs.iter().map(JobRef::from).collect());
    assert_eq!(store.open_jobs_due(due, 5).await.unwrap().len(), 5);
    let ended = jobs.remove(0);
    world.end(&ended, cancelled(&ended)).await.unwrap();
    let later = jobs.remove(0);
    let later_due = due.plus_s(300);
    store.set_due(JobRef::from(&later), 1, later_due).await.unwrap();
    // Another run's plan, and a plan for an ended job, change nothing.
    store.set_due(JobRef::from(&jobs[0]), 2, later_due).await.unwrap();
    store.set_due(JobRef::from(&ended), 1, due).await.unwrap();
    let found: HashSet<JobRef> = store.open_jobs_due(due, 100).await.unwrap().into_iter().collect();
    assert_eq!(found, jobs.iter().map(JobRef::from).collect());
    assert!(
        store
            .open_jobs_due(later_due, 100)
            .await
            .unwrap()
            .contains(&JobRef::from(&later))
    );
    assert_eq!(store.open_jobs_due(later_due, 100).await.unwrap().len(), 11);
}
