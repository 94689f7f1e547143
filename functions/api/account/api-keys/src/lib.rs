//! `/v1/api-keys`: the keys of the caller's programs; `GET` lists them, `POST` makes one and shows its secret once.
//!
//! Only a signed-in person makes keys: a leaked key cannot make itself heirs. A key acts for who made it: it ends with
//! their right to hold keys, and its jobs count on their budget too.

use api::key_view::parse_monthly_credits;
use api::{Access, KeySecret, KeyView, PageView, Request, Response, authorize, idempotent};
use domain::access_log::Actor;
use domain::account::{ApiKey, Caller, KEY_REQUESTS_PER_HOUR_DEFAULT, NAME_CHARS_MAX};
use domain::member::SpenderId;
use domain::ports::IdSource;
use domain::settings::parse_line;
use domain::{AccessChangeId, ApiKeyId, Credits, ErrorCode, Failure, Invalid, Scope, Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};
use store::{Page, StoreError};
use utoipa::{OpenApi, ToSchema};
pub use wiring::SecretDeps as Deps;

/// Most keys of one account: a list that a person can still judge.
const KEYS_MAX: u32 = 20;
/// Most requests an hour that a key may have.
const REQUESTS_PER_HOUR_MAX: u32 = 100_000;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_keys, create_key))]
pub struct Docs;

/// A new key. A repeat with the same `Idempotency-Key` answers without `secret`: it is shown once.
#[derive(Serialize, ToSchema)]
struct NewKeyView {
    #[serde(flatten)]
    key: KeyView,
    /// Send it as `x-api-key`; it cannot be shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "rs_live_...")]
    secret: Option<String>,
}

/// A key to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateKeyRequest {
    /// Name, 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// One or more of `create`, `read`, `delete`.
    #[schema(value_type = Vec<Scope>, min_items = 1, max_items = 3)]
    scopes: Vec<String>,
    /// When it stops working; never when absent.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Requests in any clock hour, 1 to 100,000; default 1000.
    #[schema(minimum = 1, maximum = 100_000)]
    requests_per_hour: Option<i64>,
    /// Credits that its jobs may take in a calendar month (UTC); as many as the account has when absent.
    #[schema(minimum = 0)]
    monthly_credits: Option<i64>,
}

/// A request whose fields were checked.
#[derive(Debug, Clone)]
struct NewKey {
    name: String,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
    requests_per_hour: u32,
    monthly_credits: Option<Credits>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `conflict` at 20 keys, or the
/// store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_keys(deps, &request).await,
        Method::POST => create_key(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
    }
}

/// Lists the keys; there are at most 20, so there is one page.
#[utoipa::path(get, path = "/v1/api-keys", tag = "account",
    responses((status = 200, description = "Every key.", body = PageView<KeyView>)))]
async fn list_keys(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::SignedIn).await?;
    let keys = deps.store.keys(caller.account_id).await?;
    let spent = deps
        .store
        .spent_this_month(caller.account_id, request.now)
        .await?;
    let items = keys
        .into_iter()
        .map(|key| {
            let spent = spent.get(&SpenderId::Key(key.id)).copied().unwrap_or_default();
            KeyView::of(key, spent)
        })
        .collect();
    Response::ok(&PageView::<KeyView>::of(Page { items, next: None }))
}

/// Makes a key.
#[utoipa::path(post, path = "/v1/api-keys", tag = "account", request_body = CreateKeyRequest,
    responses(
        (status = 201, description = "The key and, this once, its secret.", body = NewKeyView),
        (status = 409, description = "conflict")))]
async fn create_key(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Person).await?;
    let new_key = NewKey::parse(request.json()?, request.now)?;
    idempotent(deps, &caller, request, async |ids| {
        make(deps, request.now, &caller, new_key, &ids).await
    })
    .await
}

async fn make(
    deps: &Deps,
    now: Timestamp,
    caller: &Caller,
    new_key: NewKey,
    ids: &dyn IdSource,
) -> Result<Response, Failure> {
    let account_id = caller.account_id;
    let actor = || Actor::of(caller, AccessChangeId::new(deps.ids.mint(now)), now);
    let id = ApiKeyId::new(ids.mint(now));
    let held = deps.store.keys(account_id).await?;
    if held.iter().any(|key| key.id == id) {
        // A call that died before its answer made this key: nobody has seen its secret, so it gets another.
        deps.store.delete_key(account_id, id, actor()).await?;
    }
    let secret = KeySecret::make(deps.entropy.as_ref());
    let key = ApiKey {
        id,
        account_id,
        name: new_key.name,
        prefix: secret.shown_prefix(),
        hash: secret.hash(),
        scopes: new_key.scopes,
        requests_per_hour: new_key.requests_per_hour,
        monthly_credits: new_key.monthly_credits,
        expires_at: new_key.expires_at,
        last_used_at: None,
        created_by: Some(caller.key_maker()),
        created_at: now,
    };
    deps.store
        .create_key(&key, actor(), KEYS_MAX)
        .await
        .map_err(|error| match error {
            StoreError::Full { .. } => Failure::new(ErrorCode::Conflict)
                .saying("The account has 20 keys, the most there may be; delete one first."),
            other => other.into(),
        })?;
    let path = format!("/v1/api-keys/{}", key.id);
    let shown = NewKeyView {
        key: KeyView::of(key.clone(), Credits::ZERO),
        secret: Some(secret.reveal().to_owned()),
    };
    let later = NewKeyView {
        key: KeyView::of(key, Credits::ZERO),
        secret: None,
    };
    Response::created(&shown, &path)?.replayed_as(&later)
}

impl NewKey {
    fn parse(body: CreateKeyRequest, now: Timestamp) -> Result<Self, Invalid> {
        let mut scopes = body
            .scopes
            .iter()
            .map(|word| Scope::parse(word))
            .collect::<Result<Vec<_>, _>>()?;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Invalid::new("scopes", "required", "must name at least one scope"));
        }
        Ok(Self {
            name: parse_line(&body.name, "name", NAME_CHARS_MAX)?,
            scopes,
            expires_at: body.expires_at.map(|text| parse_expiry(&text, now)).transpose()?,
            requests_per_hour: body
                .requests_per_hour
                .map_or(Ok(KEY_REQUESTS_PER_HOUR_DEFAULT), parse_rate)?,
            monthly_credits: body.monthly_credits.map(parse_monthly_credits).transpose()?,
        })
    }
}

fn parse_expiry(text: &str, now: Timestamp) -> Result<Timestamp, Invalid> {
    let end: Timestamp = text
        .parse()
        .map_err(|invalid: Invalid| invalid.named("expires_at"))?;
    if end > now {
        Ok(end)
    } else {
        Err(Invalid::new("expires_at", "past", "must be in the future"))
    }
}

fn parse_rate(requests: i64) -> Result<u32, Invalid> {
    u32::try_from(requests)
        .ok()
        .filter(|requests| (1..=REQUESTS_PER_HOUR_MAX).contains(requests))
        .ok_or_else(|| Invalid::new("requests_per_hour", "range", "must be 1 to 100000"))
}
