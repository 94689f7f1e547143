//! Open jobs across all accounts, for the sweep that finds what died.

use domain::Timestamp;
use domain::ports::Work;

use crate::dynamo::codec::{number, owner_of, text_of, time};
use crate::dynamo::item::Item;
use crate::dynamo::keys::{self, Key};
use crate::dynamo::write::Write;
use crate::jobs::JobRef;
use crate::{Store, StoreError};

impl Store {
    /// Open jobs that are due, the longest overdue of each partition first.
    ///
    /// # Promises
    /// Over an index, so a job may be missing or ended for a moment: read it before anything is decided.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn open_jobs_due(&self, now: Timestamp, limit: u32) -> Work<'_, Result<Vec<JobRef>, StoreError>> {
        Box::pin(async move {
            let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
            let mut due = Vec::new();
            for shard in 0..keys::DUE_SHARDS {
                let rows = self.due_in(&format!("{}{shard}", keys::JOB), now, limit).await?;
                due.extend(rows.iter().map(job_ref).collect::<Result<Vec<_>, _>>()?);
            }
            due.truncate(wanted);
            Ok(due)
        })
    }

    /// Sets when the sweep looks at this run again; changes nothing when the run has ended.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn set_due(&self, job: JobRef, run: u32, at: Timestamp) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::job(job.account_id, job.job_id),
                "SET #due_at = :at",
                "attribute_exists(#due_shard) AND #body.#run = :run",
            )
            .value("at", time(at))
            .value("run", number(run));
            self.write("set when a job is due", write).await.map(drop)
        })
    }
}

fn job_ref(row: &Item) -> Result<JobRef, StoreError> {
    let job_id = text_of(row, "sk")?
        .strip_prefix(keys::JOB)
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| StoreError::corrupt("find open jobs", "its key is not a job"))?;
    Ok(JobRef {
        account_id: owner_of(row)?,
        job_id,
    })
}
