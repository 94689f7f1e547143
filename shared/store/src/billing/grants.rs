//! Grants a payment's credits exactly once, to exactly one account.
//!
//! Marks of grants belong to one account, so they cannot tell that a payment went to another one. One row per payment
//! does: `PAID#<key>`, which says `unclaimed` while the payment waits for an operator, and names its account from the
//! grant on. Every grant, and every storing as unclaimed, is one transaction with a condition on that row.

use domain::AccountId;
use domain::Timestamp;
use domain::ports::Work;
use ledger::{Grant, Mark};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, encode, item};
use crate::dynamo::keys::Key;
use crate::dynamo::transaction::{Part, Transaction};
use crate::dynamo::write::Write;
use crate::{Payment, Store, StoreError, Unclaimed};

/// Who has a payment's credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentGrant {
    /// The account that has them: the one asked for, or the one to which they were granted before.
    pub account_id: AccountId,
    /// Whether they were granted now.
    pub is_new: bool,
}

/// What became of a payment that was to be stored as unclaimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnclaimedOutcome {
    /// It is stored as unclaimed from now on.
    Stored,
    /// It was stored before; the first reason stays.
    Known,
    /// Its credits were granted meanwhile, to this account.
    Granted(AccountId),
}

/// Who has a payment's credits: the row `PAID#<key>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum PaymentHolder {
    /// Nobody: the payment waits for an operator.
    Unclaimed,
    /// They were granted to this account.
    Granted {
        /// The account, for ever.
        account_id: AccountId,
    },
    /// Nobody, for ever: its money goes back.
    Returned {
        /// The account that paid.
        account_id: AccountId,
        /// When it was decided.
        at: Timestamp,
        /// Whether the provider was told to give it back, and took it.
        is_done: bool,
    },
}

/// One payment that is to be granted.
#[derive(Clone, Copy)]
struct GrantRequest<'a> {
    payment: &'a Payment,
    grant: &'a Grant,
    now: Timestamp,
}

const GRANT: &str = "grant a payment";
const STORE: &str = "store an unclaimed payment";
const ABSENT: &str = "attribute_not_exists(pk)";

impl Store {
    /// Grants a payment's credits to its account, unless they were granted before, to whomever.
    ///
    /// # Promises
    /// One transaction writes the wallet, its history row and mark, the payment, its holder, and the claim of an
    /// unclaimed payment. A payment goes to one account, ever; a repeat answers with that account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account, [`StoreError::Full`] when its wallet holds as many lots
    /// as it can; nothing is written then, and the grant can be repeated. [`StoreError::Conflict`] for a payment whose
    /// money goes back.
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

    /// Stores a payment for which nothing could be granted.
    ///
    /// # Promises
    /// A payment whose credits were granted is never stored as unclaimed, however late this call comes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a payment whose money goes back.
    pub fn store_unclaimed<'a>(
        &'a self,
        unclaimed: &'a Unclaimed,
    ) -> Work<'a, Result<UnclaimedOutcome, StoreError>> {
        // The first of several at once wins and the others see it: their waits need no seed.
        Box::pin(self.retrying(STORE, Ulid::nil(), move || self.try_to_store(unclaimed)))
    }

    /// Who has a payment's credits; none when the payment was never stored.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn payment_holder<'a>(&'a self, key: &'a str) -> Work<'a, Result<Option<PaymentHolder>, StoreError>> {
        Box::pin(async move {
            let key = Key::payment_holder(key);
            let row = self
                .get("read who has a payment's credits", &self.tables.ledger, key)
                .await?;
            row.map(decode).transpose()
        })
    }

    /// Decides that a payment brings no credits and its money goes back; answers with who has the payment, which is
    /// somebody else when that was decided before.
    ///
    /// # Promises
    /// A payment that was granted or waits for an operator stays so, and one that goes back is never granted.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn return_payment<'a>(
        &'a self,
        key: &'a str,
        account_id: AccountId,
        at: Timestamp,
    ) -> Work<'a, Result<PaymentHolder, StoreError>> {
        Box::pin(async move {
            let operation = "decide that a payment goes back";
            let holder = PaymentHolder::Returned {
                account_id,
                at,
                is_done: false,
            };
            let row = item(Key::payment_holder(key), "payment_holder", &holder)?;
            let write = Write::put(&self.tables.ledger, row, ABSENT);
            if self.write(operation, write).await?.is_some() {
                return Ok(holder);
            }
            let known = self.payment_holder(key).await?;
            known.ok_or(StoreError::Contended { operation })
        })
    }

    /// Notes that a payment's money went back.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_payment_returned<'a>(&'a self, key: &'a str) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.ledger,
                Key::payment_holder(key),
                "SET #body.#is_done = :done",
                "#body.#is_done = :open",
            )
            .value("done", encode(&true)?)
            .value("open", encode(&false)?);
            self.write("note that a payment went back", write).await.map(drop)
        })
    }

    async fn try_to_store(&self, unclaimed: &Unclaimed) -> Result<Attempt<UnclaimedOutcome>, StoreError> {
        match self.payment_holder(&unclaimed.key).await? {
            Some(PaymentHolder::Granted { account_id }) => {
                return Ok(Attempt::Done(UnclaimedOutcome::Granted(account_id)));
            }
            Some(PaymentHolder::Unclaimed) => return Ok(Attempt::Done(UnclaimedOutcome::Known)),
            Some(PaymentHolder::Returned { .. }) => return Err(StoreError::Conflict { what: "payment" }),
            None => {}
        }
        let table = &self.tables.ledger;
        let holder = item(
            Key::payment_holder(&unclaimed.key),
            "payment_holder",
            &PaymentHolder::Unclaimed,
        )?;
        let row = item(Key::unclaimed(&unclaimed.key), "unclaimed", unclaimed)?;
        let transaction = Transaction::new()
            .add(Part::PaymentHolder, Write::put(table, holder, ABSENT))
            .add(Part::Payment, Write::put(table, row, ABSENT));
        Ok(self
            .transact(STORE, transaction)
            .await?
            .or_retry(UnclaimedOutcome::Stored))
    }

    async fn try_to_grant(&self, request: GrantRequest<'_>) -> Result<Attempt<PaymentGrant>, StoreError> {
        let GrantRequest { payment, grant, now } = request;
        let holder = self.payment_holder(&payment.key).await?;
        match holder {
            Some(PaymentHolder::Granted { account_id }) => {
                let is_new = false;
                return Ok(Attempt::Done(PaymentGrant { account_id, is_new }));
            }
            Some(PaymentHolder::Returned { .. }) => return Err(StoreError::Conflict { what: "payment" }),
            Some(PaymentHolder::Unclaimed) | None => {}
        }
        let account_id = payment.account_id;
        let mut transaction = self.holder_writes(payment, holder.as_ref())?;
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

    /// The refusal, unless the same delivery beside this one has granted since the holder was read.
    async fn unless_granted(
        &self,
        payment: &Payment,
        refusal: StoreError,
    ) -> Result<PaymentGrant, StoreError> {
        match self.payment_holder(&payment.key).await? {
            Some(PaymentHolder::Granted { account_id }) => Ok(PaymentGrant {
                account_id,
                is_new: false,
            }),
            _ => Err(refusal),
        }
    }

    /// The writes that give a payment to its account, if the holder is still the one that was read.
    fn holder_writes(
        &self,
        payment: &Payment,
        read: Option<&PaymentHolder>,
    ) -> Result<Transaction, StoreError> {
        let table = &self.tables.ledger;
        let account_id = payment.account_id;
        let holder = item(
            Key::payment_holder(&payment.key),
            "payment_holder",
            &PaymentHolder::Granted { account_id },
        )?;
        let row = item(Key::payment(account_id, &payment.key), "payment", payment)?;
        let transaction = Transaction::new().add(Part::Payment, Write::put(table, row, ABSENT));
        Ok(match read {
            None => transaction.add(Part::PaymentHolder, Write::put(table, holder, ABSENT)),
            Some(read) => {
                let over = Write::put(table, holder, "#body = :read").value("read", encode(read)?);
                let key = Key::unclaimed(&payment.key);
                let set = "SET #body.#claimed_by = :account";
                let claimed = Write::update(table, key, set, "attribute_exists(pk)");
                let claimed = claimed.value("account", encode(&account_id)?);
                transaction
                    .add(Part::PaymentHolder, over)
                    .add(Part::Payment, claimed)
            }
        })
    }
}
