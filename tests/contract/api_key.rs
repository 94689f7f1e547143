//! `api-key`.

use api_key::{Deps, handle};

use super::world::{World, event, every_sample, refusal, shown};

fn deps(world: &World) -> Deps {
    Deps { store: world.store() }
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
