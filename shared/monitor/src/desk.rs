//! The operators' daily report: made once, kept, and mailed.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::Failure;
use domain::mail::{Mail, Mailer};
use domain::ports::Clock;
use domain::report::DailyReport;
use store::Store;

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
        let findings = self.store.findings_of_day(&day_of(now)).await?.len();
        let made = report(&day, accounts, u64::try_from(findings).unwrap_or(u64::MAX), now)?;
        if self.store.keep_report(&made).await? {
            for operator in &self.operators {
                self.mailer.send(&report_mail(operator, &made)).await?;
            }
        }
        Ok(made)
    }
}

/// The report as mail: numbers and account ids, no names and no addresses.
fn report_mail(to: &str, report: &DailyReport) -> Mail {
    let total = &report.total;
    let mut text = format!(
        "Reelsmith on {}\n\naccounts active    {}\njobs delivered     {}\njobs failed        {}\ncredits charged    {}\ncredits returned   {}\ncredits granted    {}\nclawed back        {}\nexpired            {}\nwith findings      {}\n\nmost charged\n",
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
