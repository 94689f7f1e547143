//! Use cases of operating: what customers are told, what every account must look like at night, the daily report.

pub mod corrections;
pub mod letter;
pub mod trend;

pub use corrections::Corrections;
