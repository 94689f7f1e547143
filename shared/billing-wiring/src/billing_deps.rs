//! Dependencies of a function that works with payments.

use api::IdempotencyDeps;
use billing::Billing;
use domain::ports::IdSource;
use runtime::{Env, StartError};
use store::Store;

use crate::connect_billing;

/// Dependencies of a function that works with payments.
#[derive(Debug)]
pub struct BillingDeps {
    /// The use cases of payments.
    pub billing: Billing,
}

impl BillingDeps {
    /// Connects to the store and to the providers that are set up.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            billing: connect_billing(env).await?,
        })
    }
}

impl IdempotencyDeps for BillingDeps {
    fn store(&self) -> &Store {
        &self.billing.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.billing.ids.as_ref()
    }
}
