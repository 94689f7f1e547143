//! Stripe's signature, checked by its package, and its events, read by us.
//!
//! # Source
//! stripe-node `src/Webhooks.ts` and `async-stripe-webhook` 1.0.0-rc.10, read 2026-11-20.

use domain::{AccountId, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use stripe_webhook::Webhook;

use super::quietly;
use crate::checkout::META_ACCOUNT;
use crate::signature::{hex_hmac, id, text};
use crate::{EventKind, EventObjects, PaymentProvider, ProviderEvent, WebhookError, WebhookSecrets};

/// `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`.
pub const SIGNATURE_HEADER: &str = "stripe-signature";

/// Checks a delivery and reads its event.
///
/// # Promises
/// Any `v1` that is right under any secret is enough: Stripe sends several while a secret is rolled. `v0` and unknown
/// schemes count for nothing. The signature is checked before the time, so that a refusal tells a forger nothing.
/// An event of any version of the API is read.
///
/// # Limits
/// The signed time may lie 300 s from ours, both ways: the package's own limit.
///
/// # Errors
/// [`WebhookError`].
pub fn read(
    body: &[u8],
    header: &str,
    secrets: &WebhookSecrets,
    now: Timestamp,
) -> Result<ProviderEvent, WebhookError> {
    // The package takes text. Stripe's events are JSON, so what is no text was not signed by Stripe.
    let body = str::from_utf8(body).map_err(|_cause| WebhookError::SignatureWrong)?;
    let mut refused = WebhookError::SecretMissing;
    for secret in secrets.each() {
        match check(body, header, secret.expose_secret(), now) {
            Ok(()) => {
                let event = serde_json::from_str(body).map_err(|_cause| WebhookError::BodyMalformed)?;
                return parse_event(&event).ok_or(WebhookError::BodyMalformed);
            }
            Err(error) => refused = error,
        }
        // Only another secret's signature may still be right under the next one.
        if refused != WebhookError::SignatureWrong {
            break;
        }
    }
    Err(refused)
}

/// The package's check of signature and time under one secret.
///
/// Having found both right, it reads the event into types of its own version of the API, which an older event does not
/// fit; so its event is not looked at, and its failure to read one means that the check has passed.
fn check(body: &str, header: &str, secret: &str, now: Timestamp) -> Result<(), WebhookError> {
    use stripe_webhook::WebhookError as Refused;
    match quietly(|| Webhook::construct_event_with_timestamp(body, header, secret, now.as_s())) {
        Ok(_) | Err(Refused::BadParse(_)) => Ok(()),
        Err(Refused::BadHeader(_)) => Err(WebhookError::SignatureMalformed),
        Err(Refused::BadTimestamp(_)) => Err(WebhookError::TimestampOutside),
        Err(Refused::BadSignature | Refused::BadKey) => Err(WebhookError::SignatureWrong),
    }
}

/// The header of a delivery signed at a moment; for fakes and tests.
pub fn sign(body: &[u8], secret: &str, signed_at: Timestamp) -> String {
    let time = signed_at.as_s().to_string();
    let signature = hex_hmac(secret, &[time.as_bytes(), b".", body]);
    format!("t={time},v1={signature}")
}

fn parse_event(event: &Value) -> Option<ProviderEvent> {
    // A "thin" event of API v2 says `v2.core.event` and has no object inside.
    if text(event, "/object")? != "event" {
        return None;
    }
    let name = text(event, "/type")?;
    let object = event
        .pointer("/data/object")
        .filter(|object| object.is_object())?;
    Some(ProviderEvent {
        provider: PaymentProvider::Stripe,
        id: text(event, "/id").filter(|id| !id.is_empty())?.to_owned(),
        kind: kind(name),
        name: name.to_owned(),
        created: Timestamp::from_ms(event.get("created")?.as_i64()?.saturating_mul(1000)),
        livemode: event.get("livemode")?.as_bool()?,
        api_version: text(event, "/api_version").map(str::to_owned),
        objects: objects(object),
        account: account(object),
    })
}

fn kind(name: &str) -> EventKind {
    match name {
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.async_payment_failed"
        | "checkout.session.expired" => EventKind::Checkout,
        "invoice.paid"
        | "invoice.payment_succeeded"
        | "invoice.payment_failed"
        | "invoice.payment_action_required" => EventKind::Invoice,
        "customer.subscription.created"
        | "customer.subscription.updated"
        | "customer.subscription.deleted"
        | "customer.subscription.paused"
        | "customer.subscription.resumed"
        | "customer.subscription.trial_will_end" => EventKind::Subscription,
        "charge.refunded"
        | "refund.created"
        | "refund.updated"
        | "refund.failed"
        | "charge.refund.updated"
        | "charge.dispute.created"
        | "charge.dispute.updated"
        | "charge.dispute.funds_withdrawn"
        | "charge.dispute.funds_reinstated"
        | "charge.dispute.closed"
        | "radar.early_fraud_warning.created" => EventKind::Payment,
        _ => EventKind::Other,
    }
}

/// The ids of an object and of what it names, whatever its own type is.
fn objects(object: &Value) -> EventObjects {
    let mut found = EventObjects {
        customer: id(object, "/customer"),
        // Before 2025-03-31.basil an invoice named its subscription itself; an old endpoint still writes so.
        subscription: id(object, "/parent/subscription_details/subscription")
            .or_else(|| id(object, "/subscription")),
        invoice: id(object, "/invoice"),
        payment: id(object, "/payment_intent"),
        charge: id(object, "/charge"),
        ..EventObjects::default()
    };
    let own = id(object, "/id");
    match text(object, "/object") {
        Some("checkout.session") => found.checkout = own,
        Some("invoice") => found.invoice = own,
        Some("subscription") => found.subscription = own,
        Some("payment_intent") => found.payment = own,
        Some("charge") => found.charge = own,
        Some("refund") => found.refund = own,
        Some("dispute") => found.dispute = own,
        Some("customer") => found.customer = own,
        _ => {}
    }
    found
}

fn account(object: &Value) -> Option<AccountId> {
    ["/metadata", "/parent/subscription_details/metadata"]
        .into_iter()
        .filter_map(|place| object.pointer(place)?.get(META_ACCOUNT)?.as_str())
        .chain(text(object, "/client_reference_id"))
        .find_map(|id| id.parse().ok())
}

#[cfg(test)]
mod tests;
