//! The log of who may act in an account, written with each change of a member or a key.

use domain::AccountId;
use domain::access_log::AccessChange;
use domain::ports::Work;

use crate::dynamo::codec::item;
use crate::dynamo::keys::{self, Key};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

impl Store {
    /// What happened to the account's members and keys, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn access_changes<'a>(
        &'a self,
        account: AccountId,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<AccessChange>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list changes of access",
                table: &self.tables.studio,
                pk: keys::owner(account),
                prefix: keys::ACCESS_CHANGE,
                name: "access_changes".to_owned(),
            };
            self.page(list, page, |_: &AccessChange| true).await
        })
    }

    /// The row of the log.
    pub(crate) fn log_row(&self, account: AccountId, change: &AccessChange) -> Result<Write, StoreError> {
        let row = item(Key::access_change(account, change.id), "access_change", change)?;
        Ok(Write::put(&self.tables.studio, row, "attribute_not_exists(pk)"))
    }
}
