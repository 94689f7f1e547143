//! Tests of kept outputs and of provider calls.

use domain::AccountId;
use domain::outputs::Output;
use store::{ProviderCall, StoreError};
use testkit::samples;

use crate::world::World;

#[tokio::test]
async fn the_first_output_under_a_hash_is_kept() {
    let world = World::with_credits(0).await;
    let (store, id, now) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    let hash = samples::hash("bees");
    let image = |name: &str| Output::Image {
        image: samples::image(name),
    };
    assert_eq!(store.output(id, &hash, now).await.unwrap(), None);
    let first = store
        .put_output(id, &hash, &image("first"), "local", now)
        .await
        .unwrap();
    let second = store
        .put_output(id, &hash, &image("second"), "flux", now)
        .await
        .unwrap();
    assert_eq!(second, first);
    assert_eq!(
        store.output(id, &hash, now.plus_days(400)).await.unwrap(),
        Some(first)
    );
    assert_eq!(
        store.output(AccountId::new(9.into()), &hash, now).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_script_counts_for_seven_days_and_is_then_written_anew() {
    let world = World::with_credits(0).await;
    let (store, id, now) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    let hash = samples::hash("bees");
    let script = |scenes| Output::Script {
        script: samples::script(scenes),
    };
    store
        .put_output(id, &hash, &script(3), "local", now)
        .await
        .unwrap();
    let end = now.plus_days(7);
    assert!(store.output(id, &hash, end.plus_ms(-1)).await.unwrap().is_some());
    assert_eq!(store.output(id, &hash, end).await.unwrap(), None);
    let anew = store
        .put_output(id, &hash, &script(4), "local", end)
        .await
        .unwrap();
    assert_eq!(anew.output, script(4));
    assert_eq!(store.output(id, &hash, end).await.unwrap(), Some(anew));
}

#[tokio::test]
async fn each_kind_of_output_is_read_as_it_was_kept() {
    let world = World::with_credits(0).await;
    let (store, id, now) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    let outputs = [
        Output::Script {
            script: samples::script(5),
        },
        Output::Image {
            image: samples::image("a"),
        },
        Output::Voice {
            voice: samples::voice(20),
        },
        Output::Video {
            video: samples::video(20),
        },
    ];
    for (index, output) in outputs.iter().enumerate() {
        let hash = samples::hash(&index.to_string());
        store.put_output(id, &hash, output, "local", now).await.unwrap();
        let stored = store.output(id, &hash, now).await.unwrap().unwrap();
        assert_eq!((&stored.output, stored.paid), (output, false));
    }
}

#[tokio::test]
async fn a_provider_is_called_by_one_and_looked_up_by_the_others() {
    let world = World::with_credits(0).await;
    let (store, id, since) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    let hash = samples::hash("bees");
    assert_eq!(
        store.begin_provider_call(id, &hash, since).await.unwrap(),
        ProviderCall::New
    );
    let later = since.plus_s(5);
    assert_eq!(
        store.begin_provider_call(id, &hash, later).await.unwrap(),
        ProviderCall::Submitting { since }
    );
    store.note_provider_call(id, &hash, "task-7").await.unwrap();
    assert_eq!(
        store.begin_provider_call(id, &hash, later).await.unwrap(),
        ProviderCall::Submitted {
            external_id: "task-7".to_owned(),
            since
        }
    );
    store.end_provider_call(id, &hash).await.unwrap();
    store.end_provider_call(id, &hash).await.unwrap();
    assert!(matches!(
        store.note_provider_call(id, &hash, "task-8").await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(
        store.begin_provider_call(id, &hash, later).await.unwrap(),
        ProviderCall::New
    );
}
