//! `admin-audit`.

use std::sync::Arc;

use domain::AccountId;
use domain::billing::PaymentProvider;
use domain::report::{AccountFindings, Finding};
use store::{Unclaimed, UnclaimedReason};

use super::world::operators::{audit, pays, reported};
use super::world::{World, event, every_sample, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-audit", async |world, request| {
        let found = AccountFindings {
            day: "2026-11-21".to_owned(),
            account_id: Some(AccountId::new(2_u128.into())),
            findings: vec![Finding {
                code: "payment_without_grant".to_owned(),
                about: Some("stripe checkout:cs_1".to_owned()),
                text: "=paid, \"999 usd\", and nothing was granted".to_owned(),
            }],
            found_at: world.ann.now(),
        };
        world.store().store_findings(&found).await.expect("kept");
        pays(world).await;
        admin_audit::handle(&audit(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_payment_of_nobody_is_shown_to_operators_without_an_account() {
    let world = World::new().await;
    let kept = Unclaimed {
        key: "checkout:cs_9".to_owned(),
        provider: PaymentProvider::Stripe,
        reason: UnclaimedReason::UnknownAccount,
        account_id: None,
        product: None,
        paid_minor: 999,
        currency: "usd".to_owned(),
        at: world.ann.now(),
        claimed_by: None,
    };
    world.store().store_unclaimed(&kept).await.expect("it is kept");
    reported(&world, &Arc::default()).await;
    let table = shown(admin_audit::handle(&audit(&world), event("admin-audit", "table")).await);
    let text = table["body"].as_str().expect("a table");
    assert!(
        text.contains("2026-11-21,,payment_unclaimed,stripe checkout:cs_9,"),
        "{text}"
    );
}
