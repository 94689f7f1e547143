//! `/v1/billing/subscription`: `GET` shows the account's subscription and every other one that is alive, `PATCH` changes
//! its plan from the next period on or takes a planned end back, `DELETE` ends all of them with their periods.

use api::{Access, Request, Response, authorize};
use billing::PlanRequest;
pub use billing_wiring::BillingDeps as Deps;
use domain::account::PlanId;
use domain::billing::{PaymentProvider, SubscriptionStatus};
use domain::{AccountId, Failure, Invalid, Timestamp};
use http::Method;
use ledger::ProductId;
use serde::{Deserialize, Serialize};
use store::Subscription;
use utoipa::{OpenApi, ToSchema};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_subscription, change_subscription, end_subscription))]
pub struct Docs;

/// A subscription as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
struct SubscriptionView {
    /// Who takes the money.
    provider: PaymentProvider,
    /// What the next invoice is for; absent when it is not ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<ProductId>,
    /// Plan whose limits it brings now: that of the paid product; absent while nothing is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanId>,
    /// What is paid for now.
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_product: Option<ProductId>,
    /// Until when that is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    paid_until: Option<Timestamp>,
    /// How it stands.
    status: SubscriptionStatus,
    /// When the current period ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    period_end: Option<Timestamp>,
    /// Whether it ends with its period.
    cancel_at_period_end: bool,
}

/// The account's subscription, if it ever had one.
#[derive(Debug, Serialize, ToSchema)]
struct CurrentSubscription {
    /// The one that brings credits, else the last.
    subscription: Option<SubscriptionView>,
    /// Every other one that is not over: it is about to be ended, or ends with its period.
    others: Vec<SubscriptionView>,
}

/// A change of the subscription: exactly one of the two fields.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateSubscriptionRequest {
    /// Another plan, from the next period on.
    product: Option<ProductId>,
    /// `false` takes a planned end back; `true` plans it, as `DELETE` does.
    cancel_at_period_end: Option<bool>,
}

impl From<Subscription> for SubscriptionView {
    fn from(row: Subscription) -> Self {
        Self {
            provider: row.provider,
            product: row.product,
            plan: row
                .paid
                .as_ref()
                .and_then(|paid| ledger::product(paid.product).plan),
            paid_product: row.paid.as_ref().map(|paid| paid.product),
            paid_until: row.paid.map(|paid| paid.until),
            status: row.status,
            period_end: row.period_end,
            cancel_at_period_end: row.cancel_at_period_end,
        }
    }
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `not_found`, or the provider's.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_subscription(deps, &request).await,
        Method::PATCH => change_subscription(deps, &request).await,
        Method::DELETE => end_subscription(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::PATCH, Method::DELETE])),
    }
}

/// Shows the subscription.
#[utoipa::path(get, path = "/v1/billing/subscription", tag = "billing",
    responses((status = 200, description = "The subscription, if there is one.", body = CurrentSubscription)))]
async fn show_subscription(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.billing.store, request, Access::Read).await?;
    let (current, others) = deps.billing.subscriptions(caller.account_id).await?;
    Response::ok(&CurrentSubscription {
        subscription: current.map(SubscriptionView::from),
        others: others.into_iter().map(SubscriptionView::from).collect(),
    })
}

/// Changes the plan from the next period on, or takes a planned end back.
#[utoipa::path(patch, path = "/v1/billing/subscription", tag = "billing", request_body = UpdateSubscriptionRequest,
    responses(
        (status = 200, description = "The subscription as it is now.", body = SubscriptionView),
        (status = 404, description = "not_found")))]
async fn change_subscription(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.billing.store, request, Access::Person).await?;
    let body: UpdateSubscriptionRequest = request.json()?;
    let change = match (body.product, body.cancel_at_period_end) {
        (Some(product), None) => PlanRequest::Product(product),
        (None, Some(false)) => PlanRequest::KeepOn,
        (None, Some(true)) => PlanRequest::End,
        _ => {
            let message = "or cancel_at_period_end must be given, and not both";
            return Err(Invalid::new("product", "one_of", message).into());
        }
    };
    apply(deps, request, caller.account_id, change).await
}

/// Ends every subscription of the account with its period: none renews.
#[utoipa::path(delete, path = "/v1/billing/subscription", tag = "billing",
    responses(
        (status = 200, description = "The subscription as it is now.", body = SubscriptionView),
        (status = 404, description = "not_found")))]
async fn end_subscription(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.billing.store, request, Access::Person).await?;
    let key = key_of(request);
    let row = deps.billing.end_subscriptions(caller.account_id, &key).await?;
    Response::ok(&SubscriptionView::from(row))
}

/// The provider is told under the call's own id: its client's tries are one change, and another call is another one.
async fn apply(
    deps: &Deps,
    request: &Request,
    account: AccountId,
    change: PlanRequest,
) -> Result<Response, Failure> {
    let key = key_of(request);
    let row = deps.billing.change_subscription(account, change, &key).await?;
    Response::ok(&SubscriptionView::from(row))
}

fn key_of(request: &Request) -> String {
    format!("subscription-{}", request.request_id)
}
