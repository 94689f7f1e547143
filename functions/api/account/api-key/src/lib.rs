//! `/v1/api-keys/{key_id}`: `PATCH` sets a key's monthly credits, `DELETE` withdraws it; its next call knows.
//!
//! # Shape
//! `events/api-key/`.

use api::key_view::{parse_monthly_credits, present};
use api::{Access, KeyView, Request, Response, authorize};
use domain::access_log::Actor;
use domain::account::Caller;
use domain::member::{SpenderId, raises};
use domain::{AccessChangeId, ApiKeyId, ErrorCode, Failure};
use http::Method;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
pub use wiring::CreateDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(update_key, delete_key))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::PATCH => update_key(deps, &request).await,
        Method::DELETE => delete_key(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::PATCH, Method::DELETE])),
    }
}

/// Changes of a key; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateKeyRequest {
    /// Credits that its jobs may take in a calendar month (UTC); null for as many as the account has.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    #[expect(
        clippy::option_option,
        reason = "left out, null and a number are three different requests"
    )]
    monthly_credits: Option<Option<i64>>,
}

/// Changes a key; what it has spent this month counts on.
#[utoipa::path(patch, path = "/v1/api-keys/{key_id}", tag = "account", request_body = UpdateKeyRequest,
    params(("key_id" = String, Path, description = "Id of the key.")),
    responses((status = 200, description = "The key as it is now.", body = KeyView)))]
async fn update_key(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Person).await?;
    let id: ApiKeyId = request.path_id("key_id")?;
    let change: UpdateKeyRequest = request.json()?;
    let account = caller.account_id;
    let key = match change.monthly_credits {
        Some(monthly) => {
            let monthly = monthly.map(parse_monthly_credits).transpose()?;
            let before = deps.store.key(account, id).await?;
            if raises(before.monthly_credits, monthly) && !caller.gives_budgets() {
                return Err(Failure::new(ErrorCode::Forbidden)
                    .saying("Who has a monthly budget raises no key's; the owner can."));
            }
            let actor = actor(deps, &caller, request);
            deps.store.set_key_budget(account, id, monthly, actor).await?
        }
        None => deps.store.key(account, id).await?,
    };
    let spent = deps.store.spent_this_month(account, request.now).await?;
    let spent = spent.get(&SpenderId::Key(id)).copied().unwrap_or_default();
    Response::ok(&KeyView::of(key, spent))
}

/// Withdraws a key.
#[utoipa::path(delete, path = "/v1/api-keys/{key_id}", tag = "account",
    params(("key_id" = String, Path, description = "Id of the key.")),
    responses((status = 204, description = "It is withdrawn.")))]
async fn delete_key(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Delete).await?;
    let key: ApiKeyId = request.path_id("key_id")?;
    let actor = actor(deps, &caller, request);
    deps.store.delete_key(caller.account_id, key, actor).await?;
    Ok(Response::no_content())
}

fn actor(deps: &Deps, caller: &Caller, request: &Request) -> Actor {
    let id = AccessChangeId::new(deps.ids.mint(request.now));
    Actor::of(caller, id, request.now)
}
