//! Paid calls of vendors, written down before they are made: an unknown outcome is looked up, never repeated blindly.

use domain::outputs::InputHash;
use domain::ports::Work;
use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::codec::{decode, encode, item};
use crate::keys::Key;
use crate::write::Write;
use crate::{Store, StoreError};

/// Where the call for an output stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendorCall {
    /// Written down now: the caller makes it.
    New,
    /// Written down before, and its outcome was not noted: made, or about to be, or lost.
    Submitting {
        /// When it was written down.
        since: Timestamp,
    },
    /// The vendor has it.
    Submitted {
        /// The vendor's id of it.
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
    fn standing(self) -> VendorCall {
        let since = self.since;
        match self.external_id {
            Some(external_id) => VendorCall::Submitted { external_id, since },
            None => VendorCall::Submitting { since },
        }
    }
}

impl Store {
    /// Writes down that a vendor is about to be called for an output.
    ///
    /// # Promises
    /// Exactly one caller gets [`VendorCall::New`] until [`Self::end_vendor_call`].
    ///
    /// # Errors
    /// Only those of the database.
    pub fn begin_vendor_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        now: Timestamp,
    ) -> Work<'a, Result<VendorCall, StoreError>> {
        Box::pin(async move {
            let operation = "begin a vendor call";
            let call = CallRow {
                since: now,
                external_id: None,
            };
            let table = &self.tables.studio;
            let row = item(Key::vendor_call(account, hash), "vendor_call", &call)?;
            let write = Write::put(table, row, "attribute_not_exists(pk)");
            if self.write(operation, write).await?.is_some() {
                return Ok(VendorCall::New);
            }
            let row = self
                .get(operation, table, Key::vendor_call(account, hash))
                .await?;
            let call: CallRow = decode(row.ok_or(StoreError::Contended { operation })?)?;
            Ok(call.standing())
        })
    }

    /// Where the call for an output stands, without beginning one.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn vendor_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
    ) -> Work<'a, Result<Option<VendorCall>, StoreError>> {
        Box::pin(async move {
            let row = self
                .get(
                    "read a vendor call",
                    &self.tables.studio,
                    Key::vendor_call(account, hash),
                )
                .await?;
            row.map(|row| decode::<CallRow>(row).map(CallRow::standing))
                .transpose()
        })
    }

    /// Notes the vendor's id of a call.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the call was never begun, or has ended.
    pub fn note_vendor_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
        external_id: &'a str,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::vendor_call(account, hash),
                "SET #body.#external_id = :id",
                "attribute_exists(pk)",
            )
            .value("id", encode(&external_id)?);
            self.write("note a vendor call", write)
                .await?
                .map(drop)
                .ok_or(StoreError::NotFound { what: "vendor call" })
        })
    }

    /// Forgets a call whose outcome is known; a repeat changes nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn end_vendor_call<'a>(
        &'a self,
        account: AccountId,
        hash: &'a InputHash,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::delete(
                &self.tables.studio,
                Key::vendor_call(account, hash),
                "attribute_exists(pk)",
            );
            self.write("end a vendor call", write).await.map(drop)
        })
    }
}
