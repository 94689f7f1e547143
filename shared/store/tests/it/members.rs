//! Tests of members: once, exact at the limits, gone at once when removed, and with a budget that holds.

use domain::access_log::{AccessAct, Actor};
use domain::account::Account;
use domain::job::{Job, JobKind};
use domain::member::{Member, MemberRole, MemberState, SpenderId};
use domain::{AccessChangeId, AccountId, Credits, ErrorCode, MemberId};
use store::{MemberTerms, PageRequest, Started, StoreError};
use testkit::{Customer, at_once};

use crate::world::{World, completed};

/// The owner's world, and a person who is invited.
struct Team {
    world: World,
    person: Customer,
}

impl Team {
    async fn new() -> Self {
        let world = World::with_credits(100).await;
        let person = Customer::with_credits(&world.dynamo.store, 2, 0).await;
        Self { world, person }
    }

    fn owner(&self) -> AccountId {
        self.world.customer.account_id
    }

    fn actor(&self) -> Actor {
        Actor {
            id: AccessChangeId::new(self.world.customer.transaction_id().body()),
            by: self.owner(),
            by_key: None,
            at: self.world.customer.now(),
        }
    }

    fn member(&self, number: u128, monthly: Option<u64>) -> Member {
        let now = self.world.customer.now();
        Member {
            id: MemberId::new(number.into()),
            account_id: self.owner(),
            email: "customer2@example.com".to_owned(),
            role: MemberRole::Editor,
            monthly_credits: monthly.map(Credits::new),
            invitation_hash: format!("hash {number}"),
            state: MemberState::Invited {
                expires_at: now.plus_days(7),
            },
            created_at: now,
        }
    }

    async fn account(&self) -> Account {
        let store = &self.world.dynamo.store;
        store.account(self.person.account_id).await.unwrap()
    }

    async fn join(&self, member: &Member) -> Result<Member, StoreError> {
        let (id, now) = (self.actor().id, self.world.customer.now());
        let store = &self.world.dynamo.store;
        store
            .join(&member.invitation_hash, &self.account().await, id, now)
            .await
    }

    /// A member who has joined.
    async fn joined(&self, monthly: Option<u64>) -> Member {
        let member = self.member(1, monthly);
        let store = &self.world.dynamo.store;
        store.invite(&member, self.actor(), 5).await.unwrap();
        self.join(&member).await.unwrap()
    }

    async fn job_of(&self, member: &Member, held: u64) -> Job {
        let project = self.world.customer.project().await;
        Job {
            spender: member.membership().map(domain::member::Membership::spender),
            ..self.world.customer.job(&project, JobKind::GenerateScript, held)
        }
    }

    async fn spent(&self, member: &Member) -> u64 {
        let now = self.world.customer.now();
        let all = self
            .world
            .dynamo
            .store
            .spent_this_month(self.owner(), now)
            .await
            .unwrap();
        all.get(&SpenderId::Member(member.id))
            .map_or(0, |spent| spent.get())
    }

    async fn log(&self) -> Vec<(AccessAct, AccountId)> {
        let store = &self.world.dynamo.store;
        let page = store
            .access_changes(self.owner(), &PageRequest::default())
            .await
            .unwrap();
        let rows = page.items.into_iter().rev();
        rows.map(|change| (change.act, change.by)).collect()
    }
}

#[tokio::test]
async fn an_invitation_is_taken_once_by_its_own_address_and_in_time() {
    let team = Team::new().await;
    let store = &team.world.dynamo.store;
    let member = team.member(1, None);
    store.invite(&member, team.actor(), 5).await.unwrap();
    store.invite(&member, team.actor(), 5).await.unwrap();
    assert_eq!(
        store.members(team.owner()).await.unwrap().len(),
        1,
        "a repeat changes nothing"
    );
    let (owner, person) = (team.owner(), team.person.account_id);
    assert_eq!(
        store.member_of(owner, person).await.unwrap(),
        None,
        "not before they join"
    );
    let other = Customer::with_credits(store, 3, 0).await;
    let other = store.account(other.account_id).await.unwrap();
    let now = team.world.customer.now();
    let stolen = store.join("hash 1", &other, team.actor().id, now).await;
    assert_eq!(
        stolen.unwrap_err().code(),
        ErrorCode::NotFound,
        "of another address"
    );
    let late = store
        .join("hash 1", &team.account().await, team.actor().id, now.plus_days(7))
        .await;
    assert_eq!(late.unwrap_err().code(), ErrorCode::NotFound, "a week is over");
    let joined = team.join(&member).await.unwrap();
    assert_eq!(team.join(&member).await.unwrap(), joined, "a repeat is answered");
    assert_eq!(store.member_of(owner, person).await.unwrap(), Some(joined));
    assert_eq!(
        store.member_of(person, owner).await.unwrap(),
        None,
        "not the other way round"
    );
    let again = team.member(2, None);
    store.invite(&again, team.actor(), 5).await.unwrap();
    assert_eq!(
        team.join(&again).await.unwrap_err().code(),
        ErrorCode::Conflict,
        "a member already"
    );
    let told = [
        (AccessAct::Invited, owner),
        (AccessAct::Joined, person),
        (AccessAct::Invited, owner),
    ];
    assert_eq!(team.log().await, told);
}

#[tokio::test]
async fn of_invitations_at_once_no_more_are_made_than_fit_and_a_removal_makes_room() {
    let team = Team::new().await;
    let store = &team.world.dynamo.store;
    let invitations = (1..=8).map(|number| {
        let (store, member, actor) = (store.clone(), team.member(number, None), team.actor());
        async move { store.invite(&member, actor, 5).await }
    });
    let answers = at_once(invitations.collect::<Vec<_>>()).await;
    let refused = answers
        .iter()
        .filter(|answer| matches!(answer, Err(StoreError::Full { .. })));
    assert_eq!(refused.count(), 3);
    let members = store.members(team.owner()).await.unwrap();
    assert_eq!(members.len(), 5);
    let first = &members[0];
    let removed = store
        .remove_member(team.owner(), first.id, AccessAct::Removed, team.actor())
        .await;
    removed.unwrap();
    let again = store
        .remove_member(team.owner(), first.id, AccessAct::Removed, team.actor())
        .await;
    assert_eq!(again.unwrap_err().code(), ErrorCode::NotFound);
    let (now, account) = (team.world.customer.now(), team.account().await);
    let taken = store
        .join(&first.invitation_hash, &account, team.actor().id, now)
        .await;
    assert_eq!(taken.unwrap_err().code(), ErrorCode::NotFound, "it was withdrawn");
    store
        .invite(&team.member(9, None), team.actor(), 5)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_removed_member_starts_nothing_more_and_what_runs_is_paid() {
    let team = Team::new().await;
    let store = &team.world.dynamo.store;
    let member = team.joined(Some(50)).await;
    let job = team.job_of(&member, 30).await;
    let next = team.job_of(&member, 5).await;
    team.world.start(&job).await.unwrap();
    assert_eq!(team.spent(&member).await, 30);
    let removed = store
        .remove_member(team.owner(), member.id, AccessAct::Removed, team.actor())
        .await;
    removed.unwrap();
    assert_eq!(
        store
            .member_of(team.owner(), team.person.account_id)
            .await
            .unwrap(),
        None
    );
    // As a call that was authorized just before the removal.
    let refused = team.world.start(&next).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotFound);
    assert!(
        matches!(team.world.start(&job).await, Ok(Started::Already(_))),
        "a repeat is answered"
    );
    team.world.write_script(&job).await;
    let job = team.world.stored(&job).await;
    team.world.end(&job, completed(&job)).await.unwrap();
    assert_eq!(
        (team.spent(&member).await, team.world.balance().await),
        (2, (98, 0))
    );
}

#[tokio::test]
async fn a_changed_budget_counts_on_what_was_spent_and_the_log_knows_who_did_it() {
    let team = Team::new().await;
    let store = &team.world.dynamo.store;
    let member = team.joined(Some(50)).await;
    team.world.start(&team.job_of(&member, 30).await).await.unwrap();
    let terms = MemberTerms {
        role: MemberRole::Admin,
        monthly_credits: Some(Credits::new(31)),
    };
    let changed = store
        .change_member(team.owner(), member.id, terms, team.actor())
        .await
        .unwrap();
    assert_eq!(
        (changed.role, changed.monthly_credits),
        (terms.role, terms.monthly_credits)
    );
    assert_eq!(store.member(team.owner(), member.id).await.unwrap(), changed);
    let refused = team
        .world
        .start(&team.job_of(&changed, 2).await)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::BudgetExceeded);
    team.world.start(&team.job_of(&changed, 1).await).await.unwrap();
    let foreign = store
        .change_member(team.person.account_id, member.id, terms, team.actor())
        .await;
    assert_eq!(foreign.unwrap_err().code(), ErrorCode::NotFound);
    let acts: Vec<AccessAct> = team.log().await.into_iter().map(|(act, _)| act).collect();
    assert_eq!(acts, [AccessAct::Invited, AccessAct::Joined, AccessAct::Changed]);
    team.world.balance().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_jobs_of_a_member_at_once_exactly_as_many_start_as_their_month_covers() {
    let team = Team::new().await;
    let member = team.joined(Some(60)).await;
    let mut starts = Vec::new();
    for _ in 0..20 {
        let job = team.job_of(&member, 5).await;
        let store = team.world.dynamo.store.clone();
        let (id, now) = (team.world.customer.transaction_id(), team.world.customer.now());
        starts.push(async move { store.start_job(&job, &ledger::Limits::none(), id, now).await });
    }
    let answers = at_once(starts).await;
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    let codes: Vec<_> = refused.map(StoreError::code).collect();
    assert_eq!(codes, [ErrorCode::BudgetExceeded; 8]);
    assert_eq!(
        (team.spent(&member).await, team.world.balance().await),
        (60, (40, 60))
    );
}
