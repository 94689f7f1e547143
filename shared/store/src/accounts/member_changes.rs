//! A member changed or removed; whoever may hold no keys any more loses those they made, in the same act.

use domain::access_log::{AccessAct, AccessChange, Actor};
use domain::account::ApiKey;
use domain::member::{Member, MemberRole, MemberState};
use domain::ports::Work;
use domain::{AccountId, Credits, MemberId};

use crate::accounts::members::pointers;
use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{encode, found, number, number_of};
use crate::dynamo::keys::Key;
use crate::dynamo::transaction::{Part, Transaction};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// What a member is to be from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberTerms {
    /// What they may do.
    pub role: MemberRole,
    /// Credits that their jobs may take in a calendar month; none is as many as the account has.
    pub monthly_credits: Option<Credits>,
}

const CHANGE: &str = "change a member";
const REMOVE: &str = "remove a member";

/// The member is there and has made no key since they were read, so their keys were read whole.
const NO_NEWER_KEY: &str =
    "attribute_exists(pk) AND (attribute_not_exists(#keys_made) OR #keys_made = :keys_made)";

impl Store {
    /// Gives a member another role and budget; what they have spent this month counts on. Answers with them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's.
    pub fn change_member(
        &self,
        account: AccountId,
        id: MemberId,
        terms: MemberTerms,
        actor: Actor,
    ) -> Work<'_, Result<Member, StoreError>> {
        let attempt = move || self.try_to_change_member(account, id, terms, actor);
        Box::pin(self.retrying(CHANGE, actor.id.body(), attempt))
    }

    async fn try_to_change_member(
        &self,
        account: AccountId,
        id: MemberId,
        terms: MemberTerms,
        actor: Actor,
    ) -> Result<Attempt<Member>, StoreError> {
        let (before, keys_made) = self.member_and_keys_made(account, id).await?;
        let after = Member {
            role: terms.role,
            monthly_credits: terms.monthly_credits,
            ..before
        };
        let change = match terms.monthly_credits {
            Some(_) => "SET #body.#role = :role, #body.#monthly_credits = :credits",
            None => "SET #body.#role = :role REMOVE #body.#monthly_credits",
        };
        let key = Key::member(account, id);
        let mut write = Write::update(&self.tables.studio, key, change, NO_NEWER_KEY)
            .value("role", encode(&terms.role)?)
            .value("keys_made", number(keys_made));
        if let Some(credits) = terms.monthly_credits {
            write = write.value("credits", encode(&credits)?);
        }
        let keys = if terms.role.manages() {
            Vec::new()
        } else {
            self.keys_made_by(account, id).await?
        };
        let change = AccessChange::of_member(AccessAct::Changed, &after, &keys, actor);
        let mut transaction = Transaction::new()
            .add(Part::Member, write)
            .add(Part::Log, self.log_row(account, &change)?);
        for key in &keys {
            transaction = self.withdraw(transaction, key);
        }
        if !keys.is_empty() {
            let count = self.fewer(account, "ADD #keys :fewer_keys", &keys);
            transaction = transaction.add(Part::Count, count);
        }
        // Cancelled when the member made a key or was removed meanwhile, or one of the keys is gone.
        Ok(self.transact(CHANGE, transaction).await?.or_retry(after))
    }

    /// Removes a member with the keys that they made, or withdraws an invitation: no job is started for them or by their
    /// keys any more, running ones go on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also the second time.
    pub fn remove_member(
        &self,
        account: AccountId,
        id: MemberId,
        act: AccessAct,
        actor: Actor,
    ) -> Work<'_, Result<(), StoreError>> {
        let attempt = move || self.try_to_remove_member(account, id, act, actor);
        Box::pin(self.retrying(REMOVE, actor.id.body(), attempt))
    }

    async fn try_to_remove_member(
        &self,
        account: AccountId,
        id: MemberId,
        act: AccessAct,
        actor: Actor,
    ) -> Result<Attempt<()>, StoreError> {
        let table = &self.tables.studio;
        let there = "attribute_exists(pk)";
        let (member, keys_made) = self.member_and_keys_made(account, id).await?;
        let keys = self.keys_made_by(account, id).await?;
        let name = match member.state {
            MemberState::Invited { .. } => "invited",
            MemberState::Active { .. } => "active",
        };
        let as_read = format!("#body.#state.#name = :name AND {NO_NEWER_KEY}");
        let own = Write::delete(table, Key::member(account, id), &as_read)
            .value("name", encode(&name)?)
            .value("keys_made", number(keys_made));
        let found_by = pointers(&member).map(|key| Write::delete(table, key, there));
        let count = self
            .fewer(account, "ADD #members :less, #keys :fewer_keys", &keys)
            .value("less", number(-1));
        let change = AccessChange::of_member(act, &member, &keys, actor);
        let mut transaction = Transaction::new()
            .add(Part::Member, own)
            .add_all(&Part::Pointer, found_by)
            .add(Part::Count, count)
            .add(Part::Log, self.log_row(account, &change)?);
        for key in &keys {
            transaction = self.withdraw(transaction, key);
        }
        Ok(self.transact(REMOVE, transaction).await?.or_retry(()))
    }

    /// A member, and how many keys they have ever made: a key made after this read changes the number.
    async fn member_and_keys_made(
        &self,
        account: AccountId,
        id: MemberId,
    ) -> Result<(Member, u64), StoreError> {
        let key = Key::member(account, id);
        let row = self.get("read a member", &self.tables.studio, key).await?;
        let keys_made = match &row {
            Some(row) if row.contains_key("keys_made") => number_of(row, "keys_made")?,
            Some(_) | None => 0,
        };
        Ok((found("member", row)?, keys_made))
    }

    async fn keys_made_by(&self, account: AccountId, id: MemberId) -> Result<Vec<ApiKey>, StoreError> {
        let mut keys = self.keys(account).await?;
        keys.retain(|key| key.made_by_member() == Some(id));
        Ok(keys)
    }

    /// The profile counts these keys no more.
    fn fewer(&self, account: AccountId, change: &str, keys: &[ApiKey]) -> Write {
        let fewer = i128::try_from(keys.len()).unwrap_or_default();
        Write::update(
            &self.tables.studio,
            Key::profile(account),
            change,
            "attribute_exists(pk)",
        )
        .value("fewer_keys", number(0_i128.saturating_sub(fewer)))
    }
}
