//! Dependencies of a route that sends a customer to a provider's page.

use api::IdempotencyDeps;
use billing::Billing;
use domain::ports::IdSource;
use runtime::{Env, StartError};
use store::Store;

use crate::connect_billing;

/// Dependencies of a route that sends a customer to a provider's page.
#[derive(Debug)]
pub struct CheckoutDeps {
    /// The use cases of payments.
    pub billing: Billing,
    /// Page of the studio to which customers come back.
    pub return_url: String,
}

impl CheckoutDeps {
    /// Connects to the store and to the providers that are set up.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            billing: connect_billing(env).await?,
            return_url: env.required("BILLING_RETURN_URL")?,
        })
    }
}

impl IdempotencyDeps for CheckoutDeps {
    fn store(&self) -> &Store {
        &self.billing.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.billing.ids.as_ref()
    }
}
