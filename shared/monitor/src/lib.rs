//! Use cases of operating: what customers are told, what every account must look like at night, the daily report.
//!
//! | who | calls | with |
//! |---|---|---|
//! | `inspect-account` | [`Round`]: invariants, yesterday's sums, notices | store |
//! | `send-notices` | [`Post`] | store, mail |
//! | `daily-report` | [`Desk`] | store, mail |
//! | `admin-credits-*` | [`Corrections`] | store |
//!
//! The rules are pure: [`trend`], [`day`], [`doubts`], [`letter`]. What a vendor says comes in as findings: who asks it
//! is `billing`, and the function that visits joins the two.

pub mod corrections;
pub mod day;
mod desk;
pub mod doubts;
pub mod letter;
mod post;
pub mod round;
pub mod trend;

pub use corrections::Corrections;
pub use desk::Desk;
pub use post::Post;
pub use round::{Round, Visited};
