//! Corrections that operators asked for: a large one waits here for a second operator.

use domain::AdjustmentId;
use domain::ports::Work;
use ledger::{Correction, CorrectionState};

use crate::dynamo::codec::{encode, found, item};
use crate::dynamo::keys::{Key, operating};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

impl Store {
    /// Stores what an operator asked for; a repeat returns it as it is now.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn ask_balance_correction<'a>(
        &'a self,
        correction: &'a Correction,
    ) -> Work<'a, Result<Correction, StoreError>> {
        Box::pin(async move {
            let row = item(Key::balance_correction(correction.id), "correction", correction)?;
            let write = Write::put(&self.tables.studio, row, "attribute_not_exists(pk)");
            match self.write("ask for a correction", write).await? {
                Some(_) => Ok(correction.clone()),
                None => self.balance_correction(correction.id).await,
            }
        })
    }

    /// A correction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn balance_correction(&self, id: AdjustmentId) -> Work<'_, Result<Correction, StoreError>> {
        Box::pin(async move {
            let row = self
                .get(
                    "read a correction",
                    &self.tables.studio,
                    Key::balance_correction(id),
                )
                .await?;
            found("correction", row)
        })
    }

    /// Writes that a second operator agreed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another operator decided first.
    pub fn decide_balance_correction<'a>(
        &'a self,
        approved: &'a Correction,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let row = item(Key::balance_correction(approved.id), "correction", approved)?;
            let write = Write::put(&self.tables.studio, row, "#body.#state = :pending")
                .value("pending", encode(&CorrectionState::Pending)?);
            self.write("decide a correction", write)
                .await?
                .map(drop)
                .ok_or(StoreError::Conflict { what: "correction" })
        })
    }

    /// Every correction, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn balance_corrections<'a>(
        &'a self,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Correction>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list corrections",
                table: &self.tables.studio,
                pk: operating::CORRECTIONS.to_owned(),
                prefix: AdjustmentId::PREFIX,
                name: "balance_corrections".to_owned(),
            };
            self.page(list, page, |_: &Correction| true).await
        })
    }
}
