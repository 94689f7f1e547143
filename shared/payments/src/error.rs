//! The ways a payment provider can fail, sorted into what a caller can do about it.

use std::error::Error;

use domain::{ErrorCode, Failure};
use serde_json::json;

/// The cause behind a failure, for the log only.
pub type Cause = Box<dyn Error + Send + Sync>;

/// A payment provider's failure.
///
/// # Promises
/// `Display` says what was being done and never prints the cause, which may hold a customer's text.
///
/// # Errors
/// `Throttled` and `Unavailable` may be tried again, `Refused` is for the customer, `Rejected` is for us.
/// `OutcomeUnknown` must not be repeated blindly: the provider may have done what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The provider asks to slow down: HTTP 429.
    #[error("{doing}: the payment provider asks us to slow down")]
    Throttled {
        /// What was being done.
        doing: &'static str,
        /// Seconds the provider asks for, when it does.
        retry_after_s: Option<u32>,
    },
    /// The provider did not take the call, or takes it again under the same key: connection refused, 5xx.
    #[error("{doing}: the payment provider does not answer or has a fault")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Option<Cause>,
    },
    /// A write whose answer was lost and that no key protects; it may have been carried out.
    #[error("{doing}: nobody knows whether the payment provider took the call")]
    OutcomeUnknown {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Option<Cause>,
    },
    /// The customer's payment was declined: HTTP 402.
    #[error("{doing}: the payment was declined")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// What the provider said, for the log only.
        #[source]
        source: Option<Cause>,
    },
    /// The provider does not accept our call, our key or our account: 400, 401, 403.
    #[error("{doing}: the payment provider does not accept our call or our account")]
    Rejected {
        /// What was being done.
        doing: &'static str,
        /// What the provider said, for the log only.
        #[source]
        source: Option<Cause>,
    },
}

impl PaymentError {
    /// The registry's code.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Throttled { .. } => ErrorCode::ProviderThrottled,
            Self::Unavailable { .. } => ErrorCode::ProviderUnavailable,
            // A repeat could be carried out twice, so it must not carry a code that is retried.
            Self::OutcomeUnknown { .. } | Self::Rejected { .. } => ErrorCode::ProviderRejected,
            Self::Refused { .. } => ErrorCode::ProviderRefused,
        }
    }
}

impl From<PaymentError> for Failure {
    fn from(error: PaymentError) -> Self {
        let failure = Self::new(error.code());
        let failure = match error {
            PaymentError::Throttled {
                retry_after_s: Some(seconds),
                ..
            } => failure.with_details(json!({ "retry_after_s": seconds })),
            _ => failure,
        };
        failure.because(error)
    }
}

#[cfg(test)]
mod tests;
