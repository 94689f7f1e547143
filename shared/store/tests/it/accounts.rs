//! Tests of accounts.

use domain::AccountId;
use domain::account::{PlanId, Role};
use domain::settings::Language;
use store::{NewAccount, StoreError};
use testkit::{Customer, at_once, dynamo};

use crate::world::World;

fn new_account(id: AccountId) -> NewAccount {
    NewAccount {
        id,
        email: "second@example.com".to_owned(),
        name: None,
        language: Language::Korean,
        plan: PlanId::Free,
        role: Role::Customer,
    }
}

#[tokio::test]
async fn an_account_is_made_with_its_wallet_and_gift() {
    let world = World::with_credits(100).await;
    let account = world
        .dynamo
        .store
        .account(world.customer.account_id)
        .await
        .unwrap();
    assert_eq!(account.email, "customer1@example.com");
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_repeat_returns_the_account_and_gives_nothing() {
    let world = World::with_credits(100).await;
    let id = world.customer.account_id;
    let gift = world.customer.grant_of("another key", 50);
    let account = world
        .dynamo
        .store
        .ensure_account(new_account(id), Some(gift), world.customer.now())
        .await
        .unwrap();
    assert_eq!(account.email, "customer1@example.com");
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn many_first_logins_at_once_make_one_account_with_one_gift() {
    let dynamo = dynamo().await;
    let guest = Customer::with_credits(&dynamo.store, 1, 0).await;
    let id = AccountId::new(2.into());
    let tries = (0..8).map(|_| {
        let (store, now) = (dynamo.store.clone(), guest.now());
        let gift = guest.grant_of(&format!("signup:{id}"), 100);
        async move { store.ensure_account(new_account(id), Some(gift), now).await }
    });
    for made in at_once(tries).await {
        assert_eq!(made.unwrap().id, id);
    }
    assert_eq!(dynamo.assert_clean(id).await.balance.available.get(), 100);
}

#[tokio::test]
async fn an_account_without_a_gift_has_an_empty_wallet() {
    let world = World::with_credits(0).await;
    assert_eq!(world.balance().await, (0, 0));
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    let dynamo = dynamo().await;
    let stranger = AccountId::new(9.into());
    assert!(matches!(
        dynamo.store.account(stranger).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        dynamo.store.wallet(stranger).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn a_customers_edit_leaves_plan_and_role_alone() {
    let world = World::with_credits(0).await;
    let (store, id, now) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    let mut read_before = store.account(id).await.unwrap();
    store
        .set_standing(id, Some(PlanId::Professional), Some(Role::Admin), now)
        .await
        .unwrap();
    read_before.name = Some("Mina".to_owned());
    read_before.language = Language::Russian;
    store.update_account(&read_before).await.unwrap();
    let account = store.account(id).await.unwrap();
    assert_eq!((account.plan, account.role), (PlanId::Professional, Role::Admin));
    assert_eq!(
        (account.name.as_deref(), account.language),
        (Some("Mina"), Language::Russian)
    );
    read_before.name = None;
    store.update_account(&read_before).await.unwrap();
    assert_eq!(store.account(id).await.unwrap().name, None);
}

#[tokio::test]
async fn nobody_unknown_is_edited_or_promoted_into_being() {
    let world = World::with_credits(0).await;
    let (store, now) = (&world.dynamo.store, world.customer.now());
    let stranger = AccountId::new(9.into());
    let mut account = store.account(world.customer.account_id).await.unwrap();
    account.id = stranger;
    assert!(matches!(
        store.update_account(&account).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        store.set_standing(stranger, None, Some(Role::Admin), now).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(store.account(stranger).await.is_err());
}
