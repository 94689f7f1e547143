//! The service that every use case of payments is a method of.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::billing::PaymentProvider;
use domain::ports::{Clock, IdSource};
use domain::{AccountId, ErrorCode, Failure, Invalid, LotId, Timestamp, TransactionId};
use payments::Payments;
use store::Store;

use crate::PriceIds;

/// One payment provider, as this stage is set up to use it.
#[derive(Debug, Clone)]
pub struct ProviderSetup {
    /// Calls the provider.
    pub payments: Arc<dyn Payments>,
    /// Under which ids it sells.
    pub price_ids: PriceIds,
    /// Whether this stage takes real money; objects of the other mode are left alone.
    pub livemode: bool,
}

/// The use cases of payments.
#[derive(Debug, Clone)]
pub struct Billing {
    /// Wallets, payments, subscriptions.
    pub store: Store,
    /// Payment providers that are set up.
    pub providers: BTreeMap<PaymentProvider, ProviderSetup>,
    /// Says what time it is, for what has expired.
    pub clock: Arc<dyn Clock>,
    /// Ids of lots and rows.
    pub ids: Arc<dyn IdSource>,
}

impl Billing {
    /// The provider that a customer chose.
    ///
    /// # Errors
    /// `validation_failed` of `provider` when it is not set up here.
    pub fn chosen(&self, provider: PaymentProvider) -> Result<&ProviderSetup, Failure> {
        self.providers
            .get(&provider)
            .ok_or_else(|| Invalid::new("provider", "unavailable", "is not set up here").into())
    }

    /// The provider of an event or of a row.
    ///
    /// # Errors
    /// `internal` when it is not set up here: its events and rows should not exist then.
    pub(crate) fn setup(&self, provider: PaymentProvider) -> Result<&ProviderSetup, Failure> {
        self.providers.get(&provider).ok_or_else(|| {
            Failure::new(ErrorCode::Internal).because(format!("{provider} is not set up here"))
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn lot_id(&self) -> LotId {
        LotId::new(self.ids.mint(self.now()))
    }

    pub(crate) fn transaction_id(&self) -> TransactionId {
        TransactionId::new(self.ids.mint(self.now()))
    }

    /// The account of a provider's object: by the object's metadata, else by its subscription or its customer.
    pub(crate) async fn account_of(
        &self,
        provider: PaymentProvider,
        named: Option<AccountId>,
        subscription: Option<&str>,
        customer: Option<&str>,
    ) -> Result<Option<AccountId>, Failure> {
        if named.is_some() {
            return Ok(named);
        }
        if let Some(id) = subscription
            && let Some(account) = self.store.subscription_owner(provider, id).await?
        {
            return Ok(Some(account));
        }
        match customer {
            Some(id) => Ok(self.store.customer_owner(provider, id).await?),
            None => Ok(None),
        }
    }
}
