//! Tests of the keys that members make: they end with the right to hold them, and are no way around a budget.

use domain::access_log::{AccessAct, Actor};
use domain::account::{ApiKey, KeyMaker};
use domain::job::{Job, JobKind};
use domain::member::{Member, MemberRole, MemberState, Membership, Spender, SpenderId};
use domain::{AccessChangeId, ApiKeyId, Credits, ErrorCode, MemberId, Scope};
use store::{MemberTerms, PageRequest, StoreError};
use testkit::{Customer, at_once};

use crate::world::{World, completed};

/// An account with an admin who has joined it.
struct Team {
    world: World,
    admin: Member,
}

impl Team {
    async fn new(monthly: Option<u64>) -> Self {
        let world = World::with_credits(100).await;
        let store = world.dynamo.store.clone();
        let person = Customer::with_credits(&store, 2, 0).await;
        let now = world.customer.now();
        let invited = Member {
            id: MemberId::new(1_u128.into()),
            account_id: world.customer.account_id,
            email: "customer2@example.com".to_owned(),
            role: MemberRole::Admin,
            monthly_credits: monthly.map(Credits::new),
            invitation_hash: "hash 1".to_owned(),
            state: MemberState::Invited {
                expires_at: now.plus_days(7),
            },
            created_at: now,
        };
        store.invite(&invited, actor(&world), 5).await.unwrap();
        let person = store.account(person.account_id).await.unwrap();
        let joined = store.join("hash 1", &person, actor(&world).id, now).await;
        Self {
            world,
            admin: joined.unwrap(),
        }
    }

    fn actor(&self) -> Actor {
        actor(&self.world)
    }

    /// A key of the admin's.
    fn key(&self, number: u128) -> ApiKey {
        let maker = self.admin.membership().unwrap();
        ApiKey {
            id: ApiKeyId::new(number.into()),
            account_id: self.admin.account_id,
            name: format!("robot {number}"),
            prefix: "rs_live_abcd".to_owned(),
            hash: format!("secret {number}"),
            scopes: vec![Scope::Create],
            requests_per_hour: 1000,
            monthly_credits: None,
            expires_at: None,
            last_used_at: None,
            created_by: Some(KeyMaker {
                person: maker.person,
                member: Some(maker.id),
            }),
            created_at: self.world.customer.now(),
        }
    }

    /// A key of the owner's.
    fn owners_key(&self, number: u128) -> ApiKey {
        ApiKey {
            created_by: None,
            ..self.key(number)
        }
    }

    async fn make(&self, key: &ApiKey) -> Result<(), StoreError> {
        let store = &self.world.dynamo.store;
        store.create_key(key, self.actor(), 20).await
    }

    async fn remove(&self) -> Result<(), StoreError> {
        let (account, id) = (self.admin.account_id, self.admin.id);
        let store = &self.world.dynamo.store;
        store
            .remove_member(account, id, AccessAct::Removed, self.actor())
            .await
    }

    async fn keys(&self) -> Vec<u128> {
        let keys = self.world.dynamo.store.keys(self.admin.account_id).await.unwrap();
        keys.into_iter().map(|key| key.id.body().into()).collect()
    }

    /// Acts of the log with the names of their keys, oldest first.
    async fn log(&self) -> Vec<(AccessAct, Vec<String>)> {
        let store = &self.world.dynamo.store;
        let page = store
            .access_changes(self.admin.account_id, &PageRequest::default())
            .await
            .unwrap();
        let rows = page.items.into_iter().rev();
        rows.map(|row| (row.act, row.keys.into_iter().map(|key| key.name).collect()))
            .collect()
    }

    async fn job_by(&self, key: &ApiKey, held: u64) -> Job {
        let project = self.world.customer.project().await;
        let spender = Spender {
            by: SpenderId::Key(key.id),
            monthly_credits: key.monthly_credits,
            maker: self.admin.membership().map(Membership::budget),
        };
        Job {
            spender: Some(spender),
            ..self.world.customer.job(&project, JobKind::GenerateScript, held)
        }
    }

    /// Credits that the key and its maker have spent.
    async fn spent(&self, key: &ApiKey) -> [u64; 2] {
        let now = self.world.customer.now();
        let store = &self.world.dynamo.store;
        let all = store.spent_this_month(key.account_id, now).await.unwrap();
        [SpenderId::Key(key.id), SpenderId::Member(self.admin.id)]
            .map(|by| all.get(&by).map_or(0, |spent| spent.get()))
    }
}

fn actor(world: &World) -> Actor {
    Actor {
        id: AccessChangeId::new(world.customer.transaction_id().body()),
        by: world.customer.account_id,
        by_key: None,
        at: world.customer.now(),
    }
}

/// A key of the admin's is made, somewhere else.
fn make(team: &Team, number: u128) -> impl Future<Output = Result<(), StoreError>> + use<> {
    let (store, key, actor) = (team.world.dynamo.store.clone(), team.key(number), team.actor());
    async move { store.create_key(&key, actor, 20).await }
}

#[tokio::test]
async fn a_removed_admin_keeps_no_access_through_a_key_that_they_made() {
    let team = Team::new(None).await;
    for key in [team.key(1), team.owners_key(2), team.key(3)] {
        team.make(&key).await.unwrap();
    }
    let job = team.job_by(&team.key(1), 5).await;
    team.remove().await.unwrap();
    assert_eq!(team.keys().await, [2], "the owner's stays");
    let store = &team.world.dynamo.store;
    assert_eq!(store.key_by_hash("secret 1").await.unwrap(), None);
    // As a call that was authorized just before the removal.
    let refused = team.world.start(&job).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotFound);
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        team.log().await[2..],
        [
            (AccessAct::KeyCreated, named(&["robot 1"])),
            (AccessAct::KeyCreated, named(&["robot 2"])),
            (AccessAct::KeyCreated, named(&["robot 3"])),
            (AccessAct::Removed, named(&["robot 1", "robot 3"])),
        ]
    );
    let more = (4..=22).map(|number| team.owners_key(number));
    for key in more {
        team.make(&key).await.unwrap();
    }
    let full = team.make(&team.owners_key(23)).await;
    assert!(matches!(full, Err(StoreError::Full { .. })), "the count is right");
}

#[tokio::test]
async fn an_admin_who_becomes_an_editor_loses_their_keys_and_one_who_stays_admin_keeps_them() {
    let team = Team::new(None).await;
    let store = &team.world.dynamo.store;
    team.make(&team.key(1)).await.unwrap();
    let job = team.job_by(&team.key(1), 5).await;
    for (role, left) in [(MemberRole::Admin, 1), (MemberRole::Editor, 0)] {
        let terms = MemberTerms {
            role,
            monthly_credits: Some(Credits::new(50)),
        };
        let changed = store
            .change_member(team.admin.account_id, team.admin.id, terms, team.actor())
            .await;
        assert_eq!(changed.unwrap().role, role);
        assert_eq!(team.keys().await.len(), left, "{role:?}");
    }
    let refused = team.world.start(&job).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotFound, "as authorized just before");
    let again = team.make(&team.key(2)).await.unwrap_err();
    assert_eq!(again.code(), ErrorCode::NotFound, "an editor makes none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_made_while_their_maker_is_removed_are_not_left_behind() {
    for _ in 0..5 {
        let team = Team::new(None).await;
        let makes = [1, 2, 3, 4].map(|number| make(&team, number));
        let (removed, made) = tokio::join!(team.remove(), at_once(makes));
        removed.unwrap();
        assert_eq!(made.len(), 4);
        assert_eq!(team.keys().await, Vec::<u128>::new());
    }
}

#[tokio::test]
async fn a_key_made_by_a_member_with_a_budget_spends_that_budget_too() {
    let team = Team::new(Some(40)).await;
    let store = &team.world.dynamo.store;
    let key = team.key(1);
    team.make(&key).await.unwrap();
    let job = team.job_by(&key, 30).await;
    team.world.start(&job).await.unwrap();
    assert_eq!(team.spent(&key).await, [30, 30]);
    let refused = team.world.start(&team.job_by(&key, 11).await).await.unwrap_err();
    let StoreError::OverBudget { monthly_credits, .. } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(monthly_credits, Credits::new(40), "the member's");
    let own = Job {
        spender: team.admin.membership().map(Membership::spender),
        ..team.job_by(&key, 11).await
    };
    let refused = team.world.start(&own).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::BudgetExceeded, "one budget");
    team.world.write_script(&job).await;
    let job = team.world.stored(&job).await;
    team.world.end(&job, completed(&job)).await.unwrap();
    assert_eq!(
        team.spent(&key).await,
        [2, 2],
        "what was not charged came back to both"
    );
    let limited = store
        .set_key_budget(key.account_id, key.id, Some(Credits::new(5)), team.actor())
        .await
        .unwrap();
    let refused = team
        .world
        .start(&team.job_by(&limited, 4).await)
        .await
        .unwrap_err();
    let StoreError::OverBudget { monthly_credits, .. } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(monthly_credits, Credits::new(5), "the key's own");
    team.world.balance().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_jobs_of_two_keys_of_one_member_exactly_as_many_start_as_their_month_covers() {
    let team = Team::new(Some(60)).await;
    let keys = [team.key(1), team.key(2)];
    for key in &keys {
        team.make(key).await.unwrap();
    }
    let mut starts = Vec::new();
    for key in keys.iter().cycle().take(20) {
        let job = team.job_by(key, 5).await;
        let store = team.world.dynamo.store.clone();
        let (id, now) = (team.world.customer.transaction_id(), team.world.customer.now());
        starts.push(async move { store.start_job(&job, &ledger::Limits::none(), id, now).await });
    }
    let answers = at_once(starts).await;
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    let codes: Vec<_> = refused.map(StoreError::code).collect();
    assert_eq!(codes, [ErrorCode::BudgetExceeded; 8]);
    assert_eq!(team.world.balance().await, (40, 60));
}
