//! `send-notices`.

use std::sync::Arc;

use audit::{AccountInspection, NoticeSender};
use testkit::events::sample;
use testkit::{FakeMail, FixedClock};

use super::world::World;

#[tokio::test]
async fn a_notice_is_mailed_once() {
    let world = World::new().await;
    let mail: Arc<FakeMail> = Arc::default();
    let soon = world.ann.now().plus_days(25);
    AccountInspection::new(world.store(), Arc::new(FixedClock::at(soon)))
        .inspect(world.ann.account_id, Vec::new())
        .await
        .expect("an inspection");
    let mailer: Arc<FakeMail> = Arc::clone(&mail);
    let deps = send_notices::Deps {
        sender: NoticeSender::new(world.store(), mailer, Arc::new(FixedClock::at(soon))),
    };
    let sample = sample("send-notices", "every-five-minutes");
    for (mailed, run) in [(1, "first"), (0, "second")] {
        let tick = serde_json::from_str(&sample).expect("a tick");
        let sent = send_notices::handle(&deps, tick).await.expect("a run");
        assert_eq!((sent.mailed, sent.failed), (mailed, 0), "{run}");
    }
    assert!(mail.take()[0].subject.contains("100 credits expire"));
}
