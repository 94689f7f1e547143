//! Whose a payment is: one account's, once, whoever grants, keeps or claims it, in any order and at once.

use domain::billing::PaymentProvider;
use domain::{AccountId, Credits};
use ledger::{ProductId, ReturnStep};
use store::{
    PageRequest, Payment, PaymentGrant, PaymentHolder, StoreError, Unclaimed, UnclaimedOutcome,
    UnclaimedReason,
};
use testkit::{Customer, Fault, at_once};

use crate::world::World;

const PROVIDER: PaymentProvider = PaymentProvider::Creem;
const KEY: &str = "checkout:ch_1";
const TRANSACTION: &str = "TransactWriteItems";

fn payment(account_id: AccountId, world: &World) -> Payment {
    Payment {
        key: KEY.to_owned(),
        account_id,
        provider: PROVIDER,
        product: ProductId::PackStarter,
        replaced: None,
        credits: Credits::new(500),
        paid_minor: 999,
        currency: "usd".to_owned(),
        references: vec!["tran_1".to_owned()],
        returns: Vec::new(),
        at: world.customer.now(),
    }
}

fn unclaimed(world: &World) -> Unclaimed {
    Unclaimed {
        key: KEY.to_owned(),
        provider: PROVIDER,
        reason: UnclaimedReason::UnknownAccount,
        account_id: None,
        product: Some(ProductId::PackStarter),
        paid_minor: 999,
        currency: "usd".to_owned(),
        at: world.customer.now(),
        claimed_by: None,
    }
}

/// Grants the payment to a customer; can run beside others.
fn grant(
    world: &World,
    to: &Customer,
) -> impl Future<Output = Result<PaymentGrant, StoreError>> + Send + 'static {
    let store = world.dynamo.store.clone();
    let (payment, grant, now) = (payment(to.account_id, world), to.grant_of(KEY, 500), to.now());
    async move { store.grant_payment(&payment, &grant, now).await }
}

fn keep(world: &World) -> impl Future<Output = UnclaimedOutcome> + Send + 'static {
    let store = world.dynamo.store.clone();
    let unclaimed = unclaimed(world);
    async move { store.store_unclaimed(&unclaimed).await.unwrap() }
}

async fn available(world: &World, who: &Customer) -> u64 {
    let audit = world.dynamo.assert_clean(who.account_id).await;
    audit.balance.available.get()
}

async fn waiting(world: &World) -> usize {
    let page = PageRequest::default();
    let page = world.dynamo.store.unclaimed_payments(&page).await.unwrap();
    page.items.len()
}

#[tokio::test]
async fn a_payment_goes_to_the_first_account_and_tells_every_other_whose_it_is() {
    let world = World::with_credits(0).await;
    let ann = &world.customer;
    let ben = Customer::with_credits(&world.dynamo.store, 2, 0).await;
    let first = grant(&world, ann).await.unwrap();
    assert_eq!((first.account_id, first.is_new), (ann.account_id, true));
    for who in [ann, &ben] {
        let again = grant(&world, who).await.unwrap();
        assert_eq!((again.account_id, again.is_new), (ann.account_id, false));
    }
    assert_eq!(
        (available(&world, ann).await, available(&world, &ben).await),
        (500, 0)
    );
}

#[tokio::test]
async fn what_was_kept_is_claimed_in_the_grants_own_transaction() {
    let world = World::with_credits(0).await;
    assert_eq!(keep(&world).await, UnclaimedOutcome::Stored);
    assert_eq!(keep(&world).await, UnclaimedOutcome::Known);
    assert_eq!(waiting(&world).await, 1);
    assert!(grant(&world, &world.customer).await.unwrap().is_new);
    assert_eq!(waiting(&world).await, 0);
    let row = world.dynamo.store.unclaimed(KEY).await.unwrap().unwrap();
    assert_eq!(row.claimed_by, Some(world.customer.account_id));
    assert_eq!(
        keep(&world).await,
        UnclaimedOutcome::Granted(world.customer.account_id)
    );
}

#[tokio::test]
async fn a_payment_that_was_granted_is_never_kept() {
    let world = World::with_credits(0).await;
    grant(&world, &world.customer).await.unwrap();
    assert_eq!(
        keep(&world).await,
        UnclaimedOutcome::Granted(world.customer.account_id)
    );
    assert_eq!(world.dynamo.store.unclaimed(KEY).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_accounts_at_once_one_gets_a_payment_kept_or_not() {
    for round in 0..12 {
        let world = World::with_credits(0).await;
        let ben = Customer::with_credits(&world.dynamo.store, 2, 0).await;
        if round % 2 == 0 {
            keep(&world).await;
        }
        let tries = [&world.customer, &ben, &world.customer, &ben].map(|who| grant(&world, who));
        let answers = at_once(tries).await;
        let granted: Vec<PaymentGrant> = answers.into_iter().map(Result::unwrap).collect();
        let new: Vec<_> = granted.iter().filter(|one| one.is_new).collect();
        assert_eq!(new.len(), 1, "round {round}");
        let owner = new[0].account_id;
        assert!(granted.iter().all(|one| one.account_id == owner), "round {round}");
        let (ann, ben) = (
            available(&world, &world.customer).await,
            available(&world, &ben).await,
        );
        assert_eq!(ann + ben, 500, "round {round}");
        assert_eq!(waiting(&world).await, 0, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_keeping_beside_a_grant_leaves_nothing_waiting() {
    for round in 0..12 {
        let world = World::with_credits(0).await;
        let (kept, granted) = tokio::join!(keep(&world), grant(&world, &world.customer));
        assert!(granted.unwrap().is_new, "round {round}");
        let row = world.dynamo.store.unclaimed(KEY).await.unwrap();
        match kept {
            UnclaimedOutcome::Stored => assert_eq!(row.unwrap().claimed_by, Some(world.customer.account_id)),
            other => assert_eq!(
                (other, row),
                (UnclaimedOutcome::Granted(world.customer.account_id), None)
            ),
        }
        assert_eq!(waiting(&world).await, 0, "round {round}");
        assert_eq!(available(&world, &world.customer).await, 500, "round {round}");
    }
}

#[tokio::test]
async fn a_grant_whose_answer_was_lost_is_found_by_its_repeat() {
    let (world, faults) = World::with_faults(0).await;
    faults.plan(TRANSACTION, [Fault::Conflict, Fault::LostAnswer]);
    let lost = grant(&world, &world.customer).await;
    assert!(matches!(lost, Err(StoreError::Unavailable { .. })), "{lost:?}");
    let again = grant(&world, &world.customer).await.unwrap();
    assert_eq!(
        (again.account_id, again.is_new),
        (world.customer.account_id, false)
    );
    assert_eq!(available(&world, &world.customer).await, 500);
}

#[tokio::test]
async fn a_payment_of_an_unknown_account_writes_nothing() {
    let world = World::with_credits(0).await;
    let stray = payment(AccountId::new(77_u128.into()), &world);
    let grant_of = world.customer.grant_of(KEY, 500);
    let store = &world.dynamo.store;
    let refused = store.grant_payment(&stray, &grant_of, world.customer.now()).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
    assert!(grant(&world, &world.customer).await.unwrap().is_new);
}

#[tokio::test]
async fn credits_that_an_operator_granted_under_a_payments_key_are_not_granted_again() {
    let world = World::with_credits(0).await;
    let by_hand = world.customer.grant_of(KEY, 500);
    let store = &world.dynamo.store;
    store
        .grant(world.customer.account_id, by_hand, world.customer.now())
        .await
        .unwrap();
    let granted = grant(&world, &world.customer).await.unwrap();
    assert_eq!(
        (granted.account_id, granted.is_new),
        (world.customer.account_id, false)
    );
    assert_eq!(available(&world, &world.customer).await, 500);
    assert_eq!(
        keep(&world).await,
        UnclaimedOutcome::Granted(world.customer.account_id)
    );
}

#[tokio::test]
async fn a_payment_is_found_by_every_reference_that_was_noted() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let account = world.customer.account_id;
    grant(&world, &world.customer).await.unwrap();
    for reference in ["tran_1", "tran_1", "ch_1"] {
        store
            .note_reference(PROVIDER, reference, account, KEY)
            .await
            .unwrap();
    }
    for reference in ["tran_1", "ch_1"] {
        let found = store.payment_of(PROVIDER, reference).await.unwrap();
        assert_eq!(found, Some(payment(account, &world)));
    }
    assert_eq!(store.payment_of(PROVIDER, "tran_2").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_returned_is_noted_over_the_steps_that_were_read() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let account = world.customer.account_id;
    let payment = payment(account, &world);
    grant(&world, &world.customer).await.unwrap();
    store
        .note_reference(PROVIDER, "tran_1", account, KEY)
        .await
        .unwrap();
    let step = |key: &str, undone| ReturnStep {
        key: key.to_owned(),
        cause: "refund:tran_1".to_owned(),
        credits: Credits::new(150),
        undone,
    };
    let first = [step("refund:tran_1", false)];
    let once = store.note_returns(&payment, &first).await.unwrap();
    assert_eq!(once.returns, first);
    let late = store.note_returns(&payment, &[step("refund:other", false)]).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    let second = [step("refund:tran_1", true), step("refund:tran_1:2", false)];
    store.note_returns(&once, &second).await.unwrap();
    let found = store.payment_of(PROVIDER, "tran_1").await.unwrap();
    assert_eq!(found.unwrap().returns, second);
}

#[tokio::test]
async fn a_payment_whose_money_goes_back_is_never_granted_and_one_that_was_granted_stays() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let (account, now) = (world.customer.account_id, world.customer.now());
    let decided = store.return_payment(KEY, account, now).await.unwrap();
    assert!(
        matches!(decided, PaymentHolder::Returned { is_done: false, .. }),
        "{decided:?}"
    );
    let refused = grant(&world, &world.customer).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    let refused = store.store_unclaimed(&unclaimed(&world)).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    store.note_payment_returned(KEY).await.unwrap();
    // The first decision stays, with its time.
    let again = store.return_payment(KEY, account, now.plus_s(9)).await.unwrap();
    let done = PaymentHolder::Returned {
        account_id: account,
        at: now,
        is_done: true,
    };
    assert_eq!(again, done);
    world.dynamo.assert_clean(account).await;

    let world = World::with_credits(0).await;
    grant(&world, &world.customer).await.unwrap();
    let account_id = world.customer.account_id;
    let known = world
        .dynamo
        .store
        .return_payment(KEY, account_id, now)
        .await
        .unwrap();
    assert_eq!(known, PaymentHolder::Granted { account_id });
}
