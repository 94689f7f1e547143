//! What an account is told without having asked: once each, as data and by mail.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::PlanId;
use crate::{Credits, Timestamp};

/// Why a customer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeSubject {
    /// Four fifths of a limit are used.
    LimitWarning {
        /// Which limit, as `usage` names it.
        quota: String,
        /// Used so far.
        used: u64,
        /// Limit of the period, in the kind's unit.
        limit: u64,
        /// When it begins anew; absent when it never does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        resets_at: Option<Timestamp>,
    },
    /// Nineteen twentieths of a limit are used.
    LimitCritical {
        /// Which limit, as `usage` names it.
        quota: String,
        /// Used so far.
        used: u64,
        /// Limit of the period, in the kind's unit.
        limit: u64,
        /// When it begins anew; absent when it never does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        resets_at: Option<Timestamp>,
    },
    /// At last week's rate the credits are used up soon.
    RunningOut {
        /// Credits that can be used now.
        available: Credits,
        /// Whole days they last; zero for less than one.
        days: u64,
    },
    /// Credits expire soon.
    Expiring {
        /// How many of them are not held.
        credits: Credits,
        /// When they expire.
        #[schema(value_type = String, format = DateTime)]
        expires_at: Timestamp,
    },
    /// A second subscription was paid: it was ended, and its money goes back.
    SecondSubscription {
        /// What goes back, in minor units of the currency.
        returned_minor: u64,
        /// ISO 4217 code, lower case.
        currency: String,
    },
    /// The plan was changed at the payment provider, and paid for.
    PlanChanged {
        /// Plan from now on.
        plan: PlanId,
        /// Credits that the payment brought.
        credits: Credits,
    },
    /// A day's use is far above what this account usually uses.
    Unusual {
        /// The day, UTC, `2026-11-20`.
        day: String,
        /// Credits charged on it.
        credits: u64,
        /// The mean of the four weeks before.
        usual: u64,
    },
}

/// One thing an account is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// What it is about, once: `expiring:<lot>`, `limit_warning:<quota>:<period>`.
    pub key: String,
    /// What the customer is told.
    #[serde(flatten)]
    pub subject: NoticeSubject,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was handed to the mail service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub mailed_at: Option<Timestamp>,
}
