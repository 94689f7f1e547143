//! Accounts: a profile in `studio` and a wallet in `ledger`, made together.

pub mod access_log;
pub mod api_keys;
pub mod member_changes;
pub mod members;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::{Account, PlanId, Role};
use domain::email::mailbox;
use domain::ports::Work;
use domain::settings::Language;
use domain::{AccountId, Timestamp};
use ledger::{Grant, Wallet};
use sha2::{Digest, Sha256};

use crate::dynamo::codec::{encode, found, item, number, text, time};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction, is_only};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

const CREATE: &str = "create an account";

/// A customer to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Id, from the user pool's subject.
    pub id: AccountId,
    /// E-mail address, lower case.
    pub email: String,
    /// Name to address them by.
    pub name: Option<String>,
    /// Language of mails.
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
    /// Idempotent on the id: a repeat returns the account as it is and gives nothing. A mailbox is given one gift, under
    /// however many addresses ([`mailbox`]): the account of a further one begins with an empty wallet.
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
                sessions_from: None,
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
            let first = match &gift {
                Some(gift) => self
                    .gift_writes(&account, gift, now)?
                    .add(Part::Account, profile.clone()),
                None => self.without_gift(&account, &profile)?,
            };
            let done = match self.transact(CREATE, first).await? {
                // Another account of this mailbox has had the gift.
                Transacted::Cancelled(failed_parts) if is_only(&failed_parts, &Part::Pointer) => {
                    self.transact(CREATE, self.without_gift(&account, &profile)?)
                        .await?
                }
                done => done,
            };
            match done {
                Transacted::Done => Ok(account),
                Transacted::Cancelled(_) => self.made_meanwhile(account.id).await,
            }
        })
    }

    /// The profile and an empty wallet. The profile decides who was first; the wallet has no condition of its own.
    fn without_gift(&self, account: &Account, profile: &Write) -> Result<Transaction, StoreError> {
        Ok(Transaction::new()
            .add(Part::Account, profile.clone())
            .add(Part::Wallet, self.wallet_write(account.id, &Wallet::default())?))
    }

    /// The gift's wallet, history and mark, and the row that gives it to a mailbox once.
    fn gift_writes(
        &self,
        account: &Account,
        gift: &Grant,
        now: Timestamp,
    ) -> Result<Transaction, StoreError> {
        let posted = Wallet::default()
            .grant(gift, now)
            .map_err(|error| StoreError::wallet("give a sign-up gift", error))?;
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(mailbox(&account.email)));
        let given = item(Key::gift(&hash), "gift", &account.id)?;
        let once = Write::put(&self.tables.studio, given, "attribute_not_exists(pk)");
        Ok(Transaction::new()
            .add_all(&Part::Wallet, self.grant_writes(account.id, gift, &posted)?)
            .add(Part::Pointer, once))
    }

    /// The account that another call has made at the same time.
    async fn made_meanwhile(&self, id: AccountId) -> Result<Account, StoreError> {
        self.account(id).await.map_err(|error| match error {
            StoreError::NotFound { .. } => StoreError::Contended { operation: CREATE },
            other => other,
        })
    }

    /// From now on tokens of the person that were issued before `from` are refused; harmless before the first log-in.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn end_sessions(&self, id: AccountId, from: Timestamp) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::profile(id),
                "SET #body.#sessions_from = :from",
                "attribute_exists(pk)",
            )
            .value("from", encode(&from)?);
            self.write("end every session", write).await.map(drop)
        })
    }

    /// From now on tokens of this session are refused; the row goes when none of them can be good any more.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn end_session<'a>(&'a self, session: &'a str, until: Timestamp) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut row = Key::ended_session(session).into_item();
            row.insert("kind".to_owned(), text("ended_session"));
            row.insert("expires_at".to_owned(), number(until.as_s()));
            let write = Write::put(&self.tables.ephemeral, row, "attribute_not_exists(pk)");
            self.write("end a session", write).await.map(drop)
        })
    }

    /// Whether a session was ended.
    ///
    /// # Promises
    /// Strongly consistent: a token stops with the log-out.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn is_session_ended<'a>(&'a self, session: &'a str) -> Work<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let key = Key::ended_session(session);
            let row = self
                .get("look for an ended session", &self.tables.ephemeral, key)
                .await?;
            Ok(row.is_some())
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
