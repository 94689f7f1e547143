//! `api-keys`.

use std::sync::Arc;

use api_keys::{Deps, handle};
use domain::ApiKeyId;
use domain::account::ApiKey;
use domain::ports::IdSource;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::ClaimKey;
use testkit::CountedEntropy;

use super::world::{World, event, every_sample, later, owner_acts, refusal, saying, shown};

fn deps(world: &World) -> Deps {
    let entropy = Arc::new(CountedEntropy::default());
    // The first secret is that of the world's own key.
    api::Entropy::bits(entropy.as_ref());
    Deps {
        store: world.store(),
        ids: world.ids(),
        entropy,
    }
}

async fn answer(deps: &Deps, request: api::Request) -> Value {
    shown(handle(deps, request).await)
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("api-keys", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_shown_once_and_never_stored() {
    let world = World::new().await;
    let deps = deps(&world);
    let first = answer(&deps, event("api-keys", "create")).await;
    let secret = first["body"]["data"]["secret"].as_str().unwrap().to_owned();
    let again = answer(&deps, event("api-keys", "create")).await;
    assert_eq!(again["idempotent-replayed"], "true");
    assert_eq!(again["body"]["data"]["id"], first["body"]["data"]["id"]);
    assert_eq!(again["body"]["data"].get("secret"), None);
    let found = world
        .store()
        .key_by_hash(&api::KeySecret::parse(&secret).unwrap().hash())
        .await
        .unwrap();
    assert_eq!(found.unwrap().0.name, "Build server");
    for table in [&world.dynamo.tables.studio, &world.dynamo.tables.ephemeral] {
        let rows = world.dynamo.client.scan().table_name(table).send().await.unwrap();
        assert!(
            !format!("{:?}", rows.items()).contains(&secret),
            "the secret lies in {table}"
        );
    }
}

#[tokio::test]
async fn a_key_whose_answer_was_lost_gets_another_secret_under_its_id() {
    let world = World::new().await;
    let deps = deps(&world);
    let request = event("api-keys", "create");
    let account = world.ann.account_id;
    // The first call died after its write: the claim is open, the key is there, nobody saw its secret.
    let claim = ClaimKey {
        account,
        route: "POST /v1/api-keys".to_owned(),
        key: "build-server-1".to_owned(),
    };
    let seed = world.ids.mint(request.now);
    let body_hash = hex::encode(Sha256::digest(&request.body));
    world
        .store()
        .claim(&claim, &body_hash, seed, request.now)
        .await
        .unwrap();
    let lost = ApiKey {
        id: ApiKeyId::new(api::ClaimedIds::new(seed).mint(request.now)),
        hash: "1".repeat(64),
        ..world.store().keys(account).await.unwrap().remove(0)
    };
    let actor = owner_acts(&world.ann, 31);
    world.store().create_key(&lost, actor, 20).await.unwrap();
    let made = answer(&deps, later(request, 31)).await;
    assert_eq!(made["body"]["data"]["id"], lost.id.to_string());
    assert!(made["body"]["data"]["secret"].is_string(), "{made}");
    assert_eq!(world.store().keys(account).await.unwrap().len(), 2);
    assert_eq!(world.store().key_by_hash(&lost.hash).await.unwrap(), None);
}

#[tokio::test]
async fn the_twenty_first_key_is_refused() {
    let world = World::new().await;
    let deps = deps(&world);
    for number in 1..20 {
        let body = json!({"name": format!("Key {number}"), "scopes": ["read"]});
        let made = answer(&deps, saying(event("api-keys", "create-minimal"), &body)).await;
        assert_eq!(made["status"], 201, "{made}");
    }
    let refused = answer(&deps, event("api-keys", "create-minimal")).await;
    assert_eq!(refusal(&refused), (409, "conflict", ""));
}
