//! `POST /v1/auth/login`: a password for a session; the first one opens the account with its gift.
//!
//! The account is looked at on every log-in, so one that died half-way after the pool said yes is made whole by
//! the next. The gift is keyed by the account and by the mailbox of its address, and comes once for both.

use std::sync::Arc;

use api::sign_in::{SessionView, account_of};
use api::{Request, Response, limit_public};
use domain::account::{PlanId, Role};
use domain::email::parse_email;
use domain::password::check_typed_password;
use domain::ports::{IdSource, People};
use domain::{AccountId, Credits, Failure, LotId, TransactionId};
use http::Method;
use ledger::{Grant, Origin};
use runtime::{Env, RandomIds, StartError};
use serde::Deserialize;
use store::{NewAccount, Store};
use utoipa::{OpenApi, ToSchema};

/// Credits that a new account is given; they live as long as every gift, 30 days.
const GIFT: Credits = Credits::new(100);

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Accounts, credits and rate windows.
    pub store: Store,
    /// The user pool.
    pub people: Arc<dyn People>,
    /// Ids of the gift's lot and history row.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store and the pool.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            people: Arc::new(runtime::people(env).await?),
            ids: Arc::new(RandomIds),
        })
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(log_in))]
pub struct Docs;

/// Email address and password of a person who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    /// Email address.
    #[schema(format = Email, max_length = 128)]
    email: String,
    /// Password, as it was typed.
    #[schema(format = Password, min_length = 1, max_length = 256)]
    password: String,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `unauthenticated` (a wrong password, an unknown address and one that is not
/// confirmed alike), `rate_limited`, or the pool's and the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => log_in(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Logs a person in.
#[utoipa::path(post, path = "/v1/auth/login", tag = "auth", security(()), request_body = LoginRequest,
    responses(
        (status = 200, description = "A session.", body = SessionView),
        (status = 401, description = "unauthenticated")))]
async fn log_in(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    limit_public(&deps.store, request).await?;
    let credentials: LoginRequest = request.json()?;
    let email = parse_email(&credentials.email)?;
    check_typed_password(&credentials.password, "password")?;
    let session = deps.people.log_in(&email, &credentials.password).await?;
    let id = account_of(&session)?;
    runtime::account(id);
    open_account(deps, request, id, email).await?;
    Response::ok(&SessionView::from(session))
}

async fn open_account(deps: &Deps, request: &Request, id: AccountId, email: String) -> Result<(), Failure> {
    let account = NewAccount {
        id,
        email,
        name: None,
        language: request.language(),
        plan: PlanId::Free,
        role: Role::Customer,
    };
    let gift = Grant {
        key: format!("signup:{id}"),
        lot_id: LotId::new(deps.ids.mint(request.now)),
        transaction_id: TransactionId::new(deps.ids.mint(request.now)),
        origin: Origin::Gift,
        credits: GIFT,
        expires_at: request.now.plus_days(Origin::Gift.days()),
        note: Some("Welcome".to_owned()),
    };
    deps.store
        .ensure_account(account, Some(gift), request.now)
        .await?;
    Ok(())
}
