//! `daily-report`.

use std::sync::Arc;

use testkit::FakeMail;

use super::world::World;
use super::world::operators::reported;

#[tokio::test]
async fn a_report_is_mailed_once() {
    let world = World::new().await;
    let mail: Arc<FakeMail> = Arc::default();
    for _ in 0..2 {
        reported(&world, &mail).await;
    }
    assert_eq!(mail.take().len(), 1);
}
