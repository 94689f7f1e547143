//! What is done about a webhook's event, when its turn on the queue comes.
//!
//! | event | read again | done |
//! |---|---|---|
//! | checkout completed, paid late, failed late, expired | checkout | a pack is granted when its money is there |
//! | invoice paid, failed, needs the customer | invoice | a paid period is granted |
//! | subscription of any kind | subscription | row and plan; never credits |
//! | refund or dispute of any kind | payment with its refunds and disputes | credits taken or given back |
//! | anything else | nothing | stored for the record |

use domain::Failure;
use domain::billing::PaymentProvider;
use payments::{EventKind, ProviderEvent};

use crate::{Billing, Outcome};

impl Billing {
    /// Handles an event; a repeat is handled again.
    ///
    /// # Promises
    /// Idempotent and independent of the order of events: only the provider's present state counts.
    ///
    /// # Errors
    /// The provider's and the store's: the event comes again.
    pub async fn handle(&self, event: &ProviderEvent) -> Result<Outcome, Failure> {
        let outcome = self.act(event).await?;
        self.store
            .note_handled(event.provider, &event.id, outcome.as_str())
            .await?;
        Ok(outcome)
    }

    async fn act(&self, event: &ProviderEvent) -> Result<Outcome, Failure> {
        let (provider, objects) = (event.provider, &event.objects);
        if event.livemode != self.setup(provider)?.livemode {
            return Ok(Outcome::OtherMode);
        }
        match event.kind {
            EventKind::Checkout => match &objects.checkout {
                Some(id) => self.fulfil_checkout(provider, id).await,
                None => Ok(Outcome::NoSuchObject),
            },
            EventKind::Invoice => match &objects.invoice {
                Some(id) => self.fulfil_invoice(provider, id).await,
                None => Ok(Outcome::NoSuchObject),
            },
            EventKind::Subscription => match &objects.subscription {
                Some(id) => self
                    .sync_subscription(provider, id)
                    .await
                    .map(|(outcome, _)| outcome),
                None => Ok(Outcome::NoSuchObject),
            },
            EventKind::Payment => match objects.payment.as_ref().or(objects.charge.as_ref()) {
                Some(id) => self.returned(provider, id, objects.checkout.as_deref()).await,
                None => Ok(Outcome::NoSuchObject),
            },
            EventKind::Other => Ok(Outcome::Ignored),
        }
    }

    /// Handles returned money. If the payment's own event is late, the event may still name the checkout.
    async fn returned(
        &self,
        provider: PaymentProvider,
        payment: &str,
        checkout: Option<&str>,
    ) -> Result<Outcome, Failure> {
        match (self.settle_refunds(provider, payment).await?, checkout) {
            (Outcome::NotGrantedYet, Some(id)) => self.fulfil_checkout(provider, id).await,
            (outcome, _) => Ok(outcome),
        }
    }
}
