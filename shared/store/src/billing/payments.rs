//! Payments that brought credits, payments that nobody could be given credits for, and checkouts that have not ended.
//!
//! [`Store::grant_payment`](crate::Store::grant_payment) writes a payment with its credits; the row tells a later
//! refund what its money had bought.

use domain::billing::PaymentProvider;
use domain::ports::Work;
use domain::{AccountId, Credits, Timestamp};
use ledger::{ProductId, ReturnStep};
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, item};
use crate::dynamo::keys::billing::{OPEN_CHECKOUTS, OPENED, PAYMENT, UNCLAIMED};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::tables::Query;
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

/// A payment whose credits were granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Key of the grant: `checkout:<session>` or `invoice:<invoice>`.
    pub key: String,
    /// Account that gets the credits.
    pub account_id: AccountId,
    /// Who took the money.
    pub provider: PaymentProvider,
    /// What was bought.
    pub product: ProductId,
    /// The plan before, when it paid for a change that only its sum tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<ProductId>,
    /// Credits that it brought.
    pub credits: Credits,
    /// Money that was paid, in minor units.
    pub paid_minor: u64,
    /// Its currency, ISO 4217 in lower case.
    pub currency: String,
    /// The provider's ids by which a refund or a dispute named this payment when it was granted.
    pub references: Vec<String>,
    /// What was taken back of its credits, and what of that was given back again.
    #[serde(default)]
    pub returns: Vec<ReturnStep>,
    /// When it was granted.
    pub at: Timestamp,
}

/// Why a payment's credits were not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnclaimedReason {
    /// It names no account, or one that does not exist.
    UnknownAccount,
    /// It is for something that is not in the catalogue.
    UnknownProduct,
    /// Its amount is not the catalogue's.
    AmountMismatch,
    /// Its currency is not the catalogue's.
    CurrencyMismatch,
    /// The account's wallet holds as many lots as it can.
    WalletFull,
}

impl UnclaimedReason {
    /// The word in a row and in a finding.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown_account",
            Self::UnknownProduct => "unknown_product",
            Self::AmountMismatch => "amount_mismatch",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::WalletFull => "wallet_full",
        }
    }
}

/// A payment that somebody has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unclaimed {
    /// Key that its grant would have.
    pub key: String,
    /// Who took the money.
    pub provider: PaymentProvider,
    /// Why nothing was granted.
    pub reason: UnclaimedReason,
    /// The account that it names, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// What it is for, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// Money that was paid, in minor units; a provider's sum that cannot be is kept as it came.
    pub paid_minor: i64,
    /// Its currency as the provider named it.
    pub currency: String,
    /// When it was first seen.
    pub at: Timestamp,
    /// Who it was given to in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<AccountId>,
}

/// A checkout that was begun and has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCheckout {
    /// Account that gets the credits.
    pub account_id: AccountId,
    /// Who takes the money.
    pub provider: PaymentProvider,
    /// The provider's id.
    pub id: String,
    /// When it was begun.
    pub opened_at: Timestamp,
}

/// How far the look for payments whose webhook never came has gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncMark {
    /// Everything that was made before was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_until: Option<Timestamp>,
    /// Where the walk over all subscriptions goes on; none when it begins anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriptions_after: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Place {
    account_id: AccountId,
    key: String,
}

impl Store {
    /// Lets a provider's reference of the money find the payment; the first payment that it named stays.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_reference<'a>(
        &'a self,
        provider: PaymentProvider,
        reference: &'a str,
        account: AccountId,
        payment: &'a str,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let place = Place {
                account_id: account,
                key: payment.to_owned(),
            };
            let row = item(
                Key::payment_reference(provider, reference),
                "payment_reference",
                &place,
            )?;
            let write = Write::put(&self.tables.ledger, row, "attribute_not_exists(pk)");
            self.write("note a payment's reference", write).await.map(drop)
        })
    }

    /// The payment that a provider's reference belongs to.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn payment_of<'a>(
        &'a self,
        provider: PaymentProvider,
        reference: &'a str,
    ) -> Work<'a, Result<Option<Payment>, StoreError>> {
        Box::pin(async move {
            let operation = "find a payment";
            let table = &self.tables.ledger;
            let key = Key::payment_reference(provider, reference);
            let Some(row) = self.get(operation, table, key).await? else {
                return Ok(None);
            };
            let place: Place = decode(row)?;
            let row = self
                .get(operation, table, Key::payment(place.account_id, &place.key))
                .await?;
            row.map(decode).transpose()
        })
    }

    /// Every payment whose credits an account was granted.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn payments(&self, account: AccountId) -> Work<'_, Result<Vec<Payment>, StoreError>> {
        Box::pin(async move {
            let (table, owner) = (&self.tables.ledger, keys::owner(account));
            let rows = self.query_all("list payments", table, &owner, PAYMENT).await?;
            rows.into_iter().map(decode).collect()
        })
    }

    /// Notes what is to be taken back of a payment and given back to it, over the steps that were read.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when other steps were noted since.
    pub fn note_returns<'a>(
        &'a self,
        payment: &'a Payment,
        steps: &'a [ReturnStep],
    ) -> Work<'a, Result<Payment, StoreError>> {
        Box::pin(async move {
            let next = Payment {
                returns: steps.to_vec(),
                ..payment.clone()
            };
            let write = Write::update(
                &self.tables.ledger,
                Key::payment(payment.account_id, &payment.key),
                "SET #body.#returns = :next",
                // Rows of before had no steps.
                "attribute_not_exists(#body.#returns) OR #body.#returns = :read",
            )
            .value("next", encode(&next.returns)?)
            .value("read", encode(&payment.returns)?);
            let written = self.write("note what of a payment is returned", write).await?;
            written
                .map(|_| next)
                .ok_or(StoreError::Conflict { what: "payment" })
        })
    }

    /// An unclaimed payment.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn unclaimed<'a>(&'a self, key: &'a str) -> Work<'a, Result<Option<Unclaimed>, StoreError>> {
        Box::pin(async move {
            let row = self
                .get(
                    "read an unclaimed payment",
                    &self.tables.ledger,
                    Key::unclaimed(key),
                )
                .await?;
            row.map(decode).transpose()
        })
    }

    /// Payments that wait for somebody.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn unclaimed_payments<'a>(
        &'a self,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Unclaimed>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list unclaimed payments",
                table: &self.tables.ledger,
                pk: UNCLAIMED.to_owned(),
                prefix: PAYMENT,
                name: "unclaimed".to_owned(),
            };
            self.page(list, page, |row: &Unclaimed| row.claimed_by.is_none())
                .await
        })
    }

    /// Remembers a checkout until it ends.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn open_checkout<'a>(&'a self, checkout: &'a OpenCheckout) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let row = item(checkout_key(checkout), "open_checkout", checkout)?;
            let write = Write::put(&self.tables.studio, row, "attribute_not_exists(pk)");
            self.write("remember a checkout", write).await.map(drop)
        })
    }

    /// Forgets a checkout that has ended; a repeat changes nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn close_checkout<'a>(&'a self, checkout: &'a OpenCheckout) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = checkout_key(checkout);
            let write = Write::delete(&self.tables.studio, key, "attribute_exists(pk)");
            self.write("forget a checkout", write).await.map(drop)
        })
    }

    /// Checkouts that were begun before a time, the oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn open_checkouts(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Work<'_, Result<Vec<OpenCheckout>, StoreError>> {
        Box::pin(async move {
            let query = Query {
                table: &self.tables.studio,
                pk: OPEN_CHECKOUTS.to_owned(),
                prefix: OPENED,
                newest_first: false,
                limit: i32::try_from(limit.max(1)).unwrap_or(i32::MAX),
                after: None,
            };
            let (rows, _next) = self.query("list open checkouts", query).await?;
            let open: Vec<OpenCheckout> = rows.into_iter().map(decode).collect::<Result<_, _>>()?;
            Ok(open
                .into_iter()
                .filter(|checkout| checkout.opened_at <= before)
                .collect())
        })
    }

    /// How far `sync-payments` has looked for lost payments.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn sync_mark(&self, provider: PaymentProvider) -> Work<'_, Result<SyncMark, StoreError>> {
        Box::pin(async move {
            let key = Key::sync_mark(provider);
            let row = self.get("read a sync mark", &self.tables.studio, key).await?;
            row.map_or_else(|| Ok(SyncMark::default()), decode)
        })
    }

    /// Notes how far the look for lost payments has come, over the mark that was read.
    ///
    /// # Promises
    /// Of two looks at once the first to end notes its mark; the other's is dropped, which costs a second look.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_sync_mark<'a>(
        &'a self,
        provider: PaymentProvider,
        read: &'a SyncMark,
        next: &'a SyncMark,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let row = item(Key::sync_mark(provider), "sync_mark", next)?;
            let condition = "attribute_not_exists(pk) OR #body = :read";
            let write = Write::put(&self.tables.studio, row, condition).value("read", encode(read)?);
            self.write("note a sync mark", write).await.map(drop)
        })
    }
}

fn checkout_key(checkout: &OpenCheckout) -> Key {
    Key::open_checkout(checkout.opened_at.as_ms(), checkout.provider, &checkout.id)
}
