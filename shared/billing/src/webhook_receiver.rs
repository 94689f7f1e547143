//! Takes a webhook: check the signature, store the event, queue it, answer.
//!
//! The provider waits for the answer, so nothing else happens here. An event is stored first, then queued, then marked
//! as queued. A delivery that finds the event stored and not marked queues it again: a function that dies in between
//! loses nothing, and the consumer handles a second copy without harm.

use std::sync::Arc;

use domain::billing::PaymentProvider;
use domain::ports::Queue;
use domain::{ErrorCode, Failure, Timestamp};
use payments::{EventKind, EventObjects, ProviderEvent, WebhookError, WebhookSecrets};
use serde_json::json;
use store::{EventState, SeenEvent, Store};

use crate::Outcome;
use crate::webhook::{read_webhook, signature_header};

/// Takes the webhooks of one payment provider.
#[derive(Debug)]
pub struct WebhookReceiver {
    /// Stores which events have come.
    pub store: Store,
    /// The payment provider that sends.
    pub provider: PaymentProvider,
    /// Secrets with which the provider signs; two while one is replaced.
    pub secrets: WebhookSecrets,
    /// Whether this stage takes real money.
    pub livemode: bool,
    /// Where events wait for their turn.
    pub queue: Arc<dyn Queue<ProviderEvent>>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It was put on the queue.
    Queued,
    /// It was handed over before.
    Known,
    /// Nothing is done about its type; it is stored for the record.
    Stored,
}

impl WebhookReceiver {
    /// Name of the header that holds the signature, lower case.
    pub const fn signature_header(&self) -> &'static str {
        signature_header(self.provider)
    }

    /// Takes one delivery: the raw body and the header with its signature.
    ///
    /// # Errors
    /// `webhook_refused` with the reason in `details`, and nothing of the body anywhere; `webhook_other_mode` for
    /// test money where real money counts, or the other way round; the store's and the queue's, on which the provider
    /// sends again. A missing secret is ours: `internal`.
    pub async fn take(
        &self,
        body: &[u8],
        signature: Option<&str>,
        now: Timestamp,
    ) -> Result<DeliveryStatus, Failure> {
        let event = read_webhook(self.provider, body, signature, &self.secrets, now).map_err(refused)?;
        if event.livemode != self.livemode {
            let details = json!({"reason": "livemode", "livemode": event.livemode});
            return Err(Failure::new(ErrorCode::WebhookOtherMode).with_details(details));
        }
        let seen = SeenEvent {
            kind: event.name.clone(),
            object_id: about(&event.objects).cloned(),
            created_at: event.created,
            seen_at: now,
            state: EventState::Received,
            outcome: None,
        };
        let known = self.store.remember_event(self.provider, &event.id, &seen).await?;
        if event.kind == EventKind::Other {
            let outcome = Outcome::Ignored.as_str();
            self.store.note_handled(self.provider, &event.id, outcome).await?;
            return Ok(DeliveryStatus::Stored);
        }
        if known.is_some_and(|known| known.state != EventState::Received) {
            return Ok(DeliveryStatus::Known);
        }
        self.queue.send(&event).await?;
        self.store.note_queued(self.provider, &event.id).await?;
        Ok(DeliveryStatus::Queued)
    }
}

/// The object that says most about the event.
fn about(objects: &EventObjects) -> Option<&String> {
    let EventObjects {
        checkout,
        customer,
        subscription,
        invoice,
        payment,
        charge,
        refund,
        dispute,
    } = objects;
    [
        dispute,
        refund,
        checkout,
        invoice,
        subscription,
        payment,
        charge,
        customer,
    ]
    .into_iter()
    .find_map(Option::as_ref)
}

fn refused(error: WebhookError) -> Failure {
    match error {
        WebhookError::SecretMissing => Failure::new(ErrorCode::Internal).because(error),
        other => {
            let details = json!({"reason": other.reason()});
            Failure::new(ErrorCode::WebhookRefused)
                .with_details(details)
                .because(other)
        }
    }
}
