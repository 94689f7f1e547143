//! `POST /v1/billing/portal`: opens the provider's page where a customer looks after card, plan and invoices.

use api::{Access, Request, Response, authorize};
pub use billing_wiring::CheckoutDeps as Deps;
use domain::Failure;
use domain::billing::PaymentProvider;
use http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(open_portal))]
pub struct Docs;

/// The payment provider whose page is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PortalRequest {
    /// Who takes the money.
    provider: PaymentProvider,
}

/// The page.
#[derive(Debug, Serialize, ToSchema)]
struct PortalView {
    /// Where to send the customer; valid for minutes.
    url: String,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `not_found` for an account that never paid by this
/// provider, or the provider's.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => open_portal(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Opens the provider's page for card, plan and invoices.
///
/// Takes no `Idempotency-Key`: a page is valid for minutes, and another one costs nothing.
#[utoipa::path(post, path = "/v1/billing/portal", tag = "billing", request_body = PortalRequest,
    responses(
        (status = 200, description = "The page.", body = PortalView),
        (status = 404, description = "not_found")))]
async fn open_portal(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.billing.store, request, Access::Person).await?;
    let body: PortalRequest = request.json()?;
    let account = deps.billing.store.account(caller.account_id).await?;
    let url = deps
        .billing
        .portal(&account, body.provider, &deps.return_url)
        .await?;
    Response::ok(&PortalView { url })
}
