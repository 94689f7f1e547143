//! Accounts: a profile in `studio` and a wallet in `ledger`, made together.

pub mod access_log;
pub mod api_keys;
pub mod member_changes;
pub mod members;

use domain::account::{Account, PlanId, Role};
use domain::ports::Work;
use domain::settings::Language;
use domain::{AccountId, Timestamp};
use ledger::{Grant, Wallet};

use crate::dynamo::codec::{encode, found, item, text, time};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// A customer to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Id, from the user pool's subject.
    pub id: AccountId,
    /// E-mail address, lower case.
    pub email: String,
    /// Name to address them by.
    pub name: Option<String>,
    /// Language of mails and of new projects.
    pub language: Language,
    /// The plan with which the account begins.
    pub plan: PlanId,
    /// Whether the person is a customer or an operator.
    pub role: Role,
}

impl Store {
    /// Makes profile, wallet and gift in one transaction.
    ///
    /// # Promises
    /// Idempotent on the id: a repeat returns the account as it is and gives nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn ensure_account(
        &self,
        new: NewAccount,
        gift: Option<Grant>,
        now: Timestamp,
    ) -> Work<'_, Result<Account, StoreError>> {
        Box::pin(async move {
            let account = Account {
                id: new.id,
                email: new.email,
                name: new.name,
                language: new.language,
                plan: new.plan,
                role: new.role,
                created_at: now,
                updated_at: now,
            };
            let mut profile = item(Key::profile(account.id), "account", &account)?;
            profile.insert(
                "due_shard".to_owned(),
                text(&keys::operating::account_shard(account.id)),
            );
            profile.insert("due_at".to_owned(), time(now));
            let profile = Write::put(&self.tables.studio, profile, "attribute_not_exists(pk)");
            let empty = Wallet::default();
            let wallet = match &gift {
                Some(gift) => {
                    let posted = empty
                        .grant(gift, now)
                        .map_err(|error| StoreError::wallet("give a sign-up gift", error))?;
                    self.grant_writes(account.id, gift, &posted)?
                }
                None => vec![self.wallet_write(account.id, &empty)?],
            };
            let transaction = Transaction::new()
                .add(Part::Account, profile)
                .add_all(&Part::Wallet, wallet);
            // The profile decides who was first; the wallet has no condition of its own.
            match self.transact("create an account", transaction).await? {
                Transacted::Done => Ok(account),
                Transacted::Cancelled(_) => self.account(account.id).await.map_err(|error| match error {
                    StoreError::NotFound { .. } => StoreError::Contended {
                        operation: "create an account",
                    },
                    other => other,
                }),
            }
        })
    }

    /// The account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn account(&self, id: AccountId) -> Work<'_, Result<Account, StoreError>> {
        Box::pin(async move {
            let row = self
                .get("read an account", &self.tables.studio, Key::profile(id))
                .await?;
            found("account", row)
        })
    }

    /// Writes what a customer may change: name and language.
    ///
    /// # Promises
    /// Plan and role stay as they are, so that a customer's edit cannot undo an operator's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn update_account<'a>(&'a self, account: &'a Account) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (change, name) = match &account.name {
                Some(name) => (
                    "SET #body.#name = :name, #body.#language = :language, #body.#updated_at = :at",
                    Some(encode(name)?),
                ),
                None => (
                    "SET #body.#language = :language, #body.#updated_at = :at REMOVE #body.#name",
                    None,
                ),
            };
            let mut write = Write::update(
                &self.tables.studio,
                Key::profile(account.id),
                change,
                "attribute_exists(pk)",
            )
            .value("language", encode(&account.language)?)
            .value("at", encode(&account.updated_at)?);
            if let Some(name) = name {
                write = write.value("name", name);
            }
            self.write("update an account", write)
                .await?
                .map(drop)
                .ok_or(StoreError::NotFound { what: "account" })
        })
    }

    /// Writes what an operator or a payment may change: plan and role.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn set_standing(
        &self,
        id: AccountId,
        plan: Option<PlanId>,
        role: Option<Role>,
        now: Timestamp,
    ) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let mut change = "SET #body.#updated_at = :at".to_owned();
            if plan.is_some() {
                change.push_str(", #body.#plan = :plan");
            }
            if role.is_some() {
                change.push_str(", #body.#role = :role");
            }
            let mut write = Write::update(
                &self.tables.studio,
                Key::profile(id),
                &change,
                "attribute_exists(pk)",
            )
            .value("at", encode(&now)?);
            if let Some(plan) = plan {
                write = write.value("plan", encode(&plan)?);
            }
            if let Some(role) = role {
                write = write.value("role", encode(&role)?);
            }
            self.write("change a plan or role", write)
                .await?
                .map(drop)
                .ok_or(StoreError::NotFound { what: "account" })
        })
    }
}
