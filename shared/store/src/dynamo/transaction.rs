//! Writes that happen together or not at all, each under the name of its part.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use domain::outputs::InputHash;

use crate::dynamo::backoff::Attempt;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// What a write of a transaction is about; a cancelled transaction names the parts whose condition failed.
///
/// Several writes may have the same part, when nobody has to tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The profile of an account.
    Account,
    /// An API key.
    ApiKey,
    /// An uploaded file.
    Asset,
    /// What a spender may still take of the wallet this month.
    Budget,
    /// How many keys or members an account has, kept in its profile.
    Count,
    /// The credits that a run holds.
    Hold,
    /// A job and its run.
    Job,
    /// The row that explains a change to whoever reads it later.
    Log,
    /// What the member who made the spending key may still take of the wallet this month.
    MakersBudget,
    /// A member, or the condition that the spender is one.
    Member,
    /// A stored output that a run was charged for.
    Output(InputHash),
    /// A payment, granted or unclaimed.
    Payment,
    /// The account that a payment went to.
    PaymentHolder,
    /// A row by which another one is found.
    Pointer,
    /// A project's settings or state.
    Project,
    /// Counters, alerts, log rows and statistics of what is consumed.
    Quota,
    /// A subscription, as its provider last told.
    Subscription,
    /// A wallet with its history rows.
    Wallet,
}

/// Writes that happen together or not at all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Transaction {
    writes: Vec<(Part, Write)>,
}

impl Transaction {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub(crate) fn add(mut self, part: Part, write: Write) -> Self {
        self.writes.push((part, write));
        self
    }

    #[must_use]
    pub(crate) fn add_parts(mut self, writes: Vec<(Part, Write)>) -> Self {
        self.writes.extend(writes);
        self
    }

    #[must_use]
    pub(crate) fn add_all(mut self, part: &Part, writes: impl IntoIterator<Item = Write>) -> Self {
        let named = writes.into_iter().map(|write| (part.clone(), write));
        self.writes.extend(named);
        self
    }
}

/// How a transaction ended.
#[derive(Debug)]
pub(crate) enum Transacted {
    /// All of it is written.
    Done,
    /// Nothing is written: the parts whose condition failed, none when only other writers were in the way.
    Cancelled(BTreeSet<Part>),
}

impl Transacted {
    /// The operation is done with this result, or retried.
    pub(crate) fn or_retry<T>(self, result: T) -> Attempt<T> {
        match self {
            Self::Done => Attempt::Done(result),
            Self::Cancelled(_) => Attempt::Retry,
        }
    }
}

/// Whether this part failed and no other.
pub(crate) fn is_only(failed_parts: &BTreeSet<Part>, part: &Part) -> bool {
    failed_parts.len() == 1 && failed_parts.contains(part)
}

impl Store {
    /// Writes all or nothing.
    ///
    /// # Promises
    /// The SDK sends one `ClientRequestToken` per call and repeats it when an answer is lost, so DynamoDB itself
    /// answers a repeated transaction with its first result for ten minutes. After that, and for our own repeats,
    /// the conditions decide.
    pub(crate) async fn transact(
        &self,
        operation: &'static str,
        transaction: Transaction,
    ) -> Result<Transacted, StoreError> {
        let (parts, writes): (Vec<Part>, Vec<Write>) = transaction.writes.into_iter().unzip();
        let items = writes
            .into_iter()
            .map(Write::into_transact)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| StoreError::corrupt(operation, error))?;
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Transacted::Done);
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                let codes: Vec<&str> = cancelled
                    .cancellation_reasons()
                    .iter()
                    .map(|reason| reason.code().unwrap_or("None"))
                    .collect();
                failed_parts(parts, &codes).map_or_else(
                    || {
                        let source = format!("{codes:?}").into();
                        Err(StoreError::Refused { operation, source })
                    },
                    |failed| Ok(Transacted::Cancelled(failed)),
                )
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
                Ok(Transacted::Cancelled(BTreeSet::new()))
            }
            _ => Err(StoreError::sdk(operation, error)),
        }
    }
}

/// Parts whose condition failed; none when there is a reason that no retry can cure.
///
/// DynamoDB answers with one code per write, in the order of the writes.
fn failed_parts(parts: Vec<Part>, codes: &[&str]) -> Option<BTreeSet<Part>> {
    let curable = codes.iter().all(|code| {
        matches!(
            *code,
            "None"
                | "ConditionalCheckFailed"
                | "TransactionConflict"
                | "ProvisionedThroughputExceeded"
                | "ThrottlingError"
        )
    });
    curable.then(|| {
        let named = parts.into_iter().zip(codes);
        named
            .filter(|(_, code)| **code == "ConditionalCheckFailed")
            .map(|(part, _)| part)
            .collect()
    })
}

#[cfg(test)]
mod tests;
