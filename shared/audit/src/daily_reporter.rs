//! The operators' daily report: made once, stored, and mailed.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::mail::{Mail, Mailer};
use domain::ports::Clock;
use domain::report::{AccountFindings, DailyReport, Finding, PAYMENT_UNCLAIMED};
use domain::{Failure, Timestamp};
use store::{PageRequest, Store, Unclaimed, UnclaimedReason};

use crate::day::report;

/// Makes, stores and mails the daily report.
#[derive(Debug, Clone)]
pub struct DailyReporter {
    store: Store,
    mailer: Arc<dyn Mailer>,
    operators: Vec<String>,
    clock: Arc<dyn Clock>,
}

impl DailyReporter {
    /// Over a store and a mail service; `operators` are the addresses that get the report.
    pub fn new(store: Store, mailer: Arc<dyn Mailer>, operators: Vec<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            mailer,
            operators,
            clock,
        }
    }

    /// Makes yesterday's report, stores it and mails it.
    ///
    /// # Promises
    /// A repeat leaves the first report in place and mails nothing. A report that could not be mailed stays stored.
    ///
    /// # Errors
    /// Those of the store; of the mail service, after the report is stored.
    pub async fn yesterday(&self) -> Result<DailyReport, Failure> {
        let now = self.clock.now();
        let day = now.plus_days(-1).day();
        let accounts = self.store.account_days(&day).await?;
        self.store_unowned_payments(now).await?;
        let night = self.store.findings_of_day(&now.day()).await?;
        let made = report(&day, accounts, &night, now)?;
        if self.store.store_report(&made).await? {
            for operator in &self.operators {
                self.mailer.send(&report_mail(operator, &made)).await?;
            }
        }
        Ok(made)
    }

    /// Stores payments that belong to no account with the night's findings: no inspection of an account finds them.
    async fn store_unowned_payments(&self, now: Timestamp) -> Result<(), Failure> {
        let mut findings = Vec::new();
        let mut page = PageRequest {
            limit: store::page::LIMIT_MAX,
            cursor: None,
        };
        loop {
            let listed = self.store.unclaimed_payments(&page).await?;
            let unowned = listed.items.iter().filter(|payment| is_unowned(payment));
            findings.extend(unowned.map(waiting));
            page.cursor = listed.next;
            if page.cursor.is_none() || findings.len() >= UNOWNED_MAX {
                break;
            }
        }
        findings.truncate(UNOWNED_MAX);
        if findings.is_empty() {
            return Ok(());
        }
        let found = AccountFindings {
            day: now.day(),
            account_id: None,
            findings,
            found_at: now,
        };
        Ok(self.store.store_findings(&found).await?)
    }
}

/// At most this many payments without an account are listed per night: a tenth of the item size limit.
const UNOWNED_MAX: usize = 200;

/// Whether no account's inspection reports this payment.
fn is_unowned(payment: &Unclaimed) -> bool {
    payment.account_id.is_none() || payment.reason == UnclaimedReason::UnknownAccount
}

fn waiting(payment: &Unclaimed) -> Finding {
    let about = format!("{} {}", payment.provider, payment.key);
    let text = format!(
        "{about} was paid with {} {} on {} and waits for a person: {}",
        payment.paid_minor,
        payment.currency,
        payment.at.day(),
        payment.reason.as_str()
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
