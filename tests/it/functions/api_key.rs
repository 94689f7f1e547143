//! `api-key`.

use api_key::{Deps, handle};

use super::{World, event, every_sample, refusal, shown};

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
