//! What the nightly inspection found, account by account, and the report made of it.
//!
//! A later inspection of the same night replaces the rows of an earlier one, never the other way round.

use domain::AccountId;
use domain::ports::Work;
use domain::report::{AccountDay, AccountFindings, DailyReport, PendingFinding};

use crate::dynamo::codec::{decode, encode, item};
use crate::dynamo::keys::{Key, operating};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

impl Store {
    /// Stores what an inspection found.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn store_findings<'a>(&'a self, findings: &'a AccountFindings) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = Key::findings(&findings.day, findings.account_id);
            let row = item(key, "findings", findings)?;
            let write = Write::put(
                &self.tables.studio,
                row,
                "attribute_not_exists(pk) OR #body.#found_at <= :at",
            )
            .value("at", encode(&findings.found_at)?);
            self.write("keep findings", write).await.map(drop)
        })
    }

    /// Differences with providers that an account had at its last inspection.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn pending_findings(&self, account: AccountId) -> Work<'_, Result<Vec<PendingFinding>, StoreError>> {
        Box::pin(async move {
            let key = Key::pending_findings(account);
            let row = self
                .get("read pending findings", &self.tables.studio, key)
                .await?;
            row.map_or_else(|| Ok(Vec::new()), decode)
        })
    }

    /// Stores them for the next inspection, over those that were there.
    ///
    /// # Promises
    /// Of two concurrent inspections the last one stays: at worst `first_seen` of a difference is a little later.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn store_pending_findings<'a>(
        &'a self,
        account: AccountId,
        pending: &'a [PendingFinding],
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let row = item(Key::pending_findings(account), "doubts", &pending)?;
            let always = "attribute_not_exists(pk) OR attribute_exists(pk)";
            let write = Write::put(&self.tables.studio, row, always);
            self.write("store pending findings", write).await.map(drop)
        })
    }

    /// Findings of a calendar month (`2026-11`), newest day first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn findings<'a>(
        &'a self,
        month: &'a str,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<AccountFindings>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list findings",
                table: &self.tables.studio,
                pk: operating::findings(month),
                prefix: month,
                name: "findings".to_owned(),
            };
            self.page(list, page, |_: &AccountFindings| true).await
        })
    }

    /// Stores what an account did on a day; a repeat writes the same.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn store_account_day<'a>(
        &'a self,
        day: &'a str,
        done: &'a AccountDay,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let row = item(Key::account_day(day, done.account_id), "account_day", done)?;
            // The day is over, so every inspection computes the same.
            let write = Write::put(
                &self.tables.studio,
                row,
                "attribute_not_exists(pk) OR attribute_exists(pk)",
            );
            self.write("keep an account's day", write).await.map(drop)
        })
    }

    /// What every account did on a day.
    ///
    /// # Limits
    /// All of it at once: about 400 bytes an account.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn account_days<'a>(&'a self, day: &'a str) -> Work<'a, Result<Vec<AccountDay>, StoreError>> {
        Box::pin(async move {
            self.query_all(
                "add up a day",
                &self.tables.studio,
                &operating::day(day),
                operating::ACCOUNT,
            )
            .await?
            .into_iter()
            .map(decode)
            .collect()
        })
    }

    /// Accounts with findings on a day.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn findings_of_day<'a>(&'a self, day: &'a str) -> Work<'a, Result<Vec<AccountFindings>, StoreError>> {
        Box::pin(async move {
            let month = day.get(.."2026-11".len()).unwrap_or(day);
            self.query_all(
                "count findings",
                &self.tables.studio,
                &operating::findings(month),
                day,
            )
            .await?
            .into_iter()
            .map(decode)
            .collect()
        })
    }

    /// Stores the report of a day; the first one stays.
    ///
    /// # Promises
    /// True for the call that stored it: the caller that made the stored report also mails it.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn store_report<'a>(&'a self, report: &'a DailyReport) -> Work<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let row = item(Key::report(&report.day), "report", report)?;
            let write = Write::put(&self.tables.studio, row, "attribute_not_exists(pk)");
            Ok(self.write("keep a report", write).await?.is_some())
        })
    }

    /// Daily reports, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn reports<'a>(&'a self, page: &'a PageRequest) -> Work<'a, Result<Page<DailyReport>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list reports",
                table: &self.tables.studio,
                pk: operating::REPORTS.to_owned(),
                prefix: operating::REPORT_DAY,
                name: "reports".to_owned(),
            };
            self.page(list, page, |_: &DailyReport| true).await
        })
    }
}
