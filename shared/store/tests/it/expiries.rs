//! Tests of wallets that expire when nobody moves.

use domain::{AccountId, Credits};
use ledger::TransactionKind;
use store::PageRequest;
use testkit::{Customer, at_once};

use crate::world::World;

const DAY_MS: i64 = 86_400_000;

async fn due(world: &World, limit: usize) -> Vec<AccountId> {
    let now = world.customer.now();
    world.dynamo.store.wallets_due(now, limit).await.unwrap()
}

async fn expire(world: &World, account: AccountId) -> u64 {
    let now = world.customer.now();
    world
        .dynamo
        .store
        .expire_wallet(account, now)
        .await
        .unwrap()
        .get()
}

#[tokio::test]
async fn a_wallet_is_due_at_its_first_expiry_and_written_off_once() {
    let world = World::with_credits(100).await;
    let id = world.customer.account_id;
    assert_eq!(due(&world, 10).await, []);
    world.customer.clock.advance_ms(30 * DAY_MS);
    assert_eq!(due(&world, 10).await, [id]);
    assert_eq!((expire(&world, id).await, expire(&world, id).await), (100, 0));
    assert_eq!(due(&world, 10).await, []);
    let rows = world
        .dynamo
        .store
        .history(id, &PageRequest::default())
        .await
        .unwrap();
    let kinds: Vec<_> = rows.items.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [TransactionKind::Expire, TransactionKind::Grant]);
    assert_eq!(world.balance().await, (0, 0));
}

#[tokio::test]
async fn what_is_held_does_not_make_a_wallet_due_and_what_remains_does() {
    let world = World::with_credits(100).await;
    let id = world.customer.account_id;
    world.started(100).await;
    world.customer.clock.advance_ms(30 * DAY_MS);
    assert_eq!(due(&world, 10).await, []);
    let grant = world.customer.grant_of("invoice:1", 7);
    let now = world.customer.now();
    world.dynamo.store.grant(id, grant, now).await.unwrap();
    world.customer.clock.advance_ms(30 * DAY_MS);
    assert_eq!(due(&world, 10).await, [id]);
    assert_eq!(expire(&world, id).await, 7);
    assert_eq!(world.balance().await, (0, 100));
}

#[tokio::test]
async fn every_due_wallet_is_found_over_pages_and_partitions_up_to_the_limit() {
    let world = World::with_credits(100).await;
    for number in 2..=230 {
        Customer::with_credits(&world.dynamo.store, number, 5).await;
    }
    world.customer.clock.advance_ms(31 * DAY_MS);
    let mut found = due(&world, 1000).await;
    found.sort();
    found.dedup();
    assert_eq!((found.len(), due(&world, 50).await.len()), (230, 50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_sweeps_of_one_wallet_at_once_write_it_off_once() {
    let world = World::with_credits(100).await;
    world.customer.clock.advance_ms(31 * DAY_MS);
    let (id, now) = (world.customer.account_id, world.customer.now());
    let sweeps = (0..10).map(|_| {
        let store = world.dynamo.store.clone();
        async move { store.expire_wallet(id, now).await.unwrap() }
    });
    let gone = Credits::sum(at_once(sweeps).await).unwrap();
    assert_eq!((gone.get(), world.balance().await), (100, (0, 0)));
}
