//! Members: people who may act in another person's account. Each change of a member has its row in the log.
//!
//! A member's row belongs to the account. Two look-up rows lead to it: one from the hash of the invitation's secret,
//! one from the person's own account. Authorization reads the member's row itself, so a removal counts at once, and
//! [`Store::start_job`] has it as a condition of its transaction.

use domain::access_log::{AccessAct, AccessChange, Actor};
use domain::account::Account;
use domain::member::{Member, MemberRole, MemberState};
use domain::ports::Work;
use domain::{AccessChangeId, AccountId, MemberId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, encode, found, item, number, text};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction, is_only};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

const INVITE: &str = "invite a member";

/// An invitation that cannot be taken: the same answer for every reason, so that none can be guessed.
const GONE: StoreError = StoreError::NotFound { what: "invitation" };

/// From an invitation or a person to the member.
#[derive(Debug, Serialize, Deserialize)]
struct MemberRef {
    account_id: AccountId,
    member_id: MemberId,
}

impl MemberRef {
    const fn of(member: &Member) -> Self {
        Self {
            account_id: member.account_id,
            member_id: member.id,
        }
    }
}

impl Store {
    /// Adds an invited member, when the account has fewer than `members_max`.
    ///
    /// # Promises
    /// A repeat with the same id and hash changes nothing. Of any number at once no more than fit are added.
    ///
    /// # Errors
    /// [`StoreError::Full`]; [`StoreError::Conflict`] when the id or the hash is another member's;
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn invite<'a>(
        &'a self,
        member: &'a Member,
        actor: Actor,
        members_max: u32,
    ) -> Work<'a, Result<(), StoreError>> {
        let attempt = move || self.try_to_invite(member, actor, members_max);
        Box::pin(self.retrying(INVITE, member.id.body(), attempt))
    }

    async fn try_to_invite(
        &self,
        member: &Member,
        actor: Actor,
        members_max: u32,
    ) -> Result<Attempt<()>, StoreError> {
        let transaction = self.invite_writes(member, actor, members_max)?;
        let failed_parts = match self.transact(INVITE, transaction).await? {
            Transacted::Done => return Ok(Attempt::Done(())),
            Transacted::Cancelled(failed_parts) => failed_parts,
        };
        match self.member(member.account_id, member.id).await {
            Ok(stored) if stored.invitation_hash == member.invitation_hash => return Ok(Attempt::Done(())),
            Ok(_) => return Err(StoreError::Conflict { what: "member" }),
            Err(StoreError::NotFound { .. }) => {}
            Err(other) => return Err(other),
        }
        if is_only(&failed_parts, &Part::Count) {
            self.account(member.account_id).await?;
            return Err(StoreError::Full { what: "members" });
        }
        if !failed_parts.is_empty() {
            return Err(StoreError::Conflict { what: "member" });
        }
        Ok(Attempt::Retry)
    }

    fn invite_writes(
        &self,
        member: &Member,
        actor: Actor,
        members_max: u32,
    ) -> Result<Transaction, StoreError> {
        let table = &self.tables.studio;
        let free = "attribute_not_exists(pk)";
        let own = item(Key::member(member.account_id, member.id), "member", member)?;
        let mut transaction = Transaction::new().add(Part::Member, Write::put(table, own, free));
        for key in pointers(member) {
            let to = item(key, "member_ref", &MemberRef::of(member))?;
            transaction = transaction.add(Part::Pointer, Write::put(table, to, free));
        }
        let count = Write::update(
            table,
            Key::profile(member.account_id),
            "ADD #members :one",
            "attribute_exists(pk) AND (attribute_not_exists(#members) OR #members < :most)",
        );
        let count = count.value("one", number(1)).value("most", number(members_max));
        let change = AccessChange::of_member(AccessAct::Invited, member, &[], actor);
        let log = self.log_row(member.account_id, &change)?;
        Ok(transaction.add(Part::Count, count).add(Part::Log, log))
    }

    /// Joins the account that an invitation is of, by the hash of its secret.
    ///
    /// # Promises
    /// Once: the invitation is used up. A repeat by the same person is answered with the member.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such invitation, it has expired, was taken by another person, or is
    /// for another address; [`StoreError::Conflict`] for one's own account, or one in which the person is a member.
    pub fn join<'a>(
        &'a self,
        hash: &'a str,
        person: &'a Account,
        change: AccessChangeId,
        now: Timestamp,
    ) -> Work<'a, Result<Member, StoreError>> {
        Box::pin(self.try_to_join(hash, person, change, now))
    }

    async fn try_to_join(
        &self,
        hash: &str,
        person: &Account,
        change: AccessChangeId,
        now: Timestamp,
    ) -> Result<Member, StoreError> {
        let operation = "join an account";
        let table = &self.tables.studio;
        let row = self.get(operation, table, Key::invitation(hash)).await?;
        let to: MemberRef = found("invitation", row)?;
        let invited = self.member(to.account_id, to.member_id).await?;
        if invited
            .membership()
            .is_some_and(|member| member.person == person.id)
        {
            return Ok(invited);
        }
        may_join(&invited, person, now)?;
        let joined = Member {
            state: MemberState::Active {
                person: person.id,
                joined_at: now,
            },
            ..invited.clone()
        };
        let actor = Actor {
            id: change,
            by: person.id,
            by_key: None,
            at: now,
        };
        let change = AccessChange::of_member(AccessAct::Joined, &joined, &[], actor);
        let team = item(Key::team(person.id, to.account_id), "member_ref", &to)?;
        let member = Write::update(
            table,
            Key::member(to.account_id, to.member_id),
            "SET #body.#state = :active",
            "#body.#state.#name = :invited",
        )
        .value("active", encode(&joined.state)?)
        .value("invited", encode(&"invited")?);
        let transaction = Transaction::new()
            .add(Part::Member, member)
            .add(Part::Pointer, Write::put(table, team, "attribute_not_exists(pk)"))
            .add(Part::Log, self.log_row(to.account_id, &change)?);
        match self.transact(operation, transaction).await? {
            Transacted::Done => Ok(joined),
            Transacted::Cancelled(failed_parts) if failed_parts.is_empty() => {
                Err(StoreError::Contended { operation })
            }
            // The same call, delivered twice at once, or the invitation was withdrawn.
            Transacted::Cancelled(failed_parts) if failed_parts.contains(&Part::Member) => {
                self.member_of(to.account_id, person.id).await?.ok_or(GONE)
            }
            Transacted::Cancelled(_) => Err(StoreError::Conflict { what: "member" }),
        }
    }

    /// A member, or who is invited to be one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's.
    pub fn member(&self, account: AccountId, id: MemberId) -> Work<'_, Result<Member, StoreError>> {
        Box::pin(async move {
            let key = Key::member(account, id);
            let row = self.get("read a member", &self.tables.studio, key).await?;
            found("member", row)
        })
    }

    /// The member that a person is in an account; none when they are not.
    ///
    /// # Promises
    /// Strongly consistent: a removed member is not found any more.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn member_of(
        &self,
        account: AccountId,
        person: AccountId,
    ) -> Work<'_, Result<Option<Member>, StoreError>> {
        Box::pin(async move {
            let key = Key::team(person, account);
            let Some(row) = self.get("find a member", &self.tables.studio, key).await? else {
                return Ok(None);
            };
            let to: MemberRef = decode(row)?;
            match self.member(account, to.member_id).await {
                Ok(member) => Ok(Some(member)
                    .filter(|member| member.membership().is_some_and(|found| found.person == person))),
                Err(StoreError::NotFound { .. }) => Ok(None),
                Err(other) => Err(other),
            }
        })
    }

    /// Every member and open invitation of the account, oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn members(&self, account: AccountId) -> Work<'_, Result<Vec<Member>, StoreError>> {
        Box::pin(async move {
            let (table, owner) = (&self.tables.studio, keys::owner(account));
            let rows = self
                .query_all("list members", table, &owner, keys::MEMBER)
                .await?;
            rows.into_iter().map(decode).collect()
        })
    }

    /// The part of a start that fails when its spender was removed.
    pub(crate) fn still_member(&self, account: AccountId, id: MemberId) -> Result<Write, StoreError> {
        Ok(Write::update(
            &self.tables.studio,
            Key::member(account, id),
            "SET #kind = :kind",
            "#body.#state.#name = :active",
        )
        .value("kind", text("member"))
        .value("active", encode(&"active")?))
    }

    /// The part of a start that fails when the member who made its key may hold none any more.
    pub(crate) fn still_holds_keys(&self, account: AccountId, id: MemberId) -> Result<Write, StoreError> {
        Ok(Write::update(
            &self.tables.studio,
            Key::member(account, id),
            "SET #kind = :kind",
            HOLDS_KEYS,
        )
        .value("kind", text("member"))
        .value("active", encode(&"active")?)
        .value("admin", encode(&MemberRole::Admin)?))
    }

    /// The part of a new key that fails when its maker may hold none, and that a removal at the same time notices.
    pub(crate) fn makes_key(&self, account: AccountId, id: MemberId) -> Result<Write, StoreError> {
        Ok(Write::update(
            &self.tables.studio,
            Key::member(account, id),
            "ADD #keys_made :one",
            HOLDS_KEYS,
        )
        .value("one", number(1))
        .value("active", encode(&"active")?)
        .value("admin", encode(&MemberRole::Admin)?))
    }
}

/// They have joined and are an admin: [`MemberRole::manages`].
const HOLDS_KEYS: &str = "#body.#state.#name = :active AND #body.#role = :admin";

/// The rows by which a member is found: by the invitation's secret, and from the person who has joined.
pub(crate) fn pointers(member: &Member) -> impl Iterator<Item = Key> {
    let team = member
        .membership()
        .map(|found| Key::team(found.person, member.account_id));
    [Key::invitation(&member.invitation_hash)].into_iter().chain(team)
}

/// Whether this person may take this invitation now.
fn may_join(invited: &Member, person: &Account, now: Timestamp) -> Result<(), StoreError> {
    match invited.state {
        MemberState::Invited { expires_at } if expires_at > now && invited.email == person.email => {
            if invited.account_id == person.id {
                Err(StoreError::Conflict { what: "member" })
            } else {
                Ok(())
            }
        }
        MemberState::Invited { .. } | MemberState::Active { .. } => Err(GONE),
    }
}
