//! Creem's signature and events.
//!
//! The signature holds no time, so an old delivery stays right for ever: the event's id is the only guard against a
//! replay, and it must be remembered.
//!
//! # Source
//! armitage-labs/creem `packages/docs/code/webhooks.mdx` and `openapi.json`, read 2026-11-21.

use domain::{AccountId, Timestamp};
use serde_json::Value;

use crate::checkout::META_ACCOUNT;
use crate::signature::{hex_hmac, id, text};
use crate::{EventKind, EventObjects, PaymentProvider, ProviderEvent, WebhookError, WebhookSecrets};

/// Hexadecimal `HMAC-SHA256` of the body.
pub const SIGNATURE_HEADER: &str = "creem-signature";

/// Checks a delivery and reads its event.
///
/// # Errors
/// [`WebhookError`].
pub fn read(body: &[u8], header: &str, secrets: &WebhookSecrets) -> Result<ProviderEvent, WebhookError> {
    let signature = header.trim();
    if signature.len() != 64 || !signature.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(WebhookError::SignatureMalformed);
    }
    if !secrets.signed(&[body], &[signature]) {
        return Err(WebhookError::SignatureWrong);
    }
    let event = serde_json::from_slice(body).map_err(|_cause| WebhookError::BodyMalformed)?;
    parse_event(&event).ok_or(WebhookError::BodyMalformed)
}

/// The header of a delivery; for fakes and tests.
pub fn sign(body: &[u8], secret: &str) -> String {
    hex_hmac(secret, &[body])
}

fn parse_event(event: &Value) -> Option<ProviderEvent> {
    let name = text(event, "/eventType")?;
    let object = event.get("object").filter(|object| object.is_object())?;
    Some(ProviderEvent {
        provider: PaymentProvider::Creem,
        id: text(event, "/id").filter(|id| !id.is_empty())?.to_owned(),
        kind: kind(name),
        name: name.to_owned(),
        created: Timestamp::from_ms(event.get("created_at")?.as_i64()?),
        // `test`, `sandbox` and `local` are play money.
        livemode: text(object, "/mode") == Some("prod"),
        api_version: None,
        objects: objects(object),
        account: account(object),
    })
}

fn kind(name: &str) -> EventKind {
    match name {
        "checkout.completed" => EventKind::Checkout,
        // The only one that means money: `subscription.active` is for synchronisation.
        "subscription.paid" => EventKind::Invoice,
        "subscription.active"
        | "subscription.trialing"
        | "subscription.canceled"
        | "subscription.scheduled_cancel"
        | "subscription.expired"
        | "subscription.unpaid"
        | "subscription.update"
        | "subscription.past_due"
        | "subscription.paused" => EventKind::Subscription,
        "refund.created" | "dispute.created" => EventKind::Payment,
        _ => EventKind::Other,
    }
}

fn objects(object: &Value) -> EventObjects {
    let transaction = id(object, "/transaction").or_else(|| id(object, "/order/transaction"));
    let mut found = EventObjects {
        checkout: id(object, "/checkout"),
        customer: id(object, "/customer"),
        subscription: id(object, "/subscription"),
        payment: transaction.clone(),
        ..EventObjects::default()
    };
    let own = id(object, "/id");
    match text(object, "/object") {
        Some("checkout") => found.checkout = own,
        Some("subscription") => {
            found.subscription = own;
            found.invoice = id(object, "/last_transaction_id");
            found.payment.clone_from(&found.invoice);
        }
        Some("refund") => found.refund = own,
        Some("dispute") => found.dispute = own,
        _ => {}
    }
    if text(object, "/transaction/type") == Some("invoice") {
        found.invoice = transaction;
    }
    found
}

fn account(object: &Value) -> Option<AccountId> {
    ["/metadata", "/subscription/metadata", "/checkout/metadata"]
        .into_iter()
        .find_map(|place| object.pointer(place)?.get(META_ACCOUNT)?.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests;
