//! `/v1/user/me`: the caller's account; `GET` reads it, `PATCH` changes name and language.

use api::{Access, Request, Response, authorize};
use domain::account::{Account, NAME_CHARS_MAX, PlanId, Role};
use domain::settings::{Language, parse_line};
use domain::{AccountId, ErrorCode, Failure, Patch, Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
pub use wiring::StoreDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_me, change_me))]
pub struct Docs;

/// The caller's account.
#[derive(Debug, Serialize, ToSchema)]
struct Profile {
    /// Unique id of the account.
    #[schema(value_type = String)]
    id: AccountId,
    /// Email address.
    email: String,
    /// Name of the account, as its owner wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Language of mails.
    language: Language,
    /// Plan, which sets the limits of the account.
    plan: PlanId,
    /// Role: customer or operator.
    role: Role,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Account> for Profile {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            language: account.language,
            plan: account.plan,
            role: account.role,
            created_at: account.created_at,
        }
    }
}

/// Changes of the account; an absent field stays as it is, null takes it back to its default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateProfileRequest {
    /// Name, 1 to 80 characters; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    name: Patch<String>,
    /// Language of mails; null for that of `Accept-Language`.
    #[serde(default)]
    #[schema(value_type = Option<Language>)]
    language: Patch<String>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `conflict`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_me(deps, &request).await,
        Method::PATCH => change_me(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::PATCH])),
    }
}

/// Reads the account.
#[utoipa::path(get, path = "/v1/user/me", tag = "account",
    responses((status = 200, description = "The caller's account.", body = Profile)))]
async fn show_me(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let account = deps.store.account(caller.account_id).await?;
    Response::ok(&Profile::from(account))
}

/// Changes the account.
#[utoipa::path(patch, path = "/v1/user/me", tag = "account", request_body = UpdateProfileRequest,
    responses((status = 200, description = "The account after the change.", body = Profile)))]
async fn change_me(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Person).await?;
    if caller.member.is_some() {
        return Err(Failure::new(ErrorCode::Forbidden).saying("Only the account's own person may change it."));
    }
    let changes: UpdateProfileRequest = request.json()?;
    let before = deps.store.account(caller.account_id).await?;
    let name = match changes.name {
        Patch::Keep => before.name.clone(),
        Patch::Unset => None,
        Patch::Set(name) => Some(parse_line(&name, "name", NAME_CHARS_MAX)?),
    };
    let language = match changes.language {
        Patch::Keep => before.language,
        Patch::Unset => request.language(),
        Patch::Set(word) => Language::parse(&word)?,
    };
    let after = Account {
        name,
        language,
        updated_at: request.now,
        ..before
    };
    deps.store.update_account(&after).await?;
    Response::ok(&Profile::from(after))
}
