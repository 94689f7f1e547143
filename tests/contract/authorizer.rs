//! `authorizer`.

use std::sync::Arc;

use ::authorizer::{Deps, Request, handle};
use domain::account::Caller;
use domain::member::MemberRole;
use domain::ports::Clock;
use domain::{AccountId, ApiKeyId, Credits, MemberId};
use serde_json::{Value, json};
use store::MemberTerms;
use testkit::events::{cases, sample};
use testkit::{CountedEntropy, FixedClock};

use super::world::team::{caller_in, with_team};
use super::world::{SECRET, World, compare, event, owner_acts, shown};

fn deps(world: &World, clock: &Arc<FixedClock>) -> Deps {
    let clock: Arc<FixedClock> = Arc::clone(clock);
    Deps {
        store: world.store(),
        tokens: world.tokens(),
        clock,
    }
}

async fn ask(deps: &Deps, event: &Value) -> Value {
    let request: Request = serde_json::from_value(event.clone()).expect("an event");
    serde_json::to_value(handle(deps, request).await.expect("an answer")).expect("an answer is JSON")
}

fn with(name: &str, value: &str) -> Value {
    json!({"headers": {name: value}})
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("authorizer") {
        let world = World::new().await;
        world.people.token(world.ann.account_id);
        let event = serde_json::from_str(&sample("authorizer", &case)).expect("JSON");
        let answer = ask(&deps(&world, &Arc::default()), &event).await;
        compare("authorizer", &case, &answer);
    }
}

#[tokio::test]
async fn a_token_stops_when_its_time_is_over() {
    let world = World::new().await;
    let clock = Arc::new(FixedClock::default());
    let deps = deps(&world, &clock);
    let event = with(
        "Authorization",
        &format!("bearer {}", world.people.token(world.ann.account_id)),
    );
    assert!(ask(&deps, &event).await["context"]["caller"].is_string());
    clock.advance_ms(3_600_000);
    assert_eq!(
        ask(&deps, &event).await["context"],
        json!({"refused": "unauthenticated"})
    );
}

#[tokio::test]
async fn a_token_of_a_removed_account_is_nobodys() {
    let world = World::new().await;
    let token = world.people.token(AccountId::new(404_u128.into()));
    let answer = ask(
        &deps(&world, &Arc::default()),
        &with("authorization", &format!("Bearer {token}")),
    )
    .await;
    assert_eq!(answer["context"], json!({"refused": "unauthenticated"}));
}

#[tokio::test]
async fn a_key_gives_its_scopes_and_limit_and_its_use_is_noted() {
    let world = World::new().await;
    let clock = Arc::new(FixedClock::default());
    let answer = ask(&deps(&world, &clock), &with("x-api-key", SECRET)).await;
    let caller: Caller = serde_json::from_str(answer["context"]["caller"].as_str().unwrap()).unwrap();
    assert_eq!(caller.key_id, Some(ApiKeyId::new(1_u128.into())));
    assert_eq!(caller.key_requests_per_hour, Some(1000));
    assert_eq!(caller.scopes.len(), 2);
    let keys = world.store().keys(world.ann.account_id).await.unwrap();
    assert_eq!(keys[0].last_used_at, Some(clock.now()));
}

#[tokio::test]
async fn a_deleted_or_expired_key_stops_at_once() {
    let world = World::new().await;
    let clock = Arc::new(FixedClock::default());
    let deps = deps(&world, &clock);
    let store = world.store();
    let mut key = store.keys(world.ann.account_id).await.unwrap().remove(0);
    store
        .delete_key(key.account_id, key.id, owner_acts(&world.ann, 31))
        .await
        .unwrap();
    let refused = json!({"refused": "unauthenticated"});
    assert_eq!(ask(&deps, &with("x-api-key", SECRET)).await["context"], refused);
    key.expires_at = Some(clock.now().plus_s(60));
    store
        .create_key(&key, owner_acts(&world.ann, 32), 20)
        .await
        .unwrap();
    assert!(ask(&deps, &with("x-api-key", SECRET)).await["context"]["caller"].is_string());
    clock.advance_ms(60_000);
    assert_eq!(ask(&deps, &with("x-api-key", SECRET)).await["context"], refused);
}

#[tokio::test]
async fn a_pool_that_is_down_lets_nobody_in_and_says_that_it_may_pass() {
    let world = World::new().await;
    let token = world.people.token(world.ann.account_id);
    world.people.break_down();
    let answer = ask(
        &deps(&world, &Arc::default()),
        &with("authorization", &format!("Bearer {token}")),
    )
    .await;
    assert_eq!(answer["context"], json!({"refused": "unavailable"}));
}

#[tokio::test]
async fn nobody_acts_in_an_account_in_which_they_are_no_member_nor_does_a_key() {
    let world = World::new().await;
    with_team(&world).await;
    let ann = world.ann.account_id.to_string();
    for (person, account) in [
        (1, "acct_00000000000000000000000002"),
        (4, ann.as_str()),
        (1, "acct_00000000000000000000000099"),
        (1, "me"),
    ] {
        let refused = caller_in(&world, person, account).await;
        assert_eq!(refused.unwrap_err(), "not_found", "{person} in {account}");
    }
    let member = caller_in(&world, 2, &ann).await.expect("a member");
    assert_eq!(member.role, domain::account::Role::Customer);
    assert_eq!(
        member.spender().and_then(|spender| spender.monthly_credits),
        Some(Credits::new(40))
    );
    let clock: Arc<dyn Clock> = Arc::<FixedClock>::default();
    let deps = Deps {
        store: world.store(),
        tokens: world.tokens(),
        clock,
    };
    let headers = json!({"x-api-key": SECRET, "x-account": "acct_00000000000000000000000002"});
    let request = serde_json::from_value(json!({ "headers": headers })).expect("a request");
    let found = handle(&deps, request).await.expect("an answer");
    assert_eq!(
        serde_json::to_value(found).unwrap()["context"],
        json!({"refused": "not_found"})
    );
}

/// The team's member is made an admin and makes a key, whose secret is the second that is counted.
async fn key_of_an_admin(world: &World, monthly: Option<u64>) -> String {
    with_team(world).await;
    let (store, account) = (world.store(), world.ann.account_id);
    let terms = MemberTerms {
        role: MemberRole::Admin,
        monthly_credits: monthly.map(Credits::new),
    };
    let id = MemberId::new(1_u128.into());
    let changed = store
        .change_member(account, id, terms, owner_acts(&world.ann, 41))
        .await;
    changed.expect("an admin");
    let admin = caller_in(world, 2, &account.to_string()).await.expect("a member");
    let mut request = event("api-keys", "create");
    request.caller = Some(admin);
    let entropy = Arc::new(CountedEntropy::default());
    api::Entropy::bits(entropy.as_ref());
    let deps = api_keys::Deps {
        store,
        ids: world.ids(),
        entropy,
    };
    let made = shown(api_keys::handle(&deps, request).await);
    let maker = json!({
        "account_id": "acct_00000000000000000000000002",
        "member_id": "mem_00000000000000000000000001",
    });
    assert_eq!(made["body"]["data"]["created_by"], maker);
    made["body"]["data"]["secret"]
        .as_str()
        .expect("a secret")
        .to_owned()
}

#[tokio::test]
async fn a_key_of_a_member_acts_as_that_member_and_on_their_budget() {
    let world = World::new().await;
    let secret = key_of_an_admin(&world, Some(40)).await;
    let answer = ask(&deps(&world, &Arc::default()), &with("x-api-key", &secret)).await;
    let caller: Caller = serde_json::from_str(answer["context"]["caller"].as_str().unwrap()).unwrap();
    assert_eq!(caller.person(), AccountId::new(2_u128.into()));
    assert!(!caller.manages(), "a key does not");
    let maker = caller.spender().and_then(|spender| spender.maker);
    assert_eq!(
        maker.and_then(|maker| maker.monthly_credits),
        Some(Credits::new(40))
    );
}

#[tokio::test]
async fn a_key_whose_maker_is_no_admin_any_more_is_nobodys() {
    let world = World::new().await;
    let secret = key_of_an_admin(&world, None).await;
    // The row alone, as nothing of ours leaves it.
    let (account, member) = (world.ann.account_id, MemberId::new(1_u128.into()));
    let row = (format!("ACCT#{account}"), format!("MEMBER#{member}"));
    world.dynamo.lose(&row.0, &row.1).await;
    let answer = ask(&deps(&world, &Arc::default()), &with("x-api-key", &secret)).await;
    assert_eq!(answer["context"], json!({"refused": "unauthenticated"}));
}
