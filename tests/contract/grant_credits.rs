//! `grant-credits`.

use std::sync::Arc;

use domain::account::{PlanId, Role};
use domain::{ErrorCode, Failure, QuotaKind};
use grant_credits::{Deps, Done, Order, handle};
use testkit::events::sample;

use super::world::World;

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        clock: Arc::new(testkit::FixedClock::at(world.ann.now())),
        ids: world.ids(),
    }
}

fn order(case: &str) -> Order {
    serde_json::from_str(&sample("grant-credits", case)).expect("an order")
}

async fn granted(world: &World, case: &str) -> Result<Done, Failure> {
    handle(&deps(world), order(case)).await
}

#[tokio::test]
async fn a_key_grants_once() {
    let world = World::new().await;
    let first = granted(&world, "gift").await.unwrap();
    assert_eq!((first.granted, first.available.get()), (true, 600));
    let again = granted(&world, "gift").await.unwrap();
    assert_eq!((again.granted, again.available.get()), (false, 600));
    assert_eq!(again.transaction_id, first.transaction_id);
    world.dynamo.assert_clean(world.ann.account_id).await;
}

#[tokio::test]
async fn plan_and_role_are_set_beside_the_credits() {
    let world = World::new().await;
    granted(&world, "standing").await.unwrap();
    let account = world.store().account(world.ann.account_id).await.unwrap();
    assert_eq!((account.plan, account.role), (PlanId::Standard, Role::Admin));
    let limits = world.store().limits(world.ann.account_id).await.unwrap();
    assert_eq!(limits.of(QuotaKind::AiRequest), Some(50));
    assert_eq!(limits.of(QuotaKind::ShortForm), None);
    assert_eq!(limits.of(QuotaKind::Upload), Some(200), "the plan's");
    let wallet = world.store().wallet(world.ann.account_id).await.unwrap();
    let expiries: Vec<_> = wallet.lots().iter().map(|lot| lot.expires_at).collect();
    assert_eq!(
        expiries,
        [world.ann.now().plus_days(30), world.ann.now().plus_days(365)]
    );
}

#[tokio::test]
async fn a_slip_of_the_hand_is_refused_with_its_field() {
    let world = World::new().await;
    for (case, field) in [
        ("no-credits", "credits"),
        ("too-many-credits", "credits"),
        ("empty-note", "note"),
    ] {
        let refused = granted(&world, case).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ValidationFailed, "{case}");
        assert_eq!(refused.details.unwrap()["field"], field, "{case}");
    }
    let unknown = granted(&world, "unknown-account").await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
    let audit = world.dynamo.assert_clean(world.ann.account_id).await;
    assert_eq!(audit.balance.available.get(), 100);
}
