//! Which provider's check a delivery gets.

use domain::Timestamp;
use domain::billing::PaymentProvider;
use payments::creem::webhook as creem;
use payments::signature::BODY_BYTES_MAX;
use payments::stripe::webhook as stripe;
use payments::{ProviderEvent, WebhookError, WebhookSecrets};

/// Name of the header that holds the signature, lower case.
pub(crate) const fn signature_header(provider: PaymentProvider) -> &'static str {
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
