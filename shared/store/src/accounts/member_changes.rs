//! A member changed or removed, and the log of everything that happened to members.

use domain::member::{Member, MemberAct, MemberChange, MemberRole, MemberState};
use domain::ports::Work;
use domain::{AccountId, Credits, MemberId};

use crate::accounts::members::{MemberActor, pointers};
use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{encode, item, number};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transaction};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

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
        actor: MemberActor,
    ) -> Work<'_, Result<Member, StoreError>> {
        let attempt = move || self.try_to_change_member(account, id, terms, actor);
        Box::pin(self.retrying(CHANGE, actor.id.body(), attempt))
    }

    async fn try_to_change_member(
        &self,
        account: AccountId,
        id: MemberId,
        terms: MemberTerms,
        actor: MemberActor,
    ) -> Result<Attempt<Member>, StoreError> {
        let before = self.member(account, id).await?;
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
        let mut write = Write::update(&self.tables.studio, key, change, "attribute_exists(pk)")
            .value("role", encode(&terms.role)?);
        if let Some(credits) = terms.monthly_credits {
            write = write.value("credits", encode(&credits)?);
        }
        let row = self.change_row(&after, MemberAct::Changed, actor)?;
        let transaction = Transaction::new().add(Part::Member, write).add(Part::Log, row);
        // Cancelled when the member has joined, changed or been removed meanwhile.
        Ok(self.transact(CHANGE, transaction).await?.or_retry(after))
    }

    /// Removes a member or withdraws an invitation: no job is started for them any more, running ones go on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also the second time.
    pub fn remove_member(
        &self,
        account: AccountId,
        id: MemberId,
        act: MemberAct,
        actor: MemberActor,
    ) -> Work<'_, Result<(), StoreError>> {
        let attempt = move || self.try_to_remove_member(account, id, act, actor);
        Box::pin(self.retrying(REMOVE, actor.id.body(), attempt))
    }

    async fn try_to_remove_member(
        &self,
        account: AccountId,
        id: MemberId,
        act: MemberAct,
        actor: MemberActor,
    ) -> Result<Attempt<()>, StoreError> {
        let table = &self.tables.studio;
        let there = "attribute_exists(pk)";
        let member = self.member(account, id).await?;
        let condition = "#body.#state.#name = :name";
        let name = match member.state {
            MemberState::Invited { .. } => "invited",
            MemberState::Active { .. } => "active",
        };
        let own = Write::delete(table, Key::member(account, id), condition).value("name", encode(&name)?);
        let found_by = pointers(&member).map(|key| Write::delete(table, key, there));
        let count = Write::update(table, Key::profile(account), "ADD #members :less", there)
            .value("less", number(-1));
        let transaction = Transaction::new()
            .add(Part::Member, own)
            .add_all(&Part::Pointer, found_by)
            .add(Part::Count, count)
            .add(Part::Log, self.change_row(&member, act, actor)?);
        Ok(self.transact(REMOVE, transaction).await?.or_retry(()))
    }

    /// What happened to the account's members, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn member_changes<'a>(
        &'a self,
        account: AccountId,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<MemberChange>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list changes of members",
                table: &self.tables.studio,
                pk: keys::owner(account),
                prefix: keys::MEMBER_CHANGE,
                name: "member_changes".to_owned(),
            };
            self.page(list, page, |_: &MemberChange| true).await
        })
    }

    /// The row of the log.
    pub(crate) fn change_row(
        &self,
        member: &Member,
        act: MemberAct,
        actor: MemberActor,
    ) -> Result<Write, StoreError> {
        let change = MemberChange::of(actor.id, act, member, actor.by, actor.at);
        let row = item(
            Key::member_change(member.account_id, actor.id),
            "member_change",
            &change,
        )?;
        Ok(Write::put(&self.tables.studio, row, "attribute_not_exists(pk)"))
    }
}
