//! Open jobs across all accounts, for the sweep that finds what died.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::ports::Work;

use crate::codec::{number, owner_of, text_of, time};
use crate::item::Item;
use crate::jobs::JobRef;
use crate::keys::{self, Key};
use crate::write::Write;
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

    /// Keys of what is due in one partition of the index.
    pub(crate) async fn due_in(
        &self,
        shard: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Item>, StoreError> {
        self.client
            .query()
            .table_name(&self.tables.studio)
            .index_name(keys::DUE_ITEMS)
            .key_condition_expression("due_shard = :shard AND due_at <= :now")
            .expression_attribute_values(":shard", AttributeValue::S(shard.to_owned()))
            .expression_attribute_values(":now", time(now))
            .limit(i32::try_from(limit.max(1)).unwrap_or(i32::MAX))
            .send()
            .await
            .map(|answer| answer.items.unwrap_or_default())
            .map_err(|error| StoreError::sdk("find what is due", error))
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
