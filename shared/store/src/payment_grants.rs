//! The grant of a payment's credits: to one account, once, whoever asks for it, how often and when.
//!
//! Marks of grants belong to one account, so they cannot tell that a payment went to another one. One row per payment
//! does: `PAID#<key>`, which says `kept` while the payment waits for a person and names its account from the grant on.
//! Every grant and every keeping is one transaction with a condition on that row.

use domain::AccountId;
use domain::Timestamp;
use domain::ports::Work;
use ledger::{Grant, Mark};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::backoff::Attempt;
use crate::codec::{decode, encode, item};
use crate::keys::Key;
use crate::transaction::{Part, Transaction};
use crate::write::Write;
use crate::{Payment, Store, StoreError, Unclaimed};

/// Whose a payment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
enum Owner {
    /// It waits for a person.
    Kept,
    /// Its credits were granted.
    Granted { account_id: AccountId },
}

/// Who has a payment's credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentGrant {
    /// Whose they are: of whom it was asked for, or of whoever had them before.
    pub account_id: AccountId,
    /// Whether they were granted now.
    pub is_new: bool,
}

/// What became of a payment that was to be kept for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept from now on.
    New,
    /// It was kept before; the first reason stays.
    Known,
    /// Its credits were granted meanwhile, to this account.
    Granted(AccountId),
}

/// Whose a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentHolder {
    /// It waits for a person.
    Kept,
    /// Its credits were granted to this account.
    Granted(AccountId),
}

/// One payment that is to be granted.
#[derive(Clone, Copy)]
struct GrantRequest<'a> {
    payment: &'a Payment,
    grant: &'a Grant,
    now: Timestamp,
}

const GRANT: &str = "grant a payment";
const KEEP: &str = "keep an unclaimed payment";
const ABSENT: &str = "attribute_not_exists(pk)";

impl Store {
    /// Grants a payment's credits to its account, unless they were granted before, to whomever.
    ///
    /// # Promises
    /// Wallet, rows and mark, the payment, whose it is, and, when it was kept for a person, that it is not any more,
    /// are one transaction. A payment goes to one account, ever; a repeat tells whose it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account, [`StoreError::Full`] when its wallet holds as many lots
    /// as it can; nothing is written then, and the grant can be repeated.
    pub fn grant_payment<'a>(
        &'a self,
        payment: &'a Payment,
        grant: &'a Grant,
        now: Timestamp,
    ) -> Work<'a, Result<PaymentGrant, StoreError>> {
        let request = GrantRequest { payment, grant, now };
        let attempt = move || self.try_to_grant(request);
        Box::pin(self.retrying(GRANT, grant.transaction_id.body(), attempt))
    }

    /// Keeps a payment that nothing could be granted for.
    ///
    /// # Promises
    /// A payment whose credits were granted is never kept, however late the one comes who could not grant them.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn keep_unclaimed<'a>(&'a self, unclaimed: &'a Unclaimed) -> Work<'a, Result<Kept, StoreError>> {
        // The first of several at once wins and the others see it: their waits need no seed.
        Box::pin(self.retrying(KEEP, Ulid::nil(), move || self.try_to_keep(unclaimed)))
    }

    /// Whose a payment is; none when nobody has heard of it.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn payment_holder<'a>(&'a self, key: &'a str) -> Work<'a, Result<Option<PaymentHolder>, StoreError>> {
        Box::pin(async move {
            Ok(self.payment_owner(key).await?.map(|owner| match owner {
                Owner::Kept => PaymentHolder::Kept,
                Owner::Granted { account_id } => PaymentHolder::Granted(account_id),
            }))
        })
    }

    async fn try_to_keep(&self, unclaimed: &Unclaimed) -> Result<Attempt<Kept>, StoreError> {
        match self.payment_owner(&unclaimed.key).await? {
            Some(Owner::Granted { account_id }) => return Ok(Attempt::Done(Kept::Granted(account_id))),
            Some(Owner::Kept) => return Ok(Attempt::Done(Kept::Known)),
            None => {}
        }
        let table = &self.tables.ledger;
        let owner = item(Key::payment_owner(&unclaimed.key), "payment_owner", &Owner::Kept)?;
        let row = item(Key::unclaimed(&unclaimed.key), "unclaimed", unclaimed)?;
        let transaction = Transaction::new()
            .add(Part::PaymentOwner, Write::put(table, owner, ABSENT))
            .add(Part::Payment, Write::put(table, row, ABSENT));
        Ok(self.transact(KEEP, transaction).await?.or_retry(Kept::New))
    }

    async fn try_to_grant(&self, request: GrantRequest<'_>) -> Result<Attempt<PaymentGrant>, StoreError> {
        let GrantRequest { payment, grant, now } = request;
        let owner = self.payment_owner(&payment.key).await?;
        if let Some(Owner::Granted { account_id }) = owner {
            let is_new = false;
            return Ok(Attempt::Done(PaymentGrant { account_id, is_new }));
        }
        let account_id = payment.account_id;
        let mut transaction = self.ownership_writes(payment, owner.as_ref())?;
        let before = self.wallet(account_id).await?;
        // An operator may have granted under this very key: then only what is missing is written.
        let mark = self.marked(account_id, Mark::Grant(&grant.key)).await?;
        if mark.is_none() {
            let posted = match before.grant(grant, now) {
                Ok(posted) => posted,
                Err(error) => {
                    let refusal = StoreError::wallet(GRANT, error);
                    return self.unless_granted(payment, refusal).await.map(Attempt::Done);
                }
            };
            let writes = self.grant_writes(account_id, grant, &posted)?;
            transaction = transaction.add_all(&Part::Wallet, writes);
        }
        let is_new = mark.is_none();
        let granted = PaymentGrant { account_id, is_new };
        Ok(self.transact(GRANT, transaction).await?.or_retry(granted))
    }

    /// The refusal, unless the same delivery beside this one has granted since its owner was read.
    async fn unless_granted(
        &self,
        payment: &Payment,
        refusal: StoreError,
    ) -> Result<PaymentGrant, StoreError> {
        match self.payment_owner(&payment.key).await? {
            Some(Owner::Granted { account_id }) => Ok(PaymentGrant {
                account_id,
                is_new: false,
            }),
            _ => Err(refusal),
        }
    }

    /// The writes that make a payment its account's, over the owner that was read.
    fn ownership_writes(&self, payment: &Payment, read: Option<&Owner>) -> Result<Transaction, StoreError> {
        let table = &self.tables.ledger;
        let account_id = payment.account_id;
        let owner = item(
            Key::payment_owner(&payment.key),
            "payment_owner",
            &Owner::Granted { account_id },
        )?;
        let row = item(Key::payment(account_id, &payment.key), "payment", payment)?;
        let transaction = Transaction::new().add(Part::Payment, Write::put(table, row, ABSENT));
        Ok(match read {
            None => transaction.add(Part::PaymentOwner, Write::put(table, owner, ABSENT)),
            Some(read) => {
                let over = Write::put(table, owner, "#body = :read").value("read", encode(read)?);
                let key = Key::unclaimed(&payment.key);
                let set = "SET #body.#claimed_by = :account";
                let claimed = Write::update(table, key, set, "attribute_exists(pk)");
                let claimed = claimed.value("account", encode(&account_id)?);
                transaction
                    .add(Part::PaymentOwner, over)
                    .add(Part::Payment, claimed)
            }
        })
    }

    async fn payment_owner(&self, key: &str) -> Result<Option<Owner>, StoreError> {
        let key = Key::payment_owner(key);
        let row = self
            .get("read whose a payment is", &self.tables.ledger, key)
            .await?;
        row.map(decode).transpose()
    }
}
