//! Money that brought no credits: kept with its reason, given once, tried again.

use billing::{Claim, Outcome};
use domain::{AccountId, Credits, ErrorCode};
use ledger::{ClawBack, ProductId};
use payments::{EventKind, Money, RefundStatus};
use store::UnclaimedReason;
use testkit::Customer;

use crate::world::{PROVIDER, World, heard};

#[tokio::test]
async fn a_payment_that_is_not_the_catalogues_grants_nothing_and_is_kept() {
    for (reason, minor, currency) in [
        (UnclaimedReason::AmountMismatch, 1, "usd"),
        (UnclaimedReason::AmountMismatch, -999, "usd"),
        (UnclaimedReason::AmountMismatch, 0, "usd"),
        (UnclaimedReason::AmountMismatch, i64::MAX, "usd"),
        (UnclaimedReason::CurrencyMismatch, 999, "krw"),
    ] {
        let world = World::new().await;
        world.pack();
        let money = Some(Money::new(minor, currency.parse().unwrap()));
        {
            let mut objects = world.provider.objects();
            let checkout = objects.checkouts.get_mut("cs_1").unwrap();
            (checkout.subtotal, checkout.total) = (money, money);
        }
        let outcome = world.hear(EventKind::Checkout, "cs_1").await;
        assert_eq!(outcome, Outcome::Unclaimed(reason), "{minor} {currency}");
        assert_eq!(world.balance().await, (0, 0));
        let kept = world.dynamo.store.unclaimed("checkout:cs_1").await.unwrap();
        assert_eq!(kept.unwrap().reason, reason);
    }
}

#[tokio::test]
async fn a_payment_of_nobody_is_kept_until_an_operator_gives_it_once() {
    for account in [None, Some(AccountId::new(77_u128.into()))] {
        let world = World::new().await;
        world
            .provider
            .pack_paid(1, account, ProductId::PackStarter, world.now());
        let unknown = Outcome::Unclaimed(UnclaimedReason::UnknownAccount);
        assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, unknown);
        let claim = Claim {
            key: "checkout:cs_1".to_owned(),
            account_id: world.ann.account_id,
            product: None,
        };
        assert_eq!(world.billing.claim(&claim).await.unwrap(), Outcome::Granted);
        assert_eq!(
            world.billing.claim(&claim).await.unwrap(),
            Outcome::AlreadyGranted
        );
        world.hear(EventKind::Checkout, "cs_1").await;
        assert_eq!(world.balance().await, (500, 0));
        world.refund("re_1", 999, RefundStatus::Succeeded);
        world.hear(EventKind::Payment, "pi_1").await;
        assert_eq!(world.balance().await, (0, 0), "a later refund finds it");
    }
}

/// A payment that names an account which is not there yet, and a claim of it for Ann.
async fn paid_by_somebody_to_come(world: &World) -> (AccountId, Claim) {
    let late = AccountId::new(LATE.into());
    world
        .provider
        .pack_paid(1, Some(late), ProductId::PackStarter, world.now());
    let unknown = Outcome::Unclaimed(UnclaimedReason::UnknownAccount);
    assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, unknown);
    let claim = Claim {
        key: "checkout:cs_1".to_owned(),
        account_id: world.ann.account_id,
        product: None,
    };
    (late, claim)
}

/// Number of the customer who signs up after paying.
const LATE: u128 = 77;

async fn signs_up(world: &World) -> Customer {
    Customer::with_credits(&world.dynamo.store, u64::try_from(LATE).expect("small"), 0).await
}

async fn available_of(world: &World, account: AccountId) -> u64 {
    world.dynamo.assert_clean(account).await;
    let wallet = world.dynamo.store.wallet(account).await.expect("a wallet");
    wallet.available().get()
}

#[tokio::test]
async fn a_payment_that_an_operator_gave_away_is_not_granted_to_its_account_that_appears_later() {
    let world = World::new().await;
    let (late, claim) = paid_by_somebody_to_come(&world).await;
    assert_eq!(world.billing.claim(&claim).await.unwrap(), Outcome::Granted);
    signs_up(&world).await;
    let known = Outcome::AlreadyGranted;
    assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, known);
    let look = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert!(look.granted.is_empty() && look.waiting == 0, "{look:?}");
    let look = world.billing.sync_account(late).await.unwrap();
    assert!(look.granted.is_empty(), "{look:?}");
    assert_eq!(available_of(&world, late).await, 0);
    assert_eq!(world.balance().await, (500, 0));
    world.refund("re_1", 999, RefundStatus::Succeeded);
    world.hear(EventKind::Payment, "pi_1").await;
    assert_eq!(
        world.balance().await,
        (0, 0),
        "a refund takes from whoever has it"
    );
}

#[tokio::test]
async fn a_payment_whose_account_appeared_cannot_be_given_away_any_more() {
    let world = World::new().await;
    let (late, claim) = paid_by_somebody_to_come(&world).await;
    signs_up(&world).await;
    let look = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert_eq!(
        (look.granted.as_slice(), look.waiting),
        (&["checkout:cs_1".to_owned()][..], 0)
    );
    let refused = world.billing.claim(&claim).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(available_of(&world, late).await, 500);
    assert_eq!(world.balance().await, (0, 0));
}

#[tokio::test]
async fn a_claim_beside_the_accounts_own_grant_grants_once() {
    for _round in 0..6 {
        let world = World::new().await;
        let (late, claim) = paid_by_somebody_to_come(&world).await;
        signs_up(&world).await;
        let event = heard(EventKind::Checkout, "cs_1");
        let (claimed, told) = tokio::join!(world.billing.claim(&claim), world.billing.handle(&event));
        let by_claim = matches!(claimed, Ok(Outcome::Granted));
        let by_event = matches!(told, Ok(Outcome::Granted));
        assert!(by_claim != by_event, "{claimed:?} {told:?}");
        let sum = world.balance().await.0 + available_of(&world, late).await;
        assert_eq!(sum, 500);
    }
}

#[tokio::test]
async fn a_full_wallet_keeps_a_payment_until_it_has_room() {
    let world = World::new().await;
    let (store, ann) = (&world.dynamo.store, world.ann.account_id);
    world.fill_wallet().await;
    world.pack();
    let full = Outcome::Unclaimed(UnclaimedReason::WalletFull);
    assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, full);
    let look = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert_eq!((look.granted.len(), look.waiting), (0, 1));
    let one = ClawBack {
        key: "room".to_owned(),
        credits: Credits::new(1),
        from_grant: None,
        transaction_id: world.ann.transaction_id(),
        note: None,
    };
    store.claw_back(ann, one, world.now()).await.unwrap();
    let look = world.billing.sync_provider(PROVIDER).await.unwrap();
    assert_eq!((look.granted.len(), look.waiting), (1, 0), "{look:?}");
    let wallet = store.wallet(ann).await.unwrap();
    assert_eq!(wallet.available().get(), 499 + 500);
}
