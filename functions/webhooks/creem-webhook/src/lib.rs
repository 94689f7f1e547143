//! `POST /v1/webhooks/creem`: takes Creem's webhooks: checks the signature over the raw body, remembers the event, puts it
//! on the queue and answers.
//!
//! Creem has no account with us, so the route is public; what counts is the signature. `payment-events` does the rest.

use api::{Request, Response};
use billing::{Intake, Taken};
use domain::Failure;
use domain::billing::PaymentVendor;
use http::Method;
use providers::payments::signature_header;
use runtime::{Env, StartError};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Takes deliveries.
    pub intake: Intake,
}

impl Deps {
    /// Connects the store and the queue.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            intake: billing::intake(env, PaymentVendor::Creem).await?,
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(take_creem_webhook))]
pub struct Docs;

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreemDelivery)]
struct Delivery {
    /// `queued`, `known` or `kept`.
    #[schema(example = "queued")]
    event: &'static str,
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with `webhook_refused`, `webhook_other_mode`, or the store's and the queue's.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => take_creem_webhook(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Takes a webhook of Creem.
#[utoipa::path(post, path = "/v1/webhooks/creem", tag = "webhooks", security(()),
    responses(
        (status = 200, description = "It is kept.", body = inline(Delivery)),
        (status = 400, description = "webhook_refused, webhook_other_mode")))]
async fn take_creem_webhook(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let signature = request.headers.get(signature_header(PaymentVendor::Creem));
    let taken = deps
        .intake
        .take(&request.body, signature.map(String::as_str), request.now)
        .await?;
    Response::ok(&Delivery {
        event: match taken {
            Taken::Queued => "queued",
            Taken::Known => "known",
            Taken::Kept => "kept",
        },
    })
}
