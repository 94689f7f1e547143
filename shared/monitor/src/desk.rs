//! The operators' daily report: made once, kept, and mailed.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::mail::{Mail, Mailer};
use domain::ports::Clock;
use domain::report::{AccountFindings, DailyReport, Finding, PAYMENT_UNCLAIMED};
use domain::{Failure, Timestamp};
use store::{PageRequest, Store, Unclaimed, UnclaimedReason};

use crate::day::{day_of, report};

/// Makes reports.
#[derive(Debug, Clone)]
pub struct Desk {
    store: Store,
    mailer: Arc<dyn Mailer>,
    operators: Vec<String>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// Over a store and a mail service; `operators` are the addresses that get the report.
    pub fn new(store: Store, mailer: Arc<dyn Mailer>, operators: Vec<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            mailer,
            operators,
            clock,
        }
    }

    /// Makes yesterday's report, keeps it and mails it.
    ///
    /// # Promises
    /// Once: a repeat keeps the first report and mails nothing. A report that could not be mailed is kept all the same.
    ///
    /// # Errors
    /// Those of the store; of the mail service, after the report is kept.
    pub async fn yesterday(&self) -> Result<DailyReport, Failure> {
        let now = self.clock.now();
        let day = day_of(now.plus_days(-1));
        let accounts = self.store.account_days(&day).await?;
        self.keep_payments_of_nobody(now).await?;
        let night = self.store.findings_of_day(&day_of(now)).await?;
        let made = report(&day, accounts, &night, now)?;
        if self.store.keep_report(&made).await? {
            for operator in &self.operators {
                self.mailer.send(&report_mail(operator, &made)).await?;
            }
        }
        Ok(made)
    }

    /// Keeps payments that belong to no account beside the night's findings: no visit comes to them.
    async fn keep_payments_of_nobody(&self, now: Timestamp) -> Result<(), Failure> {
        let mut findings = Vec::new();
        let mut page = PageRequest {
            limit: store::page::LIMIT_MAX,
            cursor: None,
        };
        loop {
            let listed = self.store.unclaimed_payments(&page).await?;
            let of_nobody = listed.items.iter().filter(|kept| is_of_nobody(kept));
            findings.extend(of_nobody.map(waiting));
            page.cursor = listed.next;
            if page.cursor.is_none() || findings.len() >= OF_NOBODY_MAX {
                break;
            }
        }
        findings.truncate(OF_NOBODY_MAX);
        if findings.is_empty() {
            return Ok(());
        }
        let found = AccountFindings {
            day: day_of(now),
            account_id: None,
            findings,
            found_at: now,
        };
        Ok(self.store.keep_findings(&found).await?)
    }
}

/// Payments of nobody that a night lists; more than these and something is wrong with us. A tenth of what a row holds.
const OF_NOBODY_MAX: usize = 200;

/// Whether no account's own visit will tell of it.
fn is_of_nobody(kept: &Unclaimed) -> bool {
    kept.account_id.is_none() || kept.reason == UnclaimedReason::UnknownAccount
}

fn waiting(kept: &Unclaimed) -> Finding {
    let about = format!("{} {}", kept.vendor, kept.key);
    let text = format!(
        "{about} was paid with {} {} on {} and waits for a person: {}",
        kept.paid_minor,
        kept.currency,
        day_of(kept.at),
        kept.reason.as_str()
    );
    Finding {
        code: PAYMENT_UNCLAIMED.to_owned(),
        about: Some(about),
        text,
    }
}

/// The report as mail: numbers and account ids, no names and no addresses.
fn report_mail(to: &str, report: &DailyReport) -> Mail {
    let total = &report.total;
    let mut text = format!(
        "Reelsmith on {}\n\naccounts active    {}\njobs delivered     {}\njobs failed        {}\ncredits charged    {}\ncredits returned   {}\ncredits granted    {}\nclawed back        {}\nexpired            {}\nwith findings      {}\n",
        report.day,
        report.accounts,
        total.delivered,
        total.failed,
        total.charged,
        total.returned,
        total.granted,
        total.clawed_back,
        total.expired,
        report.accounts_with_findings,
    );
    for (code, count) in &report.findings {
        // Writing to a String cannot fail.
        writeln!(text, "  {code}  {count}").ok();
    }
    text.push_str("\nmost charged\n");
    for done in &report.top {
        // Writing to a String cannot fail.
        writeln!(text, "{}  {}", done.account_id, done.charged).ok();
    }
    Mail {
        to: to.to_owned(),
        subject: format!("Reelsmith: {} credits charged on {}", total.charged, report.day),
        html: format!("<!doctype html><html lang=\"en\"><body><pre>{text}</pre></body></html>"),
        text,
    }
}

#[cfg(test)]
mod tests;
