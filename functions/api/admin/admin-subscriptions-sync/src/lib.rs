//! `POST /v1/admin/subscriptions/sync`: an operator compares with the providers: one account wholly, or all
//! subscriptions of a provider in batches of twenty; or gives a payment that brought no credits to an account.

use api::{Access, Request, Response, authorize, idempotent};
use billing::{Claim, SyncReport};
pub use billing_wiring::BillingDeps as Deps;
use domain::billing::PaymentProvider;
use domain::{AccountId, Failure, Invalid};
use http::Method;
use ledger::ProductId;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(sync_subscriptions))]
pub struct Docs;

/// What is to be compared: an account, or a batch of a provider.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SyncPaymentsRequest {
    /// One account, at every provider.
    account_id: Option<String>,
    /// Key of a payment that brought no credits, to be given to this account: `checkout:cs_...`, `invoice:in_...`.
    payment: Option<String>,
    /// What that payment was for, when it does not say.
    product: Option<ProductId>,
    /// All subscriptions of a provider, a batch of twenty at a time.
    provider: Option<PaymentProvider>,
    /// `next_cursor` of the batch before.
    cursor: Option<String>,
}

/// What was found and done.
#[derive(Debug, Serialize, ToSchema)]
struct SyncView {
    /// What came of the payment that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "granted")]
    payment: Option<&'static str>,
    #[serde(flatten)]
    report: SyncReport,
}

/// What is asked, after its rules.
#[derive(Debug, Clone)]
enum Look {
    Account(AccountId),
    Give(Claim),
    Batch(PaymentProvider, Option<String>),
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `not_found`, `conflict` for a payment
/// that was given to another account, or the provider's.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => sync_subscriptions(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Compares subscriptions and payments with their providers.
#[utoipa::path(post, path = "/v1/admin/subscriptions/sync", tag = "admin", request_body = SyncPaymentsRequest,
    responses(
        (status = 200, description = "What was found and done.", body = SyncView),
        (status = 404, description = "not_found"),
        (status = 409, description = "conflict")))]
async fn sync_subscriptions(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let store = &deps.billing.store;
    let caller = authorize(store, request, Access::Admin).await?;
    let look = parse(request.json()?)?;
    idempotent(deps, &caller, request, async |_ids| {
        Response::ok(&act(deps, look).await?)
    })
    .await
}

async fn act(deps: &Deps, look: Look) -> Result<SyncView, Failure> {
    let (payment, report) = match look {
        Look::Account(account) => (None, deps.billing.sync_account(account).await?),
        Look::Give(claim) => (
            Some(deps.billing.claim(&claim).await?.as_str()),
            SyncReport::default(),
        ),
        Look::Batch(provider, cursor) => (None, deps.billing.sync_batch(provider, cursor).await?),
    };
    Ok(SyncView { payment, report })
}

fn parse(body: SyncPaymentsRequest) -> Result<Look, Invalid> {
    let account = body.account_id.map(|text| text.parse::<AccountId>());
    let account = account
        .transpose()
        .map_err(|invalid| invalid.named("account_id"))?;
    match (account, body.payment, body.provider) {
        (Some(account_id), Some(key), None) => Ok(Look::Give(Claim {
            key,
            account_id,
            product: body.product,
        })),
        (Some(account), None, None) => Ok(Look::Account(account)),
        (None, None, Some(provider)) => Ok(Look::Batch(provider, body.cursor)),
        _ => Err(Invalid::new(
            "account_id",
            "one_of",
            "or provider must be given, and not both",
        )),
    }
}
