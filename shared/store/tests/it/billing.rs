//! Subscriptions, checkouts and webhook events: what each conditional write promises.

use domain::account::PlanId;
use domain::billing::{PaymentProvider, SubscriptionStatus};
use domain::{AccountId, Timestamp};
use ledger::ProductId;
use store::{CountingSubscription, EventState, OpenCheckout, SeenEvent, StoreError, Subscription, SyncMark};

use crate::world::World;

const PROVIDER: PaymentProvider = PaymentProvider::Stripe;

fn subscription(world: &World) -> Subscription {
    let now = world.customer.now();
    Subscription {
        account_id: world.customer.account_id,
        provider: PROVIDER,
        id: "sub_1".to_owned(),
        customer_id: "cus_1".to_owned(),
        product: Some(ProductId::SubscriptionStarter),
        status: SubscriptionStatus::Active,
        period_end: Some(now.plus_days(30)),
        cancel_at_period_end: false,
        paid: None,
        is_surplus: false,
        version: 0,
        created_at: now,
        updated_at: now,
    }
}

fn seen(at: Timestamp) -> SeenEvent {
    SeenEvent {
        kind: "invoice.paid".to_owned(),
        object_id: Some("in_1".to_owned()),
        created_at: at,
        seen_at: at,
        state: EventState::Received,
        outcome: None,
    }
}

#[tokio::test]
async fn a_subscription_sets_its_plan_in_the_same_write() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let first = store
        .put_subscription(&subscription(&world), Some(PlanId::Basic))
        .await
        .unwrap();
    assert_eq!(first.version, 1);
    let account = world.customer.account_id;
    assert_eq!(store.account(account).await.unwrap().plan, PlanId::Basic);
    assert_eq!(store.subscriptions(account).await.unwrap(), [first]);
    assert_eq!(
        store.subscription_owner(PROVIDER, "sub_1").await.unwrap(),
        Some(account)
    );
}

#[tokio::test]
async fn whoever_read_an_older_subscription_writes_neither_row_nor_plan() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let first = store.put_subscription(&subscription(&world), None).await.unwrap();
    let ended = Subscription {
        status: SubscriptionStatus::Canceled,
        ..first.clone()
    };
    store.put_subscription(&ended, Some(PlanId::Free)).await.unwrap();
    let late = store.put_subscription(&first, Some(PlanId::Professional)).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    let account = store.account(world.customer.account_id).await.unwrap();
    assert_eq!(account.plan, PlanId::Free);
    let again = store.put_subscription(&subscription(&world), None).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
}

#[tokio::test]
async fn a_subscription_of_an_unknown_account_is_not_written() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let stray = Subscription {
        account_id: AccountId::new(77_u128.into()),
        ..subscription(&world)
    };
    let outcome = store.put_subscription(&stray, None).await;
    assert!(matches!(outcome, Err(StoreError::NotFound { .. })), "{outcome:?}");
    assert_eq!(store.subscription_owner(PROVIDER, "sub_1").await.unwrap(), None);
}

#[tokio::test]
async fn known_subscriptions_are_walked_in_pages() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    for number in 1..=5 {
        let one = Subscription {
            id: format!("sub_{number}"),
            ..subscription(&world)
        };
        store.put_subscription(&one, None).await.unwrap();
    }
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let page = store
            .known_subscriptions(PROVIDER, after.as_deref(), 2)
            .await
            .unwrap();
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        ids.extend(page.into_iter().map(|(id, _)| id));
    }
    assert_eq!(ids, ["sub_1", "sub_2", "sub_3", "sub_4", "sub_5"]);
}

#[tokio::test]
async fn the_first_customer_of_an_account_stays() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let account = world.customer.account_id;
    for id in ["cus_1", "cus_2", "cus_1"] {
        store.link_customer(account, PROVIDER, id).await.unwrap();
    }
    let customer = store.customer(account, PROVIDER).await.unwrap();
    assert_eq!(customer.as_deref(), Some("cus_1"));
    for id in ["cus_1", "cus_2"] {
        assert_eq!(store.customer_owner(PROVIDER, id).await.unwrap(), Some(account));
    }
    assert_eq!(
        store.customer(account, PaymentProvider::Creem).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn open_checkouts_come_oldest_first_until_they_are_closed() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let now = world.customer.now();
    let checkout = |id: &str, minutes: i64| OpenCheckout {
        account_id: world.customer.account_id,
        provider: PROVIDER,
        id: id.to_owned(),
        opened_at: now.plus_s(minutes * 60),
    };
    for one in [checkout("cs_2", 2), checkout("cs_1", 1), checkout("cs_9", 90)] {
        store.open_checkout(&one).await.unwrap();
    }
    let due = store.open_checkouts(now.plus_s(3600), 10).await.unwrap();
    assert_eq!(due, [checkout("cs_1", 1), checkout("cs_2", 2)]);
    store.close_checkout(&due[0]).await.unwrap();
    store.close_checkout(&due[0]).await.unwrap();
    let left = store.open_checkouts(now.plus_s(3600), 10).await.unwrap();
    assert_eq!(left, [checkout("cs_2", 2)]);
}

#[tokio::test]
async fn of_two_looks_at_once_the_first_notes_its_mark() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let now = world.customer.now();
    let none = store.sync_mark(PROVIDER).await.unwrap();
    let mark = |minutes: i64| SyncMark {
        looked_until: Some(now.plus_s(minutes * 60)),
        subscriptions_after: None,
    };
    store.note_sync_mark(PROVIDER, &none, &mark(1)).await.unwrap();
    store.note_sync_mark(PROVIDER, &none, &mark(2)).await.unwrap();
    assert_eq!(store.sync_mark(PROVIDER).await.unwrap(), mark(1));
    store.note_sync_mark(PROVIDER, &mark(1), &mark(3)).await.unwrap();
    assert_eq!(store.sync_mark(PROVIDER).await.unwrap(), mark(3));
}

#[tokio::test]
async fn an_event_is_new_once_and_tells_how_far_it_has_come() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let event = seen(world.customer.now());
    let twice = futures_of_two(&world, &event).await;
    assert_eq!(twice.iter().filter(|known| known.is_none()).count(), 1);
    store.note_queued(PROVIDER, "evt_1").await.unwrap();
    let known = store.remember_event(PROVIDER, "evt_1", &event).await.unwrap();
    assert_eq!(known.unwrap().state, EventState::Queued);
    store.note_handled(PROVIDER, "evt_1", "granted").await.unwrap();
    store.note_queued(PROVIDER, "evt_1").await.unwrap();
    let known = store.event(PROVIDER, "evt_1").await.unwrap().unwrap();
    assert_eq!(
        (known.state, known.outcome.as_deref()),
        (EventState::Handled, Some("granted"))
    );
    assert_eq!(store.event(PaymentProvider::Creem, "evt_1").await.unwrap(), None);
}

async fn futures_of_two(world: &World, event: &SeenEvent) -> [Option<SeenEvent>; 2] {
    let store = &world.dynamo.store;
    let (one, two) = tokio::join!(
        store.remember_event(PROVIDER, "evt_1", event),
        store.remember_event(PROVIDER, "evt_1", event)
    );
    [one.unwrap(), two.unwrap()]
}

#[tokio::test]
async fn an_event_is_forgotten_after_its_days_even_when_its_row_is_still_there() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let first = seen(world.customer.now());
    store.remember_event(PROVIDER, "evt_1", &first).await.unwrap();
    let on_day_30 = seen(first.seen_at.plus_days(30));
    assert!(
        store
            .remember_event(PROVIDER, "evt_1", &on_day_30)
            .await
            .unwrap()
            .is_some()
    );
    let on_day_46 = seen(first.seen_at.plus_days(46));
    assert_eq!(
        store.remember_event(PROVIDER, "evt_1", &on_day_46).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn the_place_of_the_subscription_that_counts_is_taken_over_what_was_read() {
    let world = World::with_credits(0).await;
    let (store, account) = (&world.dynamo.store, world.customer.account_id);
    let one = |id: &str| CountingSubscription {
        provider: PaymentProvider::Stripe,
        id: id.to_owned(),
    };
    let (first, second) = (one("sub_1"), one("sub_2"));
    assert_eq!(store.counting_subscription(account).await.unwrap(), None);
    let take = |read: Option<CountingSubscription>, next: CountingSubscription| async move {
        store
            .take_counting_subscription(account, read.as_ref(), &next)
            .await
            .unwrap()
    };
    assert!(take(None, first.clone()).await);
    assert!(!take(None, second.clone()).await);
    assert!(take(Some(first.clone()), second.clone()).await);
    assert!(!take(Some(first.clone()), first).await);
    assert_eq!(store.counting_subscription(account).await.unwrap(), Some(second));
}

#[tokio::test]
async fn the_page_for_a_subscription_is_taken_over_what_was_read() {
    let world = World::with_credits(0).await;
    let (store, account_id) = (&world.dynamo.store, world.customer.account_id);
    let page = |id: &str| OpenCheckout {
        account_id,
        provider: PaymentProvider::Creem,
        id: id.to_owned(),
        opened_at: world.customer.now(),
    };
    let (first, second) = (page("ch_1"), page("ch_2"));
    assert!(store.take_subscription_page(None, &first).await.unwrap());
    assert!(!store.take_subscription_page(None, &second).await.unwrap());
    assert!(store.take_subscription_page(Some(&first), &second).await.unwrap());
    assert_eq!(store.subscription_page(account_id).await.unwrap(), Some(second));
}
