//! Check-and-consume: one transaction for counters, log, statistics and alerts.
//!
//! A resource consumes a kind once, and never beyond a limit: the limit is a condition of the write that consumes, so
//! there is no check that a concurrent call could outrun. A counter belongs to a period of the calendar, so no job has
//! to reset it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::account::Account;
use domain::ports::Work;
use domain::{AccountId, Period, QuotaKind, Timestamp};
use ledger::{Counter, Limits, plan};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use ulid::Ulid;

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, encode};
use crate::dynamo::keys::{Key, owner, uses_of};
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::usage::consumption::{Consumption, Use, UsedFor, counter_of};
use crate::usage::quota_writes::{ConsumeRequest, Counters, LimitPolicy};
use crate::{Store, StoreError};

/// Whether this call consumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumed {
    /// It consumed now.
    Now,
    /// All of it was consumed for the same resources before; nothing changed.
    Already,
}

/// How much of a quota an account has used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaState {
    /// The quota.
    pub kind: QuotaKind,
    /// For how long it is counted.
    pub period: Period,
    /// Limit of the period; none is unlimited.
    pub limit: Option<u64>,
    /// Consumed in the period so far.
    pub used: u64,
    /// When the next period begins.
    pub resets_at: Option<Timestamp>,
}

const OPERATION: &str = "consume a quota";
const BACK: &str = "give a quota back";

impl Store {
    /// What the account may consume: its plan as it is now, and what an operator set for it alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn limits(&self, account: AccountId) -> Work<'_, Result<Limits, StoreError>> {
        Box::pin(async move {
            let key = Key::profile(account);
            let row = self.get("read limits", &self.tables.studio, key).await?;
            let mut row = row.ok_or(StoreError::NotFound { what: "account" })?;
            let overrides = row.remove("overrides").map(serde_dynamo::from_attribute_value);
            let overrides = overrides
                .transpose()
                .map_err(|error| StoreError::corrupt("read limits", error))?;
            let account: Account = decode(row)?;
            Ok(Limits {
                plan: plan(account.plan),
                overrides: overrides.unwrap_or_default(),
            })
        })
    }

    /// Sets all limits that replace those of the account's plan: a kind that is not named has the plan's limit again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn set_overrides(
        &self,
        account: AccountId,
        overrides: BTreeMap<QuotaKind, Option<u64>>,
    ) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::profile(account),
                "SET #overrides = :overrides",
                "attribute_exists(pk)",
            )
            .value("overrides", encode(&overrides)?);
            self.write("set limits", write)
                .await?
                .map(drop)
                .ok_or(StoreError::NotFound { what: "account" })
        })
    }

    /// Consumes all of it or nothing.
    ///
    /// # Promises
    /// Atomic: of any number of calls at once exactly as many succeed as the limits allow, and each leaves its row in
    /// the log. Once per kind and resource: what was consumed before is not consumed again, and not refused either.
    /// Concurrent calls on one counter take turns.
    ///
    /// # Errors
    /// [`StoreError::QuotaExceeded`] with the first kind that does not fit; [`StoreError::NotFound`] when there is no
    /// such account.
    pub fn consume<'a>(
        &'a self,
        account: AccountId,
        wanted: &'a [Consumption],
        now: Timestamp,
    ) -> Work<'a, Result<Consumed, StoreError>> {
        Box::pin(self.consume_by(account, wanted, LimitPolicy::Enforce, now))
    }

    /// The same for resources that a caller names: one that was counted with another quantity is refused.
    ///
    /// # Errors
    /// As [`Self::consume`], and [`StoreError::Conflict`] for that.
    pub fn consume_named<'a>(
        &'a self,
        account: AccountId,
        wanted: &'a [Consumption],
        now: Timestamp,
    ) -> Work<'a, Result<Consumed, StoreError>> {
        Box::pin(self.consume_by(account, wanted, LimitPolicy::EnforceNamed, now))
    }

    /// Notes what has been consumed already, whatever the limits say; once per kind and resource.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn note_use<'a>(
        &'a self,
        account: AccountId,
        used: &'a [Consumption],
        now: Timestamp,
    ) -> Work<'a, Result<Consumed, StoreError>> {
        Box::pin(self.consume_by(account, used, LimitPolicy::RecordOnly, now))
    }

    /// Gives back what was consumed of a kind for every resource of a type whose id begins so.
    ///
    /// # Promises
    /// Each resource once; a repeat continues where the first call died.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn give_back_all<'a>(
        &'a self,
        account: AccountId,
        kind: QuotaKind,
        of: &'a UsedFor,
        now: Timestamp,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let prefix = format!("{}{}", uses_of(kind, &of.r#type), of.id);
            let table = &self.tables.studio;
            for row in self.query_all(BACK, table, &owner(account), &prefix).await? {
                let used: Use = decode(row)?;
                let attempt = || self.try_to_give_back(account, kind, &used.used_for, now);
                self.retrying(BACK, seed(&[&used.used_for.id]), attempt).await?;
            }
            Ok(())
        })
    }

    /// How much of every quota the account has used.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn quotas(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Work<'_, Result<Vec<QuotaState>, StoreError>> {
        Box::pin(async move {
            let limits = self.limits(account).await?;
            let open = self.wallet(account).await?.open_holds();
            let mut states = Vec::new();
            for kind in QuotaKind::ALL {
                states.push(QuotaState {
                    kind,
                    period: kind.period(),
                    limit: limits.of(kind),
                    used: self.used_of(account, kind, open, now).await?,
                    resets_at: kind.period().resets_at(now),
                });
            }
            Ok(states)
        })
    }

    async fn used_of(
        &self,
        account: AccountId,
        kind: QuotaKind,
        open_jobs: u32,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        if kind == QuotaKind::ConcurrentJobs {
            return Ok(open_jobs.into());
        }
        Ok(self.counter(account, kind, now).await?.unwrap_or_default().used)
    }

    async fn try_to_give_back(
        &self,
        account: AccountId,
        kind: QuotaKind,
        of: &UsedFor,
        now: Timestamp,
    ) -> Result<Attempt<()>, StoreError> {
        let writes = self.give_back_writes(account, kind, of, now).await?;
        if writes.is_empty() {
            return Ok(Attempt::Done(()));
        }
        let transaction = Transaction::new().add_all(&Part::Quota, writes);
        Ok(self.transact(BACK, transaction).await?.or_retry(()))
    }

    /// The counter of a kind in the period of `now`.
    pub(crate) async fn counter(
        &self,
        account: AccountId,
        kind: QuotaKind,
        now: Timestamp,
    ) -> Result<Option<Counter>, StoreError> {
        let key = Key::quota(account, kind, &kind.period().key(now));
        let row = self.get("read a counter", &self.tables.studio, key).await?;
        row.as_ref().map(counter_of).transpose()
    }

    /// The counters of what is wanted, each read once.
    pub(crate) async fn counters(
        &self,
        account: AccountId,
        wanted: &[Consumption],
        now: Timestamp,
    ) -> Result<Counters, StoreError> {
        let mut counters = Counters::new();
        for one in wanted {
            if let Entry::Vacant(unread) = counters.entry(one.kind) {
                let counter = self.counter(account, one.kind, now).await?;
                unread.insert(counter.unwrap_or_default());
            }
        }
        Ok(counters)
    }

    async fn consume_by(
        &self,
        account: AccountId,
        wanted: &[Consumption],
        policy: LimitPolicy,
        now: Timestamp,
    ) -> Result<Consumed, StoreError> {
        let ids: Vec<&str> = wanted.iter().map(|one| one.used_for.id.as_str()).collect();
        let left = Mutex::new(wanted.to_vec());
        let attempt = || async {
            self.try_to_consume(account, &mut *left.lock().await, policy, now)
                .await
        };
        self.retrying(OPERATION, seed(&ids), attempt).await
    }

    /// Consumes what is `left`, and removes from it what turns out to be consumed already.
    async fn try_to_consume(
        &self,
        account: AccountId,
        left: &mut Vec<Consumption>,
        policy: LimitPolicy,
        now: Timestamp,
    ) -> Result<Attempt<Consumed>, StoreError> {
        let (limits, counters) = tokio::try_join!(self.limits(account), self.counters(account, left, now))?;
        let request = ConsumeRequest {
            account,
            limits: &limits,
            wanted: left,
            counters: &counters,
            policy,
            now,
        };
        let (refused, moved) = match self.use_writes(&request) {
            Ok(writes) => {
                let transaction = Transaction::new().add_all(&Part::Quota, writes);
                match self.transact(OPERATION, transaction).await? {
                    Transacted::Done => return Ok(Attempt::Done(Consumed::Now)),
                    Transacted::Cancelled(failed_parts) => (None, !failed_parts.is_empty()),
                }
            }
            Err(error @ StoreError::QuotaExceeded(_)) => (Some(error), false),
            Err(other) => return Err(other),
        };
        // A repeat must not be refused because of its own consumption.
        let before = left.len();
        *left = self.not_logged(account, left, policy).await?;
        if left.is_empty() {
            return Ok(Attempt::Done(Consumed::Already));
        }
        match refused {
            Some(error) if left.len() == before => Err(error),
            // The condition failed because the counter passed an alert level or the limit since it was read. That
            // happens only a few times per period, so there is no crowd to wait for.
            _ if moved => Ok(Attempt::RetryNow),
            _ => Ok(Attempt::Retry),
        }
    }

    /// The part of it that has no row in the log yet.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a row with another quantity, where a caller names the resources.
    async fn not_logged(
        &self,
        account: AccountId,
        wanted: &[Consumption],
        policy: LimitPolicy,
    ) -> Result<Vec<Consumption>, StoreError> {
        let mut left = Vec::new();
        for one in wanted {
            match self.used(account, one.kind, &one.used_for).await? {
                None => left.push(one.clone()),
                Some(logged) if policy == LimitPolicy::EnforceNamed && logged.quantity != one.quantity => {
                    return Err(StoreError::Conflict { what: "consumption" });
                }
                Some(_) => {}
            }
        }
        Ok(left)
    }

    /// A row of the log.
    pub(crate) async fn used(
        &self,
        account: AccountId,
        kind: QuotaKind,
        of: &UsedFor,
    ) -> Result<Option<Use>, StoreError> {
        let key = Key::used_for(account, kind, &of.r#type, &of.id);
        let row = self.get("find a consumption", &self.tables.studio, key).await?;
        row.map(decode).transpose()
    }
}

/// A seed for the waits of calls that want the same counter.
fn seed(ids: &[&str]) -> Ulid {
    let digest = Sha256::digest(ids.join("\n"));
    Ulid::from(u128::from_be_bytes(
        digest.first_chunk().copied().unwrap_or_default(),
    ))
}
