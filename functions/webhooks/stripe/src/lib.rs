//! `POST /v1/webhooks/stripe`: checks Stripe's signature over the raw body, remembers the event, puts it on the queue and
//! answers.
//!
//! Stripe has no account with us, so the route is public; what counts is the signature. `payment-events` does the rest.

use api::{Request, Response};
use billing::WebhookReceiver;
use billing_wiring::{Delivery, take_webhook};
use domain::Failure;
use domain::billing::PaymentProvider;
use runtime::{Env, StartError};
use utoipa::OpenApi;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(take_stripe_webhook))]
pub struct Docs;

/// Connects the store and the queue.
///
/// # Errors
/// [`StartError`] for a missing or odd variable.
pub async fn connect(env: &Env) -> Result<WebhookReceiver, StartError> {
    billing_wiring::webhook_receiver(env, PaymentProvider::Stripe).await
}

/// Takes one delivery; the gateway hands on no other method than `POST`.
///
/// # Errors
/// As [`take_webhook`].
pub async fn handle(receiver: &WebhookReceiver, request: Request) -> Result<Response, Failure> {
    take_stripe_webhook(receiver, &request).await
}

/// Takes a webhook of Stripe.
#[utoipa::path(post, path = "/v1/webhooks/stripe", tag = "webhooks", security(()),
    responses(
        (status = 200, description = "It is remembered, and worked on by a queue.", body = inline(Delivery)),
        (status = 400, description = "webhook_refused, webhook_other_mode")))]
async fn take_stripe_webhook(receiver: &WebhookReceiver, request: &Request) -> Result<Response, Failure> {
    take_webhook(receiver, request).await
}
