//! A team in the account of the samples, and the routes about it.

use std::sync::Arc;

use api::{InvitationSecret, Request, Response};
use domain::access_log::Actor;
use domain::account::Caller;
use domain::member::{Member, MemberRole, MemberState};
use domain::ports::Clock;
use domain::{AccessChangeId, Credits, Failure, MemberId};
use serde_json::{Value, json};
use testkit::{CountedEntropy, Customer, FixedClock};

use super::{World, event, shown};

/// The world's account has member 1, who is customer 2, and invites customer 4 with the secret of the samples.
pub(crate) async fn with_team(world: &World) {
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
        let actor = Actor {
            id: AccessChangeId::new((number * 10).into()),
            by: world.ann.account_id,
            by_key: None,
            at: now,
        };
        store.invite(&member, actor, 50).await.expect("an invitation");
        if number == 1 {
            let person = domain::AccountId::new(customer.into());
            let person = store.account(person).await.expect("an account");
            let change = AccessChangeId::new(11_u128.into());
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

pub(crate) async fn answer_about_members(
    world: &World,
    function: &str,
    request: Request,
) -> Result<Response, Failure> {
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

pub(crate) async fn ask_about_members(world: &World, function: &str, case: &str) -> Value {
    shown(answer_about_members(world, function, event(function, case)).await)
}

/// The caller whom the authorizer finds for a person who names this account.
pub(crate) async fn caller_in(world: &World, person: u128, account: &str) -> Result<Caller, Value> {
    let token = world.people.token(domain::AccountId::new(person.into()));
    let headers = json!({"authorization": format!("Bearer {token}"), "x-account": account});
    found_by(world, &headers).await
}

/// The caller whom the authorizer finds by a token.
pub(crate) async fn caller_by_token(world: &World, token: &str) -> Result<Caller, Value> {
    found_by(world, &json!({"authorization": format!("Bearer {token}")})).await
}

async fn found_by(world: &World, headers: &Value) -> Result<Caller, Value> {
    let clock: Arc<dyn Clock> = Arc::<FixedClock>::default();
    let deps = authorizer::Deps {
        store: world.store(),
        tokens: world.tokens(),
        clock,
    };
    let request = serde_json::from_value(json!({ "headers": headers })).expect("a request");
    let found = authorizer::handle(&deps, request).await.expect("an answer");
    let found = serde_json::to_value(found).expect("JSON");
    match found["context"]["caller"].as_str() {
        Some(caller) => Ok(serde_json::from_str(caller).expect("a caller")),
        None => Err(found["context"]["refused"].clone()),
    }
}
