//! Use cases of payments: buy, subscribe, take a webhook, grant, take back, reconcile.
//!
//! A webhook is a hint that something changed. Whatever it says, [`Desk::handle`] reads the object from its vendor
//! again and brings the ledger to what was read; so events may come late, twice, forged in order, or never, and
//! [`sync`] does the same for those that never came.
//!
//! | key of the ledger | once per | where |
//! |---|---|---|
//! | grant `checkout:<id>` | pack | [`fulfil`] |
//! | grant `invoice:<id>` | paid period of a subscription | [`fulfil`] |
//! | claw back `refund:<id>`, and its reversal | refund | [`returns`] |
//! | claw back `dispute:<id>`, and its reversal | dispute | [`returns`] |
//!
//! [`compare`] holds all of it against the vendor, every night.

pub mod checkout;
pub mod claim;
pub mod compare;
pub mod connect;
pub mod desk;
pub mod events;
pub mod fulfil;
pub mod intake;
pub mod mirror;
pub mod outcome;
pub mod returns;
pub mod shelf;
pub mod subscription;
pub mod sync;
pub mod webhook;

mod statuses;

pub use checkout::Order;
pub use claim::Claim;
pub use connect::{Counter, desk, intake, shelves};
pub use desk::{Desk, Till};
pub use intake::{Intake, Taken};
pub use outcome::Outcome;
pub use shelf::{Shelf, ShelfError};
pub use subscription::PlanWish;
pub use sync::SyncReport;
pub use webhook::Delivery;
