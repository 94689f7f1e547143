//! The route of a payment provider's webhooks, and which provider's check a delivery gets.

use api::{Request, Response};
use domain::billing::PaymentProvider;
use domain::{Failure, Timestamp};
use http::Method;
use payments::creem::webhook as creem;
use payments::signature::BODY_BYTES_MAX;
use payments::stripe::webhook as stripe;
use payments::{ProviderEvent, WebhookError, WebhookSecrets};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{DeliveryStatus, WebhookReceiver};

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// `queued`, `known` or `kept`.
    #[schema(example = "queued")]
    event: &'static str,
}

impl WebhookReceiver {
    /// Answers one call of the route: takes the delivery in its body.
    ///
    /// # Errors
    /// [`Failure`] with `webhook_refused`, `webhook_other_mode`, or the store's and the queue's.
    pub async fn answer(&self, request: &Request) -> Result<Response, Failure> {
        if request.method != Method::POST {
            return Err(request.method_not_allowed());
        }
        let signature = request.headers.get(signature_header(self.provider));
        let signature = signature.map(String::as_str);
        let taken = self.take(&request.body, signature, request.now).await?;
        Response::ok(&Delivery {
            event: match taken {
                DeliveryStatus::Queued => "queued",
                DeliveryStatus::Known => "known",
                DeliveryStatus::Stored => "kept",
            },
        })
    }
}

/// Name of the header that holds the signature, lower case.
const fn signature_header(provider: PaymentProvider) -> &'static str {
    match provider {
        PaymentProvider::Stripe => stripe::SIGNATURE_HEADER,
        PaymentProvider::Creem => creem::SIGNATURE_HEADER,
    }
}

/// Checks a delivery and reads its event.
///
/// # Shape
/// `body` is what was sent, byte for byte, after the gateway's base64; `signature` is the header's value.
///
/// # Errors
/// [`WebhookError`]; nothing of the body is told.
pub(crate) fn read_webhook(
    provider: PaymentProvider,
    body: &[u8],
    signature: Option<&str>,
    secrets: &WebhookSecrets,
    now: Timestamp,
) -> Result<ProviderEvent, WebhookError> {
    if body.len() > BODY_BYTES_MAX {
        return Err(WebhookError::BodyTooLong);
    }
    let signature = signature.ok_or(WebhookError::SignatureMissing)?;
    match provider {
        PaymentProvider::Stripe => stripe::read(body, signature, secrets, now),
        PaymentProvider::Creem => creem::read(body, signature, secrets),
    }
}

#[cfg(test)]
mod tests;
