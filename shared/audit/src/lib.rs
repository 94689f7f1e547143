//! Use cases of operating: corrections of balances, the nightly inspection of every account, notices to customers, the
//! daily report.
//!
//! | who | calls | with |
//! |---|---|---|
//! | `inspect-account` | [`AccountInspection`]: invariants, yesterday's sums, notices | store |
//! | `send-notices` | [`NoticeSender`] | store, mail |
//! | `daily-report` | [`DailyReporter`] | store, mail |
//! | `admin-credits-*` | [`Corrections`] | store |
//!
//! The rules are pure: [`trend`], [`day`], [`pending`], [`mail_text`]. Differences with payment providers come in as
//! findings: `billing` compares, and the function that inspects an account joins the two.

pub mod corrections;
mod daily_reporter;
pub mod day;
pub mod inspection;
pub mod mail_text;
mod notice_sender;
pub mod pending;
pub mod trend;

pub use corrections::Corrections;
pub use daily_reporter::DailyReporter;
pub use inspection::{AccountInspection, Inspected};
pub use notice_sender::NoticeSender;
