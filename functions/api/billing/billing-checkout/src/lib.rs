//! `POST /v1/billing/checkout`: opens a provider's page on which the account buys a pack or subscribes.
//!
//! Only a signed-in person spends money. The credits come when the provider says that it was paid, not when the
//! customer comes back.

use api::{Access, Request, Response, authorize, idempotent};
use billing::Order;
pub use billing_wiring::CheckoutDeps as Deps;
use domain::billing::PaymentProvider;
use domain::ports::IdSource;
use domain::{Failure, Timestamp};
use http::Method;
use ledger::ProductId;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(open_checkout))]
pub struct Docs;

/// A product to buy, and the payment provider to pay at.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckoutRequest {
    /// Which pack or subscription.
    product: ProductId,
    /// Who takes the money.
    provider: PaymentProvider,
}

/// A page on which it is paid.
#[derive(Debug, Serialize, ToSchema)]
struct CheckoutView {
    /// The provider's id.
    #[schema(example = "cs_test_1")]
    id: String,
    /// Where to send the customer.
    url: String,
    /// When the page closes; absent when the provider does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `subscription_exists`, or the
/// provider's.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => open_checkout(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Opens a page on which a pack or a subscription is paid.
#[utoipa::path(post, path = "/v1/billing/checkout", tag = "billing", request_body = CheckoutRequest,
    responses(
        (status = 201, description = "The page.", body = CheckoutView),
        (status = 409, description = "subscription_exists")))]
async fn open_checkout(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let store = &deps.billing.store;
    let caller = authorize(store, request, Access::Person).await?;
    let body: CheckoutRequest = request.json()?;
    idempotent(deps, &caller, request, async |ids| {
        let account = deps.billing.store.account(caller.account_id).await?;
        let order = Order {
            provider: body.provider,
            product: body.product,
            success_url: format!("{}?checkout=done", deps.return_url),
            cancel_url: format!("{}?checkout=cancelled", deps.return_url),
            idempotency_key: format!("checkout-{}", ids.mint(request.now)),
        };
        let checkout = deps.billing.checkout(&account, &order).await?;
        let view = CheckoutView {
            id: checkout.id,
            url: checkout.url,
            expires_at: checkout.expires_at,
        };
        Response::created(&view, &view.url)
    })
    .await
}
