//! `inspect-account`.

use std::sync::Arc;

use audit::AccountInspection;
use serde_json::json;
use testkit::{FakeMail, FixedClock};

use super::world::World;
use super::world::operators::{pays, reported};
use super::world::payments::billing_of;

#[tokio::test]
async fn a_payment_without_credits_is_pending_then_a_finding_then_a_number_of_the_report() {
    let world = World::new().await;
    pays(&world).await;
    let inspect_at = async |at| {
        let deps = inspect_account::Deps {
            inspection: AccountInspection::new(world.store(), Arc::new(FixedClock::at(at))),
            billing: billing_of(&world),
        };
        let message = json!({"account_id": world.ann.account_id});
        let message = serde_json::from_value(message).expect("a message");
        inspect_account::handle(&deps, message)
            .await
            .expect("an inspection");
        let all = store::PageRequest::default();
        world
            .store()
            .findings("2026-11", &all)
            .await
            .expect("findings")
            .items
    };
    assert_eq!(inspect_at(world.ann.now()).await, []);
    let found = inspect_at(world.ann.now().plus_s(audit::pending::CONFIRMED_AFTER_S)).await;
    let codes: Vec<&str> = found[0].findings.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["payment_without_grant", "subscription_differs"]);
    let mail: Arc<FakeMail> = Arc::default();
    reported(&world, &mail).await;
    let text = &mail.take()[0].text;
    assert!(text.contains("with findings      1"), "{text}");
    assert!(text.contains("payment_without_grant  1"), "{text}");
}
