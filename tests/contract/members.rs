//! `members`, `member`, `members-join`, `members-log`, and what a member may do in the account.

use std::sync::Arc;

use api::{InvitationSecret, Request, Response};
use domain::account::Caller;
use domain::member::{Member, MemberRole, MemberState};
use domain::ports::{Clock, IdSource};
use domain::{Credits, Failure, MemberChangeId, MemberId};
use serde_json::{Value, json};
use store::MemberActor;
use testkit::{CountedEntropy, Customer, FixedClock};

use super::world::{World, event, every_sample, later, refusal, saying, shown};

/// The world's account has member 1, who is customer 2, and invites customer 4 with the secret of the samples.
async fn with_team(world: &World) {
    let store = world.store();
    let now = world.ann.now();
    Customer::with_credits(&store, 4, 0).await;
    for (number, customer, bits) in [(1_u128, 2_u128, [9; 32]), (2, 4, [0; 32])] {
        let member = Member {
            id: MemberId::new(number.into()),
            account_id: world.ann.account_id,
            email: format!("customer{customer}@example.com"),
            role: MemberRole::Editor,
            monthly_credits: Some(Credits::new(40)),
            invitation_hash: InvitationSecret::make(&Bits(bits)).hash(),
            state: MemberState::Invited {
                expires_at: now.plus_days(7),
            },
            created_at: now,
        };
        let actor = MemberActor {
            id: MemberChangeId::new((number * 10).into()),
            by: world.ann.account_id,
            at: now,
        };
        store.invite(&member, actor, 50).await.expect("an invitation");
        if number == 1 {
            let person = domain::AccountId::new(customer.into());
            let person = store.account(person).await.expect("an account");
            let change = MemberChangeId::new(11_u128.into());
            let joined = store.join(&member.invitation_hash, &person, change, now).await;
            joined.expect("they join");
        }
    }
}

/// Bits that are known.
#[derive(Debug)]
struct Bits([u8; 32]);

impl api::Entropy for Bits {
    fn bits(&self) -> [u8; 32] {
        self.0
    }
}

async fn answer(world: &World, function: &str, request: Request) -> Result<Response, Failure> {
    let (store, ids) = (world.store(), world.ids());
    match function {
        "members" => {
            let entropy = Arc::new(CountedEntropy::default());
            // The first secret is that of the samples.
            api::Entropy::bits(entropy.as_ref());
            members::handle(&members::Deps { store, ids, entropy }, request).await
        }
        "member" => member::handle(&member::Deps { store, ids }, request).await,
        "members-join" => members_join::handle(&members_join::Deps { store, ids }, request).await,
        "members-log" => members_log::handle(&members_log::Deps { store }, request).await,
        other => panic!("{other} is not about members"),
    }
}

async fn ask(world: &World, function: &str, case: &str) -> Value {
    shown(answer(world, function, event(function, case)).await)
}

/// The caller whom the authorizer finds for a person who names this account.
async fn caller_in(world: &World, person: u128, account: &str) -> Result<Caller, Value> {
    let clock: Arc<dyn Clock> = Arc::<FixedClock>::default();
    let deps = authorizer::Deps {
        store: world.store(),
        tokens: world.tokens(),
        clock,
    };
    let token = world.people.token(domain::AccountId::new(person.into()));
    let headers = json!({"authorization": format!("Bearer {token}"), "x-account": account});
    let request = serde_json::from_value(json!({ "headers": headers })).expect("a request");
    let found = authorizer::handle(&deps, request).await.expect("an answer");
    let found = serde_json::to_value(found).expect("JSON");
    match found["context"]["caller"].as_str() {
        Some(caller) => Ok(serde_json::from_str(caller).expect("a caller")),
        None => Err(found["context"]["refused"].clone()),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for function in ["members", "member", "members-join", "members-log"] {
        every_sample(function, async |world, request| {
            with_team(world).await;
            answer(world, function, request).await
        })
        .await;
    }
}

#[tokio::test]
async fn from_the_invitation_to_the_last_call_of_who_was_removed() {
    let world = World::new().await;
    with_team(&world).await;
    let ann = world.ann.account_id.to_string();
    let wish = json!({"email": "customer4@example.com", "role": "viewer"});
    let invited = answer(&world, "members", saying(event("members", "invite"), &wish)).await;
    let invited = shown(invited)["body"]["data"].clone();
    let secret = invited["invitation"].as_str().expect("a secret").to_owned();
    let before = caller_in(&world, 4, &ann).await;
    assert_eq!(before.unwrap_err(), "not_found", "invited is not joined");
    let old = ask(&world, "members-join", "post").await;
    assert_eq!(
        refusal(&old),
        (404, "not_found", ""),
        "the new invitation withdrew the old one"
    );
    let mut joined = saying(event("members-join", "post"), &json!({"invitation": secret}));
    joined.headers.remove("idempotency-key");
    let joined = shown(answer(&world, "members-join", later(joined, 1)).await);
    assert_eq!(joined["body"]["data"]["account_id"], json!(ann), "{joined}");
    let caller = caller_in(&world, 4, &ann).await.expect("a caller");
    assert_eq!(caller.account_id, world.ann.account_id);
    assert_eq!((caller.scopes.len(), caller.manages()), (1, false));
    let own = caller_in(&world, 4, &caller.person().to_string())
        .await
        .expect("a caller");
    assert_eq!(
        (own.member, own.manages()),
        (None, true),
        "one's own account by its name"
    );
    let mut leave = event("member", "leave");
    let id = invited["id"].as_str().expect("an id").to_owned();
    leave.path_params.insert("member_id".to_owned(), id);
    leave.caller = Some(caller);
    assert_eq!(
        shown(answer(&world, "member", later(leave, 2)).await)["status"],
        204
    );
    let after = caller_in(&world, 4, &ann).await;
    assert_eq!(after.unwrap_err(), "not_found");
    let log = ask(&world, "members-log", "list").await;
    let acts = log["body"]["data"]["items"].as_array().expect("items").clone();
    let acts: Vec<&str> = acts.iter().filter_map(|row| row["act"].as_str()).collect();
    assert_eq!(acts[..4], ["left", "joined", "invited", "removed"]);
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
    let deps = authorizer::Deps {
        store: world.store(),
        tokens: world.tokens(),
        clock,
    };
    let headers = json!({"x-api-key": super::world::SECRET, "x-account": "acct_00000000000000000000000002"});
    let request = serde_json::from_value(json!({ "headers": headers })).expect("a request");
    let found = authorizer::handle(&deps, request).await.expect("an answer");
    assert_eq!(
        serde_json::to_value(found).unwrap()["context"],
        json!({"refused": "not_found"})
    );
}

#[tokio::test]
async fn an_editor_spends_from_the_account_and_makes_no_keys_and_no_members() {
    let world = World::new().await;
    with_team(&world).await;
    let ann = world.ann.account_id.to_string();
    let editor = caller_in(&world, 2, &ann).await.expect("a member");
    for (function, case) in [
        ("members", "invite"),
        ("member", "patch"),
        ("members-log", "list"),
    ] {
        let mut request = event(function, case);
        request.caller = Some(editor.clone());
        let refused = shown(answer(&world, function, request).await);
        assert_eq!(refusal(&refused), (403, "forbidden", ""), "{function}");
    }
    let mut key = event("api-keys", "create");
    key.caller = Some(editor.clone());
    let ids: Arc<dyn IdSource> = world.ids();
    let entropy = Arc::new(CountedEntropy::default());
    let deps = api_keys::Deps {
        store: world.store(),
        ids,
        entropy,
    };
    assert_eq!(
        refusal(&shown(api_keys::handle(&deps, key).await)),
        (403, "forbidden", "")
    );
    let mut rename = event("user-me", "patch");
    rename.caller = Some(editor.clone());
    let deps = user_me::Deps { store: world.store() };
    assert_eq!(
        refusal(&shown(user_me::handle(&deps, rename).await)),
        (403, "forbidden", "")
    );
    let mut balance = event("credit-balance", "get");
    balance.caller = Some(editor);
    let deps = credit_balance::Deps { store: world.store() };
    let shown = shown(credit_balance::handle(&deps, balance).await);
    assert_eq!(shown["body"]["data"]["available"], 100, "the account's wallet");
}
