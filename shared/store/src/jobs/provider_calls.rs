//! Paid calls of providers. The row is written before the request leaves, so a call whose outcome is unknown is looked
//! up and never repeated blindly.

use domain::outputs::InputHash;
use domain::ports::Work;
use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, item};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// Where the call for an output stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderCall {
    /// Written down now: the caller makes it.
    New,
    /// Begun before, and its outcome was not noted: it was made, is about to be made, or is lost.
    Submitting {
        /// When it was written down.
        since: Timestamp,
    },
    /// The provider has it.
    Submitted {
        /// The provider's id of it.
        external_id: String,
        /// When it was written down.
        since: Timestamp,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct CallRow {
    since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
}

impl CallRow {
    fn standing(self) -> ProviderCall {
        let since = self.since;
        match self.external_id {
            Some(external_id) => ProviderCall::Submitted { external_id, since },
            None => ProviderCall::Submitting { since },
        }
    }
}

impl Store {
    /// Writes down that a provider is about to be called for an output.
    ///
    /// # Promises
    /// Exactly one caller gets [`ProviderCall::New`] until [`Self::end_provider_call`].
    ///
    /// # Errors
    /// Only those of the database.
    pub fn begin_provider_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        now: Timestamp,
    ) -> Work<'a, Result<ProviderCall, StoreError>> {
        Box::pin(async move {
            let operation = "begin a provider call";
            let call = CallRow {
                since: now,
                external_id: None,
            };
            let table = &self.tables.studio;
            let row = item(Key::provider_call(account, hash), "provider_call", &call)?;
            let write = Write::put(table, row, "attribute_not_exists(pk)");
            if self.write(operation, write).await?.is_some() {
                return Ok(ProviderCall::New);
            }
            let row = self
                .get(operation, table, Key::provider_call(account, hash))
                .await?;
            let call: CallRow = decode(row.ok_or(StoreError::Contended { operation })?)?;
            Ok(call.standing())
        })
    }

    /// Where the call for an output stands, without beginning one.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn provider_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
    ) -> Work<'a, Result<Option<ProviderCall>, StoreError>> {
        Box::pin(async move {
            let row = self
                .get(
                    "read a provider call",
                    &self.tables.studio,
                    Key::provider_call(account, hash),
                )
                .await?;
            row.map(|row| decode::<CallRow>(row).map(CallRow::standing))
                .transpose()
        })
    }

    /// Notes the provider's id of a call.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the call was never begun, or has ended.
    pub fn note_provider_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        external_id: &'a str,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::provider_call(account, hash),
                "SET #body.#external_id = :id",
                "attribute_exists(pk)",
            )
            .value("id", encode(&external_id)?);
            self.write("note a provider call", write)
                .await?
                .map(drop)
                .ok_or(StoreError::NotFound {
                    what: "provider call",
                })
        })
    }

    /// Forgets a call whose outcome is known; a repeat changes nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn end_provider_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::delete(
                &self.tables.studio,
                Key::provider_call(account, hash),
                "attribute_exists(pk)",
            );
            self.write("end a provider call", write).await.map(drop)
        })
    }
}
