//! What an account has one of: the subscription that counts, and the open page on which it may subscribe.
//!
//! Both rows are taken over what was read: of any number of callers at once one is first, and the others read again.

use domain::AccountId;
use domain::billing::PaymentProvider;
use domain::ports::Work;
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, item};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::{OpenCheckout, Store, StoreError};

/// The one subscription whose invoices bring credits to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountingSubscription {
    /// Who takes the money.
    pub provider: PaymentProvider,
    /// The provider's id.
    pub id: String,
}

impl Store {
    /// The subscription that counts for an account; none before its first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn counting_subscription(
        &self,
        account: AccountId,
    ) -> Work<'_, Result<Option<CountingSubscription>, StoreError>> {
        Box::pin(async move {
            let key = Key::counting_subscription(account);
            let row = self
                .get("read which subscription counts", &self.tables.studio, key)
                .await?;
            row.map(decode).transpose()
        })
    }

    /// Makes a subscription the one that counts, over the one that was read; false when another was first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn take_counting_subscription<'a>(
        &'a self,
        account: AccountId,
        read: Option<&'a CountingSubscription>,
        next: &'a CountingSubscription,
    ) -> Work<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let key = Key::counting_subscription(account);
            let row = item(key, "counting_subscription", next)?;
            let write = match read {
                Some(read) => {
                    Write::put(&self.tables.studio, row, "#body = :read").value("read", encode(read)?)
                }
                None => Write::put(&self.tables.studio, row, "attribute_not_exists(pk)"),
            };
            Ok(self
                .write("take which subscription counts", write)
                .await?
                .is_some())
        })
    }

    /// The page on which an account may subscribe, as far as we know; it may be paid or closed by now.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn subscription_page(
        &self,
        account: AccountId,
    ) -> Work<'_, Result<Option<OpenCheckout>, StoreError>> {
        Box::pin(async move {
            let key = Key::subscription_page(account);
            let row = self
                .get("read a subscription's page", &self.tables.studio, key)
                .await?;
            row.map(decode).transpose()
        })
    }

    /// Makes a page the account's one for subscriptions, over the one that was read; false when another was first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn take_subscription_page<'a>(
        &'a self,
        read: Option<&'a OpenCheckout>,
        next: &'a OpenCheckout,
    ) -> Work<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let row = item(Key::subscription_page(next.account_id), "subscription_page", next)?;
            let write = match read {
                Some(read) => {
                    Write::put(&self.tables.studio, row, "#body = :read").value("read", encode(read)?)
                }
                None => Write::put(&self.tables.studio, row, "attribute_not_exists(pk)"),
            };
            Ok(self.write("take a subscription's page", write).await?.is_some())
        })
    }
}
