//! What the runs of a job held and how each ended; kept with the holds, in `ledger`, for ever.

use domain::job::{Job, JobKind};
use domain::ports::Work;
use domain::receipt::{NotCharged, ReceiptLine, Resource};
use domain::{AccountId, Credits, JobId};
use ledger::{Hold, HoldState};
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::decode;
use crate::dynamo::item::Item;
use crate::dynamo::keys;
use crate::dynamo::tables::Query;
use crate::{Store, StoreError};

/// The attribute of an ended hold that says what its run was about.
pub(crate) const RUN_END: &str = "run_end";

/// What an ended run was to make, and its receipt's lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// What it was to make.
    pub kind: JobKind,
    /// Seconds that were asked for.
    pub duration_s: u32,
    /// What was charged and what was not, line by line.
    pub lines: Vec<ReceiptLine>,
}

impl RunEnd {
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            kind: job.kind,
            duration_s: job.settings.duration_s,
            lines: job
                .receipt
                .as_ref()
                .map_or_else(Vec::new, |receipt| receipt.lines.clone()),
        }
    }

    /// How much of a resource was made: scripts, images or seconds.
    pub fn made(&self, resource: Resource) -> u64 {
        let lines = self.lines.iter();
        let made =
            lines.filter(|line| line.resource == resource && line.not_charged != Some(NotCharged::NotMade));
        made.fold(0, |sum, line| sum.saturating_add(line.quantity))
    }

    /// Whether something was free, because an earlier job had paid for it or the customer brought it.
    pub fn has_gifts(&self) -> bool {
        let mut why = self.lines.iter().filter_map(|line| line.not_charged);
        why.any(|why| matches!(why, NotCharged::AlreadyPaid | NotCharged::CustomersOwn))
    }
}

/// The hold of one run of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunHold {
    /// The hold with its legs.
    pub hold: Hold,
    /// How the run ended; none while it is open.
    pub end: Option<RunEnd>,
}

/// A run that was charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidRun {
    /// What it was about.
    pub end: RunEnd,
    /// Credits it was charged; less than usual when it [has gifts](RunEnd::has_gifts).
    pub charged: Credits,
}

impl Store {
    /// The holds of a job's runs, the first run first; none when the account has no such job.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn holds_of_job(&self, account: AccountId, job: JobId) -> Work<'_, Result<Vec<RunHold>, StoreError>> {
        Box::pin(async move {
            let (table, owner) = (&self.tables.ledger, keys::owner(account));
            let rows = self
                .query_all("read a job's holds", table, &owner, &keys::holds_of(job))
                .await?;
            let mut holds = rows.into_iter().map(run_hold).collect::<Result<Vec<_>, _>>()?;
            // Sort keys are text: run 10 stands before run 2.
            holds.sort_by_key(|run| run.hold.run);
            Ok(holds)
        })
    }

    /// Of the account's newest `runs_max` runs those that were charged, newest job first.
    ///
    /// # Limits
    /// One page of a query, 1 MB: a hold of a whole video takes about a kilobyte.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn paid_runs(&self, account: AccountId, runs_max: u16) -> Work<'_, Result<Vec<PaidRun>, StoreError>> {
        Box::pin(async move {
            let query = Query {
                table: &self.tables.ledger,
                pk: keys::owner(account),
                prefix: keys::HOLD,
                newest_first: true,
                limit: runs_max.into(),
                after: None,
            };
            let (rows, _next) = self.query("read what jobs cost", query).await?;
            let runs = rows.into_iter().map(run_hold).collect::<Result<Vec<_>, _>>()?;
            Ok(runs.into_iter().filter_map(paid).collect())
        })
    }
}

fn run_hold(mut row: Item) -> Result<RunHold, StoreError> {
    let end = row
        .remove(RUN_END)
        .map(serde_dynamo::from_attribute_value)
        .transpose()
        .map_err(|error| StoreError::corrupt("decode a hold", error))?;
    Ok(RunHold {
        hold: decode(row)?,
        end,
    })
}

fn paid(run: RunHold) -> Option<PaidRun> {
    match run.hold.state {
        HoldState::Settled { charged, .. } => Some(PaidRun {
            end: run.end?,
            charged,
        }),
        HoldState::Open | HoldState::Released { .. } => None,
    }
}
