//! The route of a payment provider's webhooks, the same for every provider.

use api::{Request, Response};
use billing::{DeliveryStatus, WebhookReceiver};
use domain::Failure;
use http::Method;
use serde::Serialize;
use utoipa::ToSchema;

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// `queued`, `known` or `stored`.
    #[schema(example = "queued")]
    event: &'static str,
}

/// Answers one call of the route: takes the delivery in its body.
///
/// # Errors
/// [`Failure`] with `method_not_allowed` and as [`WebhookReceiver::take`].
pub async fn take_webhook(receiver: &WebhookReceiver, request: &Request) -> Result<Response, Failure> {
    if request.method != Method::POST {
        return Err(request.method_not_allowed(&[Method::POST]));
    }
    let signature = request.headers.get(receiver.signature_header());
    let signature = signature.map(String::as_str);
    let taken = receiver.take(&request.body, signature, request.now).await?;
    Response::ok(&Delivery {
        event: match taken {
            DeliveryStatus::Queued => "queued",
            DeliveryStatus::Known => "known",
            DeliveryStatus::Stored => "stored",
        },
    })
}
