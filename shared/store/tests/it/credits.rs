//! Tests of grants, history and the guard of wallets.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::job::JobKind;
use domain::{AccountId, ErrorCode, Failure};
use ledger::{Grant, TransactionKind};
use store::{Applied, Cursor, PageRequest, StoreError};
use testkit::at_once;

use crate::world::{World, cancelled};

#[tokio::test]
async fn a_key_grants_once_whatever_is_asked_later() {
    let world = World::with_credits(100).await;
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let first = world.customer.grant_of("invoice:1", 500);
    let granted = store.grant(id, first, world.customer.now()).await.unwrap();
    assert!(matches!(granted, Applied::New(_)));
    let other = world.customer.grant_of("invoice:1", 9999);
    let again = store.grant(id, other, world.customer.now()).await.unwrap();
    assert_eq!(again, Applied::Already(granted.transaction().clone()));
    assert_eq!(world.balance().await, (600, 0));
}

/// How many of the deliveries, all at once, say that they were the first.
async fn first_of(world: &World, deliveries: Vec<Grant>) -> usize {
    let (id, now) = (world.customer.account_id, world.customer.now());
    let tries = deliveries.into_iter().map(|grant| {
        let store = world.dynamo.store.clone();
        async move { store.grant(id, grant, now).await.unwrap() }
    });
    let granted = at_once(tries).await;
    granted
        .iter()
        .filter(|one| matches!(one, Applied::New(_)))
        .count()
}

#[tokio::test]
async fn twenty_deliveries_of_one_invoice_at_once_grant_once() {
    let world = World::with_credits(0).await;
    let deliveries = (0..20)
        .map(|_| world.customer.grant_of("invoice:1", 500))
        .collect();
    assert_eq!(first_of(&world, deliveries).await, 1);
    assert_eq!(world.balance().await, (500, 0));
}

/// The loser read the wallet after the winner's write: its lot was there, and it answered `internal`.
#[tokio::test]
async fn the_same_delivery_beside_itself_is_answered_and_not_called_corrupt() {
    let world = World::with_credits(0).await;
    for number in 0..10 {
        let grant = world.customer.grant_of(&format!("invoice:{number}"), 50);
        assert_eq!(first_of(&world, vec![grant; 12]).await, 1);
    }
    assert_eq!(world.balance().await, (500, 0));
}

#[tokio::test]
async fn a_grant_for_an_unknown_account_writes_nothing() {
    let world = World::with_credits(0).await;
    let stranger = AccountId::new(9.into());
    let grant = world.customer.grant_of("invoice:1", 500);
    let refused = world
        .dynamo
        .store
        .grant(stranger, grant, world.customer.now())
        .await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })));
    assert!(world.dynamo.store.wallet(stranger).await.is_err());
}

#[tokio::test]
async fn the_history_comes_newest_first_in_pages_without_gap_or_repeat() {
    let world = World::with_credits(100).await;
    for _ in 0..3 {
        let (_, job) = world.started(10).await;
        world.end(&job, cancelled(&job)).await.unwrap();
    }
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let mut page = PageRequest {
        limit: 3,
        cursor: None,
    };
    let mut sequences = Vec::new();
    loop {
        let found = store.history(id, &page).await.unwrap();
        sequences.extend(found.items.iter().map(|row| row.sequence));
        page.cursor = found.next;
        if page.cursor.is_none() {
            break;
        }
    }
    assert_eq!(sequences, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_page_that_ends_the_list_has_no_next() {
    let world = World::with_credits(100).await;
    let page = PageRequest {
        limit: 1,
        cursor: None,
    };
    let found = world
        .dynamo
        .store
        .history(world.customer.account_id, &page)
        .await
        .unwrap();
    assert_eq!((found.items.len(), found.next), (1, None));
}

#[tokio::test]
async fn an_edited_cursor_or_one_of_another_list_is_refused() {
    let world = World::with_credits(100).await;
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let (_, job) = world.started(10).await;
    world.end(&job, cancelled(&job)).await.unwrap();
    world.customer.project().await;
    let page = PageRequest {
        limit: 1,
        cursor: None,
    };
    let cursor = store.history(id, &page).await.unwrap().next.unwrap();
    let projects = store
        .projects(id, store::ProjectFilter::default(), &page)
        .await
        .unwrap();
    let mut edited = cursor.as_str().to_owned();
    edited.push('A');
    for wrong in [
        Cursor::new(edited),
        Cursor::new("x".to_owned()),
        projects.next.unwrap(),
    ] {
        let page = PageRequest {
            limit: 1,
            cursor: Some(wrong),
        };
        let refused = store.history(id, &page).await.unwrap_err();
        assert_eq!(Failure::from(refused).code, ErrorCode::InvalidCursor);
    }
}

#[tokio::test]
async fn credits_that_expired_are_written_off_by_the_next_move() {
    let world = World::with_credits(100).await;
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    world.customer.clock.advance_ms(31 * 86_400_000);
    let now = world.customer.now();
    assert_eq!(store.wallet(id).await.unwrap().available_at(now).get(), 0);
    let grant = world.customer.grant_of("invoice:1", 5);
    store.grant(id, grant, now).await.unwrap();
    let kinds: Vec<TransactionKind> = store
        .history(id, &PageRequest::default())
        .await
        .unwrap()
        .items
        .iter()
        .map(|row| row.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            TransactionKind::Grant,
            TransactionKind::Expire,
            TransactionKind::Grant
        ]
    );
    assert_eq!(world.balance().await, (5, 0));
}

#[tokio::test]
async fn a_wallet_that_was_spoilt_is_never_written_again() {
    let world = World::with_credits(100).await;
    let dynamo = &world.dynamo;
    dynamo
        .client
        .update_item()
        .table_name(&dynamo.tables.ledger)
        .key(
            "pk",
            AttributeValue::S(format!("ACCT#{}", world.customer.account_id)),
        )
        .key("sk", AttributeValue::S("WALLET".to_owned()))
        .update_expression("SET #b.available = :more")
        .expression_attribute_names("#b", "body")
        .expression_attribute_values(":more", AttributeValue::N("1000".to_owned()))
        .send()
        .await
        .unwrap();
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateScript, 10);
    let refused = world.start(&job).await.unwrap_err();
    assert_eq!(Failure::from(refused).code, ErrorCode::Internal);
    let audit = dynamo.store.audit(world.customer.account_id).await.unwrap();
    assert!(!audit.is_clean());
    assert!(dynamo.store.job(job.account_id, job.id).await.is_err());
}
