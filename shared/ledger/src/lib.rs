//! Credits as pure rules: what a wallet may do, what work costs, and what a plan allows.
//!
//! No I/O, no clock and no ids of its own: a rule takes a wallet and answers with the next wallet and its history rows.
//! Start with [`wallet`] for the life of a credit; `store` writes what it answers, in one transaction.
// A test that overflows fails, which is all that is wanted of it.
#![cfg_attr(
    not(test),
    warn(clippy::arithmetic_side_effects, clippy::default_numeric_fallback)
)]
#![warn(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

pub mod catalogue;
pub mod change;
pub mod correction;
pub mod costs;
pub mod estimate;
pub mod hold;
pub mod lot;
pub mod plans;
pub mod prices;
pub mod proration;
pub mod quotas;
pub mod quote;
pub mod returns;
pub mod settle;
pub mod transaction;
pub mod wallet;

pub use catalogue::{Price, Product, ProductId, ProductKind, product, products};
pub use change::Change;
pub use correction::{Correction, CorrectionError, CorrectionOrder, CorrectionState};
pub use costs::cost_usd_micros;
pub use estimate::{Estimate, EstimateSource, estimate};
pub use hold::{HeldLeg, Hold, HoldRequest, HoldState, Leg, Share};
pub use lot::{Adjustment, ClawBack, Grant, Lot, Origin, Reversal};
pub use plans::{Plan, plan};
pub use prices::{ModelPrice, price, prices};
pub use quotas::{AlertLevel, Counter, Limits};
pub use quote::{Known, Likely, Quote, QuoteLine, VIDEO_PROVIDER, quote, video_model};
pub use returns::{MoneyReturn, ReturnStep, next_steps, returned_credits};
pub use settle::{made, receipt};
pub use transaction::{Balance, Grace, Mark, Reference, Transaction, TransactionKind};
pub use wallet::{Posted, Wallet, WalletError};
