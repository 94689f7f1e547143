//! Outputs of steps, stored under the hash of their inputs.

use domain::outputs::{InputHash, Output};
use domain::ports::Work;
use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, item, time};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// Days for which a stored script is reused: the same keyword should not give the same words for ever.
pub const SCRIPT_DAYS: i64 = 7;

/// An output as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOutput {
    /// What was made.
    pub output: Output,
    /// Provider that made it.
    pub provider: String,
    /// Whether a job was charged for it.
    pub paid: bool,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it is not reused any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// The output that is stored under a hash, unless it has expired.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn output<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        now: Timestamp,
    ) -> Work<'a, Result<Option<StoredOutput>, StoreError>> {
        Box::pin(async move {
            let row = self
                .get("find an output", &self.tables.studio, Key::output(account, hash))
                .await?;
            let stored: Option<StoredOutput> = row.map(decode).transpose()?;
            Ok(stored.filter(|output| output.expires_at.is_none_or(|end| now < end)))
        })
    }

    /// Replaces a stored output whose file is gone, unless it was replaced already; the new one is not paid for yet.
    ///
    /// # Errors
    /// Only those of the database.
    #[expect(
        clippy::too_many_arguments,
        reason = "whose, under what, instead of what, what and when are five facts and one receiver"
    )]
    pub fn replace_output<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        lost: &'a StoredOutput,
        output: &'a Output,
        now: Timestamp,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let stored = StoredOutput {
                output: output.clone(),
                provider: lost.provider.clone(),
                paid: false,
                made_at: now,
                expires_at: None,
            };
            let row = item(Key::output(account, hash), "output", &stored)?;
            let write = Write::put(
                &self.tables.studio,
                row,
                "#body.#made_at = :lost AND #body.#output = :output",
            )
            .value("lost", encode(&lost.made_at)?)
            .value("output", encode(&lost.output)?);
            self.write("replace an output", write).await.map(drop)
        })
    }

    /// Stores an output. The first one wins; the answer is the stored one.
    ///
    /// # Errors
    /// Only those of the database.
    #[expect(
        clippy::too_many_arguments,
        reason = "whose, under what, what, by whom and when are five facts and one receiver"
    )]
    pub fn put_output<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        output: &'a Output,
        provider: &'a str,
        now: Timestamp,
    ) -> Work<'a, Result<StoredOutput, StoreError>> {
        Box::pin(async move {
            let operation = "keep an output";
            let expires_at = matches!(output, Output::Script { .. }).then(|| now.plus_days(SCRIPT_DAYS));
            let stored = StoredOutput {
                output: output.clone(),
                provider: provider.to_owned(),
                paid: false,
                made_at: now,
                expires_at,
            };
            let mut row = item(Key::output(account, hash), "output", &stored)?;
            if let Some(end) = expires_at {
                row.insert("counts_until".to_owned(), time(end));
            }
            let write = Write::put(
                &self.tables.studio,
                row,
                "attribute_not_exists(pk) OR #counts_until <= :now",
            )
            .value("now", time(now));
            if self.write(operation, write).await?.is_some() {
                return Ok(stored);
            }
            self.output(account, hash, now)
                .await?
                .ok_or(StoreError::Contended { operation })
        })
    }
}
