//! `api-key`.

use api_key::{Deps, handle};
use domain::member::{MemberRole, Membership};
use serde_json::json;

use super::world::{World, event, every_sample, refusal, saying, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        ids: world.ids(),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("api-key", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_key_is_gone_and_the_strangers_is_still_there() {
    let world = World::new().await;
    handle(&deps(&world), event("api-key", "delete")).await.unwrap();
    let again = shown(handle(&deps(&world), event("api-key", "delete")).await);
    assert_eq!(refusal(&again), (404, "not_found", ""));
    shown(handle(&deps(&world), event("api-key", "delete-foreign")).await);
    let stranger = domain::AccountId::new(2_u128.into());
    assert_eq!(world.store().keys(stranger).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_changed_budget_counts_on_what_the_key_has_spent_this_month() {
    let world = World::new().await;
    let project = world.ann.project().await;
    let spender = domain::member::Spender {
        by: domain::member::SpenderId::Key(domain::ApiKeyId::new(1_u128.into())),
        monthly_credits: None,
        maker: None,
    };
    let job = domain::Job {
        spender: Some(spender),
        ..world.ann.job(&project, domain::job::JobKind::GenerateAll, 30)
    };
    let now = world.ann.now();
    let started = world
        .store()
        .start_job(&job, &ledger::Limits::none(), world.ann.transaction_id(), now)
        .await;
    started.expect("the job starts");
    let shown = shown(handle(&deps(&world), event("api-key", "patch")).await);
    let data = &shown["body"]["data"];
    assert_eq!(
        (&data["monthly_credits"], &data["spent_this_month"]),
        (&200.into(), &30.into())
    );
}

#[tokio::test]
async fn an_admin_with_a_budget_raises_no_key_and_the_owner_does() {
    let world = World::new().await;
    let cut = saying(event("api-key", "patch"), &json!({"monthly_credits": 10}));
    let raise = event("api-key", "patch");
    let of_admin = |request: &api::Request, monthly: Option<u64>| {
        let mut request = request.clone();
        request.caller.as_mut().expect("a caller").member = Some(Membership {
            id: domain::MemberId::new(1_u128.into()),
            person: domain::AccountId::new(2_u128.into()),
            role: MemberRole::Admin,
            monthly_credits: monthly.map(domain::Credits::new),
        });
        request
    };
    for (request, status) in [
        (of_admin(&cut, Some(5)), 200),
        (of_admin(&raise, Some(5)), 403),
        (of_admin(&raise, None), 200),
        (cut.clone(), 200),
        (raise.clone(), 200),
    ] {
        let shown = shown(handle(&deps(&world), request).await);
        assert_eq!(shown["status"], status, "{shown}");
    }
}
