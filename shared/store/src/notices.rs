//! Notices to accounts: written once per key, and listed in the index `due_items` until they are mailed.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::notice::Notice;
use domain::ports::Work;
use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, item, owner_of, text, text_of, time};
use crate::dynamo::item::Item;
use crate::dynamo::keys::{DUE_SHARDS, Key, operating, owner};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

/// A notice, wherever its account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoticeRef {
    /// Who is told.
    pub account_id: AccountId,
    /// Key of the notice, unique in the account.
    pub key: String,
}

impl Store {
    /// Writes a notice, due to be mailed at once.
    ///
    /// # Promises
    /// Once per key: false when it was there, which is then left as it is.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn notify<'a>(
        &'a self,
        account: AccountId,
        notice: &'a Notice,
    ) -> Work<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let row = notice_row(account, notice)?;
            let write = Write::put(&self.tables.studio, row, "attribute_not_exists(pk)");
            Ok(self.write("write a notice", write).await?.is_some())
        })
    }

    /// Notices that wait to be mailed, the longest overdue of each partition first.
    ///
    /// # Promises
    /// Reads an index, so a notice may be mailed or claimed by now: claim it before it is mailed.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn notices_due(&self, now: Timestamp, limit: u32) -> Work<'_, Result<Vec<NoticeRef>, StoreError>> {
        Box::pin(async move {
            let mut due = Vec::new();
            for shard in 0..DUE_SHARDS {
                let rows = self
                    .due_in(&operating::notice_shard_of(shard), now, limit)
                    .await?;
                due.extend(rows.iter().map(notice_ref).collect::<Result<Vec<_>, _>>()?);
            }
            due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(due)
        })
    }

    /// Takes a due notice for one mailer: it is not due again before `until`.
    ///
    /// # Promises
    /// Exactly one of any number of callers gets it; none when it was mailed or is claimed.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn claim_notice<'a>(
        &'a self,
        notice: &'a NoticeRef,
        now: Timestamp,
        until: Timestamp,
    ) -> Work<'a, Result<Option<Notice>, StoreError>> {
        Box::pin(async move {
            let key = || Key::notice(notice.account_id, &notice.key);
            let write = Write::update(
                &self.tables.studio,
                key(),
                "SET #due_at = :until",
                "attribute_exists(#due_shard) AND #due_at <= :now",
            )
            .value("now", time(now))
            .value("until", time(until));
            if self.write("take a notice", write).await?.is_none() {
                return Ok(None);
            }
            let row = self.get("read a notice", &self.tables.studio, key()).await?;
            row.map(decode).transpose()
        })
    }

    /// Notes that a notice was mailed; it is never due again.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn notice_mailed<'a>(
        &'a self,
        notice: &'a NoticeRef,
        now: Timestamp,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::notice(notice.account_id, &notice.key),
                "SET #body.#mailed_at = :at REMOVE #due_shard, #due_at",
                "attribute_exists(#due_shard)",
            )
            .value("at", encode(&now)?);
            self.write("note a mail", write).await.map(drop)
        })
    }

    /// The notices of an account, those with the last key first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn notices<'a>(
        &'a self,
        account: AccountId,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Notice>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list notices",
                table: &self.tables.studio,
                pk: owner(account),
                prefix: operating::NOTICE,
                name: "notices".to_owned(),
            };
            self.page(list, page, |_: &Notice| true).await
        })
    }
}

/// The item of a notice that waits to be mailed.
pub(crate) fn notice_row(account: AccountId, notice: &Notice) -> Result<Item, StoreError> {
    let mut row = item(Key::notice(account, &notice.key), "notice", notice)?;
    row.extend(due(account, notice.created_at));
    Ok(row)
}

/// The attributes that put a notice on the due list.
fn due(account: AccountId, at: Timestamp) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("due_shard".to_owned(), text(&operating::notice_shard(account))),
        ("due_at".to_owned(), time(at)),
    ])
}

fn notice_ref(row: &Item) -> Result<NoticeRef, StoreError> {
    let key = text_of(row, "sk")?
        .strip_prefix(operating::NOTICE)
        .ok_or_else(|| StoreError::corrupt("find notices", "its key is not a notice"))?;
    Ok(NoticeRef {
        account_id: owner_of(row)?,
        key: key.to_owned(),
    })
}
