//! Webhook events. Each is stored before it is answered; until it is marked as queued, every delivery queues it again.

use domain::Timestamp;
use domain::billing::PaymentProvider;
use domain::ports::Work;
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{decode, encode, item, number};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// Days for which an event is remembered: providers repeat for three days and list thirty back.
pub const EVENT_DAYS: i64 = 45;

/// What is remembered of an event: never its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenEvent {
    /// Its type, in the provider's word.
    pub kind: String,
    /// The provider's id of what it is about, when it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// When the provider made it.
    pub created_at: Timestamp,
    /// When it was first seen.
    pub seen_at: Timestamp,
    /// How far it has come.
    pub state: EventState,
    /// What came of it, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// Remembered, perhaps not handed over yet.
    Received,
    /// Handed over to the queue.
    Queued,
    /// Its object was read again and the ledger brought to it.
    Handled,
}

impl Store {
    /// Remembers an event; answers with how far it had come when it was seen before.
    ///
    /// # Promises
    /// Of any number of deliveries at once exactly one is told that it is new.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn remember_event<'a>(
        &'a self,
        provider: PaymentProvider,
        id: &'a str,
        event: &'a SeenEvent,
    ) -> Work<'a, Result<Option<SeenEvent>, StoreError>> {
        Box::pin(async move {
            let operation = "remember an event";
            let now = event.seen_at;
            let mut row = item(Key::provider_event(provider, id), "provider_event", event)?;
            row.insert("expires_at".to_owned(), number(now.plus_days(EVENT_DAYS).as_s()));
            let absent = "attribute_not_exists(pk) OR #expires_at < :now";
            let write = Write::put(&self.tables.ephemeral, row, absent).value("now", number(now.as_s()));
            if self.write(operation, write).await?.is_some() {
                return Ok(None);
            }
            let row = self.event(provider, id).await?;
            row.map(Some).ok_or(StoreError::Contended { operation })
        })
    }

    /// An event that was seen.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn event<'a>(
        &'a self,
        provider: PaymentProvider,
        id: &'a str,
    ) -> Work<'a, Result<Option<SeenEvent>, StoreError>> {
        Box::pin(async move {
            let key = Key::provider_event(provider, id);
            let row = self.get("read an event", &self.tables.ephemeral, key).await?;
            row.map(decode).transpose()
        })
    }

    /// Notes that an event was handed over; one that was worked on meanwhile stays so.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_queued<'a>(
        &'a self,
        provider: PaymentProvider,
        id: &'a str,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.ephemeral,
                Key::provider_event(provider, id),
                "SET #body.#state = :queued",
                "#body.#state = :received",
            )
            .value("queued", encode(&EventState::Queued)?)
            .value("received", encode(&EventState::Received)?);
            self.write("note that an event is queued", write).await.map(drop)
        })
    }

    /// Notes what came of an event; harmless when it was forgotten.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_handled<'a>(
        &'a self,
        provider: PaymentProvider,
        id: &'a str,
        outcome: &'a str,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.ephemeral,
                Key::provider_event(provider, id),
                "SET #body.#state = :handled, #body.#outcome = :outcome",
                "attribute_exists(pk)",
            )
            .value("handled", encode(&EventState::Handled)?)
            .value("outcome", encode(&outcome)?);
            self.write("note what came of an event", write).await.map(drop)
        })
    }
}
