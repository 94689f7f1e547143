//! Every day at 08:00: makes, stores and mails the report of yesterday.
//!
//! # Shape
//! `events/daily-report/`; what the schedule sends is not read.

use std::sync::Arc;

use audit::DailyReporter;
use domain::Failure;
use domain::report::DailyReport;
use runtime::{Env, StartError, SystemClock, Tick};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Makes reports.
    pub reporter: DailyReporter,
}

impl Deps {
    /// Connects to the store and the mail service.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let mailer = Arc::new(runtime::mailer(env).await?);
        // Without an address the report is kept and nobody is mailed.
        let operators = env.optional("OPERATORS_MAIL").unwrap_or_default();
        let operators = operators
            .split(',')
            .map(str::trim)
            .filter(|address| !address.is_empty())
            .map(str::to_owned)
            .collect();
        Ok(Self {
            reporter: DailyReporter::new(
                runtime::store(env).await?,
                mailer,
                operators,
                Arc::new(SystemClock),
            ),
        })
    }
}

/// Reports once.
///
/// # Promises
/// A repeat on the same day changes nothing.
///
/// # Errors
/// [`Failure`] of the store or the mail service.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<DailyReport, Failure> {
    let report = deps.reporter.yesterday().await?;
    tracing::info!(
        accounts = report.accounts,
        charged = report.total.charged.get(),
        "the day was reported"
    );
    Ok(report)
}
