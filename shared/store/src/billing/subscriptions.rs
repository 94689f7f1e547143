//! Subscriptions as we know them, and who is which provider's customer.
//!
//! A row mirrors what the provider said when it was last asked; it never grants anything. Every write has the row's
//! version as its condition: a writer whose answer of the provider is older than the row asks the provider again.

use domain::account::PlanId;
use domain::billing::{PaymentProvider, SubscriptionStatus};
use domain::ports::Work;
use domain::{AccountId, Timestamp};
use ledger::ProductId;
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, found, item, number, text_of};
use crate::dynamo::keys::billing::{SUBSCRIPTION, directory};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::tables::Query;
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// What was paid for last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidPeriod {
    /// What; its plan's limits are given while the subscription lives.
    pub product: ProductId,
    /// When the period ends.
    pub until: Timestamp,
    /// When its invoice was written: of two for the same period the later one counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
}

impl PaidPeriod {
    /// Whether this tells of a later payment than another one, or of the same.
    pub fn is_later_or_same(&self, than: &Self) -> bool {
        (self.until, self.written_at) >= (than.until, than.written_at)
    }
}

/// A subscription of an account.
#[expect(
    clippy::struct_excessive_bools,
    reason = "two facts of the stored row that know nothing of each other"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Account that has the subscription.
    pub account_id: AccountId,
    /// Who takes the money.
    pub provider: PaymentProvider,
    /// The provider's id.
    pub id: String,
    /// The provider's id of the customer.
    pub customer_id: String,
    /// What the next invoice is for; none when it is not in the catalogue.
    pub product: Option<ProductId>,
    /// Its state at the provider.
    pub status: SubscriptionStatus,
    /// When the current period ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_end: Option<Timestamp>,
    /// Whether it ends with its period.
    pub cancel_at_period_end: bool,
    /// What was paid for last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaidPeriod>,
    /// Whether it was paid beside the one that counts: it is ended, and what it did not bring goes back.
    #[serde(default)]
    pub is_surplus: bool,
    /// Counts the writes; 0 before the first.
    pub version: u64,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A difference between a subscription and its row, and what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Who takes the money.
    pub provider: PaymentProvider,
    /// The provider's id.
    pub subscription_id: String,
    /// The state in our row; none when there was no row.
    pub before: Option<Subscription>,
    /// Its state at the provider.
    pub after: Subscription,
    /// When it was found.
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Owner {
    account_id: AccountId,
}

impl Store {
    /// A subscription.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn subscription<'a>(
        &'a self,
        account: AccountId,
        provider: PaymentProvider,
        id: &'a str,
    ) -> Work<'a, Result<Option<Subscription>, StoreError>> {
        Box::pin(async move {
            let key = Key::subscription(account, provider, id);
            let row = self.get("read a subscription", &self.tables.studio, key).await?;
            row.map(decode).transpose()
        })
    }

    /// Every subscription of an account, also those that are over.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn subscriptions(&self, account: AccountId) -> Work<'_, Result<Vec<Subscription>, StoreError>> {
        Box::pin(async move {
            let rows = self
                .query_all(
                    "list subscriptions",
                    &self.tables.studio,
                    &keys::owner(account),
                    SUBSCRIPTION,
                )
                .await?;
            rows.into_iter().map(decode).collect()
        })
    }

    /// Writes a subscription over the one that was read (`version` as read, 0 for a new one), and the plan of its
    /// account in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it changed since it was read: the provider is to be asked again.
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn put_subscription<'a>(
        &'a self,
        subscription: &'a Subscription,
        plan: Option<PlanId>,
    ) -> Work<'a, Result<Subscription, StoreError>> {
        Box::pin(async move {
            let Subscription {
                account_id,
                provider,
                id,
                version,
                ..
            } = subscription;
            let operation = "write a subscription";
            let next = Subscription {
                version: version.saturating_add(1),
                ..subscription.clone()
            };
            let table = &self.tables.studio;
            let row = item(
                Key::subscription(*account_id, *provider, id),
                "subscription",
                &next,
            )?;
            let subscription = if *version == 0 {
                let owner = Owner {
                    account_id: *account_id,
                };
                let entry = item(
                    Key::subscription_owner(*provider, id),
                    "subscription_owner",
                    &owner,
                )?;
                Transaction::new()
                    .add(
                        Part::Subscription,
                        Write::put(table, row, "attribute_not_exists(pk)"),
                    )
                    .add(
                        Part::Pointer,
                        Write::put(table, entry, "attribute_not_exists(pk)"),
                    )
            } else {
                let same = "#body.#version = :version";
                let write = Write::put(table, row, same).value("version", number(*version));
                Transaction::new().add(Part::Subscription, write)
            };
            let plan = self.plan_write(*account_id, plan, next.updated_at)?;
            let transaction = subscription.add(Part::Account, plan);
            match self.transact(operation, transaction).await? {
                Transacted::Done => Ok(next),
                Transacted::Cancelled(_) => {
                    self.account(*account_id).await?;
                    Err(StoreError::Conflict { what: "subscription" })
                }
            }
        })
    }

    /// The account of a provider's subscription.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn subscription_owner<'a>(
        &'a self,
        provider: PaymentProvider,
        id: &'a str,
    ) -> Work<'a, Result<Option<AccountId>, StoreError>> {
        Box::pin(self.owner_at(Key::subscription_owner(provider, id)))
    }

    /// Ids of a provider's subscriptions that we know, after one of them, in the order of their ids.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn known_subscriptions<'a>(
        &'a self,
        provider: PaymentProvider,
        after: Option<&'a str>,
        limit: u32,
    ) -> Work<'a, Result<Vec<(String, AccountId)>, StoreError>> {
        Box::pin(async move {
            let query = Query {
                table: &self.tables.studio,
                pk: directory(provider),
                prefix: SUBSCRIPTION,
                newest_first: false,
                limit: i32::try_from(limit.max(1)).unwrap_or(i32::MAX),
                after: after.map(|id| Key::subscription_owner(provider, id).into_item()),
            };
            let (rows, _next) = self.query("list known subscriptions", query).await?;
            rows.into_iter()
                .map(|row| {
                    let id = text_of(&row, "sk")?.trim_start_matches(SUBSCRIPTION).to_owned();
                    Ok((id, decode::<Owner>(row)?.account_id))
                })
                .collect()
        })
    }

    /// The provider's customer that an account pays as.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn customer(
        &self,
        account: AccountId,
        provider: PaymentProvider,
    ) -> Work<'_, Result<Option<String>, StoreError>> {
        Box::pin(async move {
            let key = Key::customer(account, provider);
            let row = self.get("read a customer", &self.tables.studio, key).await?;
            row.map(decode).transpose()
        })
    }

    /// The account of a provider's customer.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn customer_owner<'a>(
        &'a self,
        provider: PaymentProvider,
        id: &'a str,
    ) -> Work<'a, Result<Option<AccountId>, StoreError>> {
        Box::pin(self.owner_at(Key::customer_owner(provider, id)))
    }

    /// Notes that an account pays as a provider's customer.
    ///
    /// # Promises
    /// The first customer of an account and the first account of a customer stay: a repeat changes nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn link_customer<'a>(
        &'a self,
        account: AccountId,
        provider: PaymentProvider,
        id: &'a str,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let operation = "note a customer";
            let table = &self.tables.studio;
            let owner = Owner { account_id: account };
            let whose = item(Key::customer_owner(provider, id), "customer_owner", &owner)?;
            let who = item(Key::customer(account, provider), "customer", &id)?;
            let absent = "attribute_not_exists(pk)";
            self.write(operation, Write::put(table, whose, absent)).await?;
            self.write(operation, Write::put(table, who, absent)).await?;
            Ok(())
        })
    }

    /// Records a correction; a repeat of the id changes nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_correction<'a>(
        &'a self,
        id: &'a str,
        correction: &'a Correction,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = Key::correction(correction.after.account_id, id);
            let row = item(key, "correction", correction)?;
            let write = Write::put(&self.tables.studio, row, "attribute_not_exists(pk)");
            self.write("record a correction", write).await.map(drop)
        })
    }

    /// Corrections of an account's subscriptions, oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn corrections(&self, account: AccountId) -> Work<'_, Result<Vec<Correction>, StoreError>> {
        Box::pin(async move {
            let (table, pk) = (&self.tables.studio, keys::owner(account));
            let prefix = keys::billing::CORRECTION;
            let rows = self.query_all("list corrections", table, &pk, prefix).await?;
            rows.into_iter().map(decode).collect()
        })
    }

    async fn owner_at(&self, key: Key) -> Result<Option<AccountId>, StoreError> {
        match self.get("find an account", &self.tables.studio, key).await? {
            Some(row) => found::<Owner>("account", Some(row)).map(|owner| Some(owner.account_id)),
            None => Ok(None),
        }
    }

    fn plan_write(
        &self,
        account: AccountId,
        plan: Option<PlanId>,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let change = if plan.is_some() {
            "SET #body.#updated_at = :at, #body.#plan = :plan"
        } else {
            "SET #body.#updated_at = :at"
        };
        let write = Write::update(
            &self.tables.studio,
            Key::profile(account),
            change,
            "attribute_exists(pk)",
        )
        .value("at", encode(&now)?);
        Ok(match plan {
            Some(plan) => write.value("plan", encode(&plan)?),
            None => write,
        })
    }
}
