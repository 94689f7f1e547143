//! Wallets, their history, and the changes that happen once per key: grants, claw backs, reversals, adjustments.
//!
//! A wallet is one item: totals, open lots and the number of its last history row. Every change reads it strongly
//! consistently, asks `ledger` for the next wallet, and writes it with the new rows in one transaction. The lock is the
//! history: a row is written only if no row with that number exists. So of two concurrent changes one fails and
//! retries, and no row is ever replaced. Writers of one wallet take turns; writers of different wallets never meet.
//! Whatever changes only together with the wallet (a hold, the mark of a key) needs no condition of its own, if it is
//! read after the wallet.

pub mod budgets;
pub mod corrections;
pub mod expiries;

use domain::ports::Work;
use domain::{AccountId, LotId, Timestamp, TransactionId};
use ledger::{
    Adjustment, ClawBack, Grant, Mark, Posted, Reference, Reversal, Transaction, Wallet, WalletError,
};

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, found, item, text, time};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{self, Part};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

/// Whether a change that happens once per key happened in this call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// In this call; its row.
    New(Transaction),
    /// In an earlier call with the same key; the row of that call, whatever it asked for.
    Already(Transaction),
}

impl Applied {
    /// The history row of the change, new or found.
    pub const fn transaction(&self) -> &Transaction {
        match self {
            Self::New(row) | Self::Already(row) => row,
        }
    }

    /// Whether it happened now.
    pub const fn is_new(&self) -> bool {
        matches!(self, Self::New(_))
    }
}

/// A move that happens once per key.
#[derive(Clone, Copy)]
struct KeyedMove<'a> {
    operation: &'static str,
    account: AccountId,
    mark: Mark<'a>,
    id: TransactionId,
    /// Key of the grant whose lot the move is about.
    of_grant: Option<&'a str>,
}

impl<'a> KeyedMove<'a> {
    const fn new(operation: &'static str, account: AccountId, mark: Mark<'a>, id: TransactionId) -> Self {
        Self {
            operation,
            account,
            mark,
            id,
            of_grant: None,
        }
    }

    const fn about(self, of_grant: Option<&'a str>) -> Self {
        Self { of_grant, ..self }
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

    /// Adds credits once per key; a debt is paid from them first.
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
    ) -> Work<'_, Result<Applied, StoreError>> {
        Box::pin(async move {
            let mark = Mark::Grant(&grant.key);
            let keyed = KeyedMove::new("grant credits", account, mark, grant.transaction_id);
            self.apply(keyed, |wallet, _| wallet.grant(&grant, now)).await
        })
    }

    /// Takes credits back once per key, from the grant's own lot first; what is not there becomes a debt.
    ///
    /// # Promises
    /// As [`Self::grant`]. A claw back that comes before its grant takes from other lots and leaves the rest as a debt,
    /// which the grant then pays: the balance does not depend on their order.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn claw_back(
        &self,
        account: AccountId,
        claw_back: ClawBack,
        now: Timestamp,
    ) -> Work<'_, Result<Applied, StoreError>> {
        Box::pin(async move {
            let mark = Mark::ClawBack(&claw_back.key);
            let keyed = KeyedMove::new("take credits back", account, mark, claw_back.transaction_id)
                .about(claw_back.from_grant.as_deref());
            self.apply(keyed, |wallet, first| wallet.claw_back(&claw_back, first, now))
                .await
        })
    }

    /// Undoes a claw back, once: first its debt goes, then the rest comes back as credits.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account, or no claw back of this key.
    pub fn reverse_claw_back(
        &self,
        account: AccountId,
        reversal: Reversal,
        now: Timestamp,
    ) -> Work<'_, Result<Applied, StoreError>> {
        Box::pin(async move {
            let mark = Mark::Reversal(&reversal.key);
            let keyed = KeyedMove::new("undo a claw back", account, mark, reversal.transaction_id);
            let undone = self
                .marked(account, Mark::ClawBack(&reversal.key))
                .await?
                .ok_or(StoreError::NotFound { what: "claw back" })?;
            let credits = undone
                .clawed()
                .map_err(|error| StoreError::corrupt(keyed.operation, error))?;
            self.apply(keyed, |wallet, _| wallet.reverse(&reversal, credits, now))
                .await
        })
    }

    /// An operator's correction, once per key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn adjust(
        &self,
        account: AccountId,
        adjustment: Adjustment,
        now: Timestamp,
    ) -> Work<'_, Result<Applied, StoreError>> {
        Box::pin(async move {
            let mark = Mark::Adjustment(&adjustment.key);
            let keyed = KeyedMove::new("adjust a balance", account, mark, adjustment.transaction_id);
            self.apply(keyed, |wallet, _| wallet.adjust(&adjustment, now))
                .await
        })
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
                operation: "list the history",
                table: &self.tables.ledger,
                pk: keys::owner(account),
                prefix: keys::TRANSACTION,
                name: "history".to_owned(),
            };
            self.page(list, page, |_: &Transaction| true).await
        })
    }

    async fn apply(
        &self,
        keyed: KeyedMove<'_>,
        decide: impl Fn(&Wallet, Option<LotId>) -> Result<Posted, WalletError> + Send + Sync,
    ) -> Result<Applied, StoreError> {
        let attempt = || self.try_to_apply(keyed, &decide);
        self.retrying(keyed.operation, keyed.id.body(), attempt).await
    }

    async fn try_to_apply(
        &self,
        keyed: KeyedMove<'_>,
        decide: impl Fn(&Wallet, Option<LotId>) -> Result<Posted, WalletError> + Send + Sync,
    ) -> Result<Attempt<Applied>, StoreError> {
        let KeyedMove {
            operation,
            account,
            mark,
            id,
            of_grant,
        } = keyed;
        let before = self.wallet(account).await?;
        // The mark is read after the wallet: a move between the two reads takes the next row, so nothing is written.
        if let Some(row) = self.marked(account, mark).await? {
            return Ok(Attempt::Done(Applied::Already(row)));
        }
        let lot = match of_grant {
            Some(key) => self.lot_of_grant(account, key).await?,
            None => None,
        };
        let posted = decide(&before, lot).map_err(|error| StoreError::wallet(operation, error))?;
        let row = row_of(operation, &posted, id)?.clone();
        let writes = self.keyed_writes(account, &posted, &row)?;
        let transaction = transaction::Transaction::new().add_all(&Part::Wallet, writes);
        Ok(self
            .transact(operation, transaction)
            .await?
            .or_retry(Applied::New(row)))
    }

    /// The lot that a grant made; none before the grant.
    async fn lot_of_grant(&self, account: AccountId, key: &str) -> Result<Option<LotId>, StoreError> {
        let row = self.marked(account, Mark::Grant(key)).await?;
        Ok(row.and_then(|row| match row.reference {
            Reference::Grant { lot_id, .. } => Some(lot_id),
            _ => None,
        }))
    }

    /// The row of what happened once under this mark.
    pub(crate) async fn marked(
        &self,
        account: AccountId,
        mark: Mark<'_>,
    ) -> Result<Option<Transaction>, StoreError> {
        self.get("find a mark", &self.tables.ledger, Key::mark(account, mark))
            .await?
            .map(decode)
            .transpose()
    }

    /// The writes of a grant: wallet, rows and the mark of its key.
    pub(crate) fn grant_writes(
        &self,
        account: AccountId,
        grant: &Grant,
        posted: &Posted,
    ) -> Result<Vec<Write>, StoreError> {
        let row = row_of("grant credits", posted, grant.transaction_id)?;
        self.keyed_writes(account, posted, row)
    }

    /// The writes of a move that happens once: wallet, rows and the mark of the key in `row`.
    fn keyed_writes(
        &self,
        account: AccountId,
        posted: &Posted,
        row: &Transaction,
    ) -> Result<Vec<Write>, StoreError> {
        let mark = row
            .reference
            .mark()
            .ok_or_else(|| StoreError::corrupt("write a mark", "a row without a key"))?;
        let mark = item(Key::mark(account, mark), "mark", row)?;
        let mut writes = self.move_writes(account, posted)?;
        // Looked for after the wallet, and written only with its next row.
        writes.push(Write::put_unconditional(&self.tables.ledger, mark));
        Ok(writes)
    }

    /// The writes of a change: its rows, if no rows with these numbers exist, and the wallet after them.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a change without a row: without one, two of them could be written at once.
    pub(crate) fn move_writes(&self, account: AccountId, posted: &Posted) -> Result<Vec<Write>, StoreError> {
        if posted.rows.is_empty() {
            return Err(StoreError::corrupt("write a wallet", "a move without a row"));
        }
        let mut writes = vec![self.wallet_write(account, &posted.wallet)?];
        for row in &posted.rows {
            let item = item(Key::transaction(account, row.sequence), "transaction", row)?;
            writes.push(Write::put(&self.tables.ledger, item, "attribute_not_exists(pk)"));
        }
        Ok(writes)
    }

    /// The write of a wallet beside the rows that lead to it, or beside the profile of its account.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an invariant does not hold: such a wallet is never written.
    pub(crate) fn wallet_write(&self, account: AccountId, after: &Wallet) -> Result<Write, StoreError> {
        after
            .check()
            .map_err(|error| StoreError::corrupt("write a wallet", error))?;
        let mut item = item(Key::wallet(account), "wallet", after)?;
        if let Some(next) = after.next_expiry() {
            item.insert("expiry_shard".to_owned(), text(&keys::expiry_shard(account)));
            item.insert("next_expiry".to_owned(), time(next));
        }
        Ok(Write::put_unconditional(&self.tables.ledger, item))
    }
}

/// The row of the move itself; rows before it are expiries, rows after it pay a debt.
fn row_of<'a>(
    operation: &'static str,
    posted: &'a Posted,
    id: TransactionId,
) -> Result<&'a Transaction, StoreError> {
    posted
        .rows
        .iter()
        .find(|row| row.id == id)
        .ok_or_else(|| StoreError::corrupt(operation, "a move without a row"))
}
