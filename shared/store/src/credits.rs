//! Wallets, grants and the history.
//!
//! A wallet is one item: totals, open lots and a version. Every move reads it strongly consistently, asks `ledger`
//! for the next one, and writes it with its rows in one transaction whose condition is the version that was read.
//! Writers of one wallet so take turns; writers of different wallets never meet.

use domain::ports::Work;
use domain::{AccountId, Timestamp};
use ledger::{Grant, Posted, Transaction, Wallet};

use crate::codec::{decode, found, item, number};
use crate::keys::{self, Key};
use crate::page::List;
use crate::patience::Patience;
use crate::write::{Transacted, Write};
use crate::{Page, PageRequest, Store, StoreError};

/// Whether a grant was made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Granted {
    /// Now; its row.
    New(Transaction),
    /// An earlier grant had the same key; its row, whatever it granted.
    Already(Transaction),
}

impl Granted {
    /// The row.
    pub const fn transaction(&self) -> &Transaction {
        match self {
            Self::New(row) | Self::Already(row) => row,
        }
    }
}

impl Store {
    /// The wallet, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn wallet(&self, account: AccountId) -> Work<'_, Result<Wallet, StoreError>> {
        Box::pin(async move {
            let row = self
                .get("read a wallet", &self.tables.ledger, Key::wallet(account))
                .await?;
            found("account", row)
        })
    }

    /// Adds credits once per key.
    ///
    /// # Promises
    /// The wallet, its row and the mark of the key are one transaction; a repeat of the key adds nothing, ever.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account; nothing is written, the grant can be repeated.
    pub fn grant(
        &self,
        account: AccountId,
        grant: Grant,
        now: Timestamp,
    ) -> Work<'_, Result<Granted, StoreError>> {
        Box::pin(self.grant_once(account, grant, now))
    }

    /// The history, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn history<'a>(
        &'a self,
        account: AccountId,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Transaction>, StoreError>> {
        Box::pin(async move {
            let list = List {
                doing: "list the history",
                table: &self.tables.ledger,
                account,
                prefix: keys::TRANSACTION,
                name: "history".to_owned(),
            };
            self.page(list, page, |_: &Transaction| true).await
        })
    }

    async fn grant_once(
        &self,
        account: AccountId,
        grant: Grant,
        now: Timestamp,
    ) -> Result<Granted, StoreError> {
        let doing = "grant credits";
        let mut patience = Patience::new(grant.transaction_id.body());
        loop {
            if let Some(row) = self.grant_of(account, &grant.key).await? {
                return Ok(Granted::Already(row));
            }
            let before = self.wallet(account).await?;
            let posted = match before.grant(&grant, now) {
                Ok(posted) => posted,
                Err(error) => {
                    // The same delivery, written beside this one after its mark was looked for: the lot is there.
                    return match self.grant_of(account, &grant.key).await? {
                        Some(row) => Ok(Granted::Already(row)),
                        None => Err(StoreError::wallet(doing, error)),
                    };
                }
            };
            let writes = self.grant_writes(account, &grant, Some(&before), &posted)?;
            if let Transacted::Done = self.transact(doing, writes).await? {
                return last_row(doing, &posted).map(Granted::New);
            }
            patience.pause(doing).await?;
        }
    }

    async fn grant_of(&self, account: AccountId, key: &str) -> Result<Option<Transaction>, StoreError> {
        self.get("find a grant", &self.tables.ledger, Key::grant(account, key))
            .await?
            .map(decode)
            .transpose()
    }

    /// The writes of a grant: wallet, rows and the mark of its key.
    pub(crate) fn grant_writes(
        &self,
        account: AccountId,
        grant: &Grant,
        before: Option<&Wallet>,
        posted: &Posted,
    ) -> Result<Vec<Write>, StoreError> {
        let row = last_row("grant credits", posted)?;
        let mark = item(Key::grant(account, &grant.key), "grant", &row)?;
        let mut writes = self.move_writes(account, before, posted)?;
        writes.push(Write::put(&self.tables.ledger, mark, "attribute_not_exists(pk)"));
        Ok(writes)
    }

    /// The writes of a move: the wallet over the one that was read (none: its first), and its rows.
    pub(crate) fn move_writes(
        &self,
        account: AccountId,
        before: Option<&Wallet>,
        posted: &Posted,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = vec![self.wallet_write(account, before, &posted.wallet)?];
        for row in &posted.rows {
            let item = item(Key::transaction(account, row.sequence), "transaction", row)?;
            writes.push(Write::put(&self.tables.ledger, item, "attribute_not_exists(pk)"));
        }
        Ok(writes)
    }

    /// The write of a wallet over the one that was read, or as the first of its account.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an invariant does not hold: such a wallet is never written.
    pub(crate) fn wallet_write(
        &self,
        account: AccountId,
        before: Option<&Wallet>,
        after: &Wallet,
    ) -> Result<Write, StoreError> {
        after
            .check()
            .map_err(|error| StoreError::corrupt("write a wallet", error))?;
        let item = item(Key::wallet(account), "wallet", after)?;
        let table = &self.tables.ledger;
        Ok(match before {
            Some(read) => {
                Write::put(table, item, "#body.#version = :version").value("version", number(read.version()))
            }
            None => Write::put(table, item, "attribute_not_exists(pk)"),
        })
    }
}

/// The row of the move itself; rows before it are expiries.
fn last_row(doing: &'static str, posted: &Posted) -> Result<Transaction, StoreError> {
    posted
        .rows
        .last()
        .cloned()
        .ok_or_else(|| StoreError::corrupt(doing, "a move without a row"))
}
