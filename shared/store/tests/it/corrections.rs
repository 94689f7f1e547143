//! Tests of claw backs, reversals and adjustments: each once per key, whoever comes first.

use domain::{Credits, ErrorCode, Failure, LotId};
use ledger::{Adjustment, Change, ClawBack, Reversal, TransactionKind};
use store::{Applied, PageRequest, StoreError};
use testkit::at_once;

use crate::world::{World, cancelled};

fn refund(world: &World, of: Option<&str>, credits: u64) -> ClawBack {
    ClawBack {
        key: "refund:re_1".to_owned(),
        credits: Credits::new(credits),
        from_grant: of.map(str::to_owned),
        transaction_id: world.customer.transaction_id(),
        note: Some("half of a pack".to_owned()),
    }
}

fn reversal(world: &World) -> Reversal {
    Reversal {
        key: "refund:re_1".to_owned(),
        lot_id: LotId::new(world.customer.transaction_id().body()),
        transaction_id: world.customer.transaction_id(),
        expires_at: world.customer.now().plus_days(365),
        note: None,
    }
}

async fn claw_back(world: &World, of: Option<&str>, credits: u64) -> Applied {
    let asked = refund(world, of, credits);
    let (id, now) = (world.customer.account_id, world.customer.now());
    world.dynamo.store.claw_back(id, asked, now).await.unwrap()
}

async fn reverse(world: &World) -> Result<Applied, StoreError> {
    let (id, now) = (world.customer.account_id, world.customer.now());
    world
        .dynamo
        .store
        .reverse_claw_back(id, reversal(world), now)
        .await
}

async fn buy(world: &World, key: &str, credits: u64) {
    let grant = world.customer.grant_of(key, credits);
    let (id, now) = (world.customer.account_id, world.customer.now());
    world.dynamo.store.grant(id, grant, now).await.unwrap();
}

async fn debt(world: &World) -> u64 {
    let audit = world.dynamo.assert_clean(world.customer.account_id).await;
    audit.balance.debt.get()
}

#[tokio::test]
async fn a_refund_takes_the_credits_of_its_own_purchase_first_and_once() {
    let world = World::with_credits(100).await;
    buy(&world, "checkout:cs_1", 500).await;
    let first = claw_back(&world, Some("checkout:cs_1"), 250).await;
    assert!(first.is_new());
    let again = claw_back(&world, Some("checkout:cs_1"), 999).await;
    assert_eq!(again, Applied::Already(first.transaction().clone()));
    assert_eq!((world.balance().await, debt(&world).await), ((350, 0), 0));
    let wallet = world
        .dynamo
        .store
        .wallet(world.customer.account_id)
        .await
        .unwrap();
    let left: Vec<u64> = wallet.lots().iter().map(|lot| lot.remaining.get()).collect();
    assert!(left.contains(&100) && left.contains(&250), "{left:?}");
}

#[tokio::test]
async fn a_refund_above_the_balance_is_owed_and_blocks_new_jobs_until_a_grant_pays() {
    let world = World::with_credits(100).await;
    claw_back(&world, None, 130).await;
    assert_eq!((world.balance().await, debt(&world).await), ((0, 0), 30));
    let project = world.customer.project().await;
    let job = world
        .customer
        .job(&project, domain::job::JobKind::GenerateScript, 10);
    let refused = Failure::from(world.start(&job).await.unwrap_err());
    assert_eq!(refused.code, ErrorCode::AccountInDebt);
    assert_eq!(refused.details, Some(serde_json::json!({"debt": 30})));
    buy(&world, "checkout:cs_2", 50).await;
    assert_eq!((world.balance().await, debt(&world).await), ((20, 0), 0));
    world.start(&job).await.unwrap();
}

#[tokio::test]
async fn a_refund_before_its_purchase_leaves_the_same_balance() {
    let world = World::with_credits(0).await;
    claw_back(&world, Some("checkout:cs_1"), 200).await;
    assert_eq!(debt(&world).await, 200);
    buy(&world, "checkout:cs_1", 500).await;
    assert_eq!((world.balance().await, debt(&world).await), ((300, 0), 0));
}

#[tokio::test]
async fn a_job_that_was_running_pays_the_debt_with_what_it_gives_back() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(60).await;
    claw_back(&world, None, 70).await;
    assert_eq!((world.balance().await, debt(&world).await), ((0, 60), 30));
    world.end(&job, cancelled(&job)).await.unwrap();
    assert_eq!((world.balance().await, debt(&world).await), ((30, 0), 0));
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let rows = store.history(id, &PageRequest::default()).await.unwrap().items;
    let kinds: Vec<_> = rows.iter().take(2).map(|row| row.kind).collect();
    assert_eq!(kinds, [TransactionKind::PayDebt, TransactionKind::Release]);
}

#[tokio::test]
async fn a_failed_refund_is_undone_once_and_one_that_never_was_is_not_found() {
    let world = World::with_credits(100).await;
    let unknown = reverse(&world).await.unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::NotFound);
    claw_back(&world, None, 130).await;
    assert!(reverse(&world).await.unwrap().is_new());
    assert!(!reverse(&world).await.unwrap().is_new());
    assert_eq!((world.balance().await, debt(&world).await), ((100, 0), 0));
}

#[tokio::test]
async fn an_adjustment_is_made_once_per_key_whatever_its_sign() {
    let world = World::with_credits(100).await;
    let (store, id, now) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    let adjustment = |change| Adjustment {
        key: "ticket:7".to_owned(),
        change,
        lot_id: LotId::new(world.customer.transaction_id().body()),
        transaction_id: world.customer.transaction_id(),
        expires_at: now.plus_days(365),
        note: "lost an hour to us".to_owned(),
    };
    let plus = adjustment(Change::plus(Credits::new(40)));
    let minus = adjustment(Change::minus(Credits::new(40)));
    assert!(store.adjust(id, plus, now).await.unwrap().is_new());
    assert!(!store.adjust(id, minus, now).await.unwrap().is_new());
    assert_eq!(world.balance().await, (140, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_deliveries_of_a_refund_beside_its_purchase_leave_one_of_each() {
    let world = World::with_credits(0).await;
    let (id, now) = (world.customer.account_id, world.customer.now());
    let deliveries = (0..10).map(|number| {
        let store = world.dynamo.store.clone();
        let grant = world.customer.grant_of("checkout:cs_1", 500);
        let asked = refund(&world, Some("checkout:cs_1"), 120);
        async move {
            match number % 2 {
                0 => store.claw_back(id, asked, now).await.unwrap(),
                _ => store.grant(id, grant, now).await.unwrap(),
            }
        }
    });
    let applied = at_once(deliveries).await;
    assert_eq!(applied.iter().filter(|one| one.is_new()).count(), 2);
    assert_eq!((world.balance().await, debt(&world).await), ((380, 0), 0));
}
