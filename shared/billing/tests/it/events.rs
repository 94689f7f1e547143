//! Money to credits and back: events in any order and any number, and what no webhook told.

use billing::Outcome;
use domain::account::PlanId;
use domain::billing::SubscriptionStatus;
use ledger::ProductId;
use payments::{
    Dispute, DisputeStatus, EventKind, Money, Paid, RefundStatus, SubscriptionStatus as ProviderStatus,
};
use testkit::Customer;

use crate::world::{PROVIDER, World, heard};

#[tokio::test]
async fn any_order_of_events_each_three_times_gives_the_same_ledger() {
    let all = [
        (EventKind::Checkout, "cs_1"),
        (EventKind::Invoice, "in_2"),
        (EventKind::Subscription, "sub_2"),
        (EventKind::Payment, "pi_1"),
    ];
    for turn in 0..all.len() {
        let world = World::new().await;
        world.pack();
        world.subscription();
        world.refund("re_1", 500, RefundStatus::Succeeded);
        let places =
            (0..3).flat_map(|round| (0..all.len()).map(move |step| turn + step * (1 + 2 * (round % 2))));
        for place in places {
            let (kind, id) = all[place % all.len()];
            world.hear(kind, id).await;
        }
        // 500 of the pack and 1500 of the month, less 500 of the pack's 999 cents: 250 credits.
        assert_eq!(world.balance().await, (1750, 0), "turn {turn}");
        assert_eq!(world.plan().await, PlanId::Standard);
    }
}

#[tokio::test]
async fn deliveries_at_once_grant_once() {
    let world = World::new().await;
    world.pack();
    let event = heard(EventKind::Checkout, "cs_1");
    let (a, b, c) = tokio::join!(
        world.billing.handle(&event),
        world.billing.handle(&event),
        world.billing.handle(&event)
    );
    let granted = [a, b, c]
        .into_iter()
        .filter(|one| matches!(one, Ok(Outcome::Granted)));
    assert_eq!(granted.count(), 1);
    assert_eq!(world.balance().await, (500, 0));
}

#[tokio::test]
async fn a_delayed_payment_grants_when_its_money_is_there() {
    let world = World::new().await;
    world.pack();
    let pay = |paid| world.provider.objects().checkouts.get_mut("cs_1").unwrap().paid = paid;
    pay(Paid::Unpaid);
    assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, Outcome::Waiting);
    assert_eq!(world.balance().await, (0, 0));
    pay(Paid::Paid);
    assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, Outcome::Granted);
    assert_eq!(world.balance().await, (500, 0));
}

#[tokio::test]
async fn parts_that_add_up_to_the_whole_take_every_credit_and_a_failed_one_gives_its_back() {
    let world = World::new().await;
    world.pack();
    world.hear(EventKind::Checkout, "cs_1").await;
    world.refund("re_1", 333, RefundStatus::Pending);
    world.refund("re_22", 333, RefundStatus::Succeeded);
    world.refund("re_333", 333, RefundStatus::Succeeded);
    world.hear(EventKind::Payment, "pi_1").await;
    assert_eq!(world.balance().await, (0, 0));
    world.refund("re_1", 333, RefundStatus::Failed);
    for _delivery in 0..3 {
        world.hear(EventKind::Payment, "pi_1").await;
    }
    // Two thirds of the money are away.
    assert_eq!(world.balance().await, (167, 0));
}

#[tokio::test]
async fn a_dispute_takes_at_once_and_a_won_one_gives_back_once() {
    let world = World::new().await;
    world.pack();
    world.hear(EventKind::Checkout, "cs_1").await;
    for (status, expected) in [
        (DisputeStatus::WarningNeedsResponse, 500),
        (DisputeStatus::NeedsResponse, 0),
        (DisputeStatus::UnderReview, 0),
        (DisputeStatus::Won, 500),
        (DisputeStatus::Won, 500),
    ] {
        let now = world.now();
        world.provider.change_payment("pi_1", |payment| {
            payment.disputes = vec![Dispute {
                id: "dp_1".to_owned(),
                payment: Some("pi_1".to_owned()),
                amount: Money::usd(999),
                status,
                created: now,
            }];
        });
        world.hear(EventKind::Payment, "pi_1").await;
        assert_eq!(world.balance().await, (expected, 0), "{status:?}");
    }
}

#[tokio::test]
async fn what_no_webhook_told_is_found_and_a_second_look_changes_nothing() {
    let world = World::new().await;
    world.pack();
    world.subscription();
    world.refund("re_1", 500, RefundStatus::Succeeded);
    let first = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert_eq!(first.granted, ["checkout:cs_1", "invoice:in_2"]);
    assert_eq!(world.balance().await, (1750, 0));
    assert_eq!(world.plan().await, PlanId::Standard);
    let second = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert!(
        second.granted.is_empty() && second.corrected.is_empty(),
        "{second:?}"
    );
    assert_eq!(world.balance().await, (1750, 0));
}

#[tokio::test]
async fn every_difference_is_corrected_and_recorded_in_batches_of_twenty() {
    let world = World::new().await;
    for number in 1..=45 {
        let other = Customer::with_credits(&world.dynamo.store, 100 + u64::from(number), 0).await;
        let starter = ProductId::SubscriptionStarter;
        world
            .provider
            .subscribed(number, other.account_id, starter, world.now());
    }
    world.billing.sync_provider(PROVIDER).await.unwrap();
    for (number, state) in world.provider.objects().subscriptions.values_mut().enumerate() {
        state.status = ProviderStatus::ALL[number % 8];
    }
    let report = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert_eq!(report.subscriptions, 45);
    let active = (0..45).filter(|number| ProviderStatus::ALL[number % 8] == ProviderStatus::Active);
    assert_eq!(report.corrected.len(), 45 - active.count());
    let states: Vec<_> = world.provider.objects().subscriptions.values().cloned().collect();
    for state in states {
        let account = state.account.unwrap();
        let row = world
            .dynamo
            .store
            .subscription(account, PROVIDER, &state.id)
            .await
            .unwrap();
        let row = row.unwrap();
        assert_eq!(row.status.is_over(), state.status.ended(), "{:?}", state.status);
        let corrections = world.dynamo.store.corrections(account).await.unwrap();
        let changed = corrections.iter().any(|one| one.after.status == row.status);
        assert!(changed || row.status == SubscriptionStatus::Active, "{row:?}");
    }
}

#[tokio::test]
async fn a_subscription_that_its_provider_forgot_is_over_and_its_plan_goes() {
    let world = World::new().await;
    world.subscription();
    world.hear(EventKind::Invoice, "in_2").await;
    assert_eq!(world.plan().await, PlanId::Standard);
    world.provider.objects().subscriptions.clear();
    let report = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert_eq!(report.corrected, ["sub_2"]);
    assert_eq!(world.plan().await, PlanId::Free);
}

#[tokio::test]
async fn a_subscriptions_event_alone_grants_neither_credits_nor_plan() {
    let world = World::new().await;
    world.subscription();
    assert_eq!(
        world.hear(EventKind::Subscription, "sub_2").await,
        Outcome::SubscriptionSynced
    );
    assert_eq!(world.balance().await, (0, 0));
    assert_eq!(world.plan().await, PlanId::Free);
}
