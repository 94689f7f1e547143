//! The HTTP API's authorizer (payload 2.0, simple answer): a bearer token or an `x-api-key` to a [`Caller`].
//!
//! It always answers `isAuthorized: true`, and the routes refuse a request without a caller ([`api::authorize`]).
//! With `false` the gateway would answer 403 `{"message":"Forbidden"}` by itself: without our envelope, code and
//! request id, and 403 where 401 is meant. It has no identity source, because two sources must both be there,
//! and therefore no cache: a withdrawn key stops at once.
//!
//! A person acts in another one's account by naming it in `x-account`, when they are a member there; the member is
//! read with each call, and so is the member who made a key.
//!
//! # Shape
//! `events/authorizer/`. The context has `caller` (JSON as text, context values are strings) or `refused` (code).

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{KeySecret, Tokens};
use domain::account::{Account, ApiKey, Caller, Role};
use domain::member::Membership;
use domain::ports::Clock;
use domain::{AccountId, ErrorCode, Failure, Invalid, Scope, Timestamp};
use runtime::{Env, StartError, SystemClock};
use serde::{Deserialize, Serialize};
use store::Store;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Accounts and keys.
    pub store: Store,
    /// Check of bearer tokens.
    pub tokens: Arc<dyn Tokens>,
    /// Clock against which keys expire.
    pub clock: Arc<dyn Clock>,
}

impl Deps {
    /// Connects to the store and to the pool's keys.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            tokens: Arc::new(runtime::tokens(env)?),
            clock: Arc::new(SystemClock),
        })
    }
}

/// The part of the gateway's event that decides.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// Headers; the gateway writes their names in lower case, a test may not.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// The simple answer.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    #[serde(rename = "isAuthorized")]
    is_authorized: bool,
    context: Context,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Context {
    Caller(String),
    Refused(ErrorCode),
}

/// Finds out who calls.
///
/// # Errors
/// [`Failure`] with `internal` when the answer cannot be written; everything else is part of the answer.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    let context = match find_caller(deps, &request).await {
        Ok(caller) => {
            runtime::account(caller.account_id);
            let json = serde_json::to_string(&caller)
                .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
            Context::Caller(json)
        }
        Err(failure) => {
            // The route that refuses cannot know why; the cause is logged here, without the credentials.
            runtime::log_failure(&failure);
            Context::Refused(failure.code)
        }
    };
    Ok(Response {
        is_authorized: true,
        context,
    })
}

async fn find_caller(deps: &Deps, request: &Request) -> Result<Caller, Failure> {
    let header = |name: &str| {
        request
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    let now = deps.clock.now();
    let caller = match (header("authorization"), header("x-api-key")) {
        (Some(authorization), _) => by_token(deps, authorization, now).await?,
        (None, Some(secret)) => by_key(deps, secret, now).await?,
        (None, None) => return Err(unauthenticated()),
    };
    match header("x-account") {
        Some(account) => in_account(deps, caller, account).await,
        None => Ok(caller),
    }
}

/// The caller in the account that they name: their own, or one in which they are a member.
///
/// An account in which they are not is `not_found`, as is one that nobody has.
async fn in_account(deps: &Deps, caller: Caller, account: &str) -> Result<Caller, Failure> {
    let not_found = || Failure::new(ErrorCode::NotFound);
    let id: AccountId = account.parse().map_err(|_no_id: Invalid| not_found())?;
    if id == caller.account_id {
        return Ok(caller);
    }
    if caller.key_id.is_some() {
        return Err(not_found());
    }
    let member = deps.store.member_of(id, caller.account_id).await?;
    let membership = member
        .and_then(|member| member.membership())
        .ok_or_else(not_found)?;
    let account = deps.store.account(id).await?;
    Ok(Caller {
        scopes: membership.role.scopes(),
        member: Some(membership),
        // An operator operates from their own account only.
        role: Role::Customer,
        ..caller_of(&account)
    })
}

async fn by_token(deps: &Deps, authorization: &str, now: Timestamp) -> Result<Caller, Failure> {
    let (scheme, token) = authorization.split_once(' ').ok_or_else(unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthenticated());
    }
    let bearer = deps.tokens.bearer(token.trim(), now).await?;
    let (account, ended) = tokio::join!(
        deps.store.account(bearer.account),
        is_ended(deps, bearer.session.as_deref()),
    );
    let account = match account {
        Ok(account) => account,
        // Every log-in makes the account, so a token without one is of an account that was removed.
        Err(error) if error.code() == ErrorCode::NotFound => return Err(unauthenticated()),
        Err(error) => return Err(error.into()),
    };
    // Tokens know seconds: one of the very second of a log-out is of the log-in after it.
    let withdrawn = account
        .sessions_from
        .is_some_and(|from| bearer.issued_at.as_s() < from.as_s());
    if withdrawn || ended? {
        return Err(unauthenticated());
    }
    Ok(Caller {
        scopes: Scope::ALL.to_vec(),
        ..caller_of(&account)
    })
}

async fn by_key(deps: &Deps, secret: &str, now: Timestamp) -> Result<Caller, Failure> {
    let secret = KeySecret::parse(secret).ok_or_else(unauthenticated)?;
    let (key, account) = deps
        .store
        .key_by_hash(&secret.hash())
        .await?
        .ok_or_else(unauthenticated)?;
    if key.expires_at.is_some_and(|end| end <= now) {
        return Err(unauthenticated());
    }
    let member = maker_of(deps, &key).await?;
    // The time of the last use is for its owner's eyes; losing one must not cost the call.
    if let Err(error) = deps.store.note_key_use(&key, now).await {
        tracing::warn!(error = %error, "the use of a key was not noted");
    }
    Ok(Caller {
        key_id: Some(key.id),
        key_requests_per_hour: Some(key.requests_per_hour),
        key_monthly_credits: key.monthly_credits,
        member,
        scopes: key.scopes,
        ..caller_of(&account)
    })
}

/// Whether the session of a token was ended by a log-out.
async fn is_ended(deps: &Deps, session: Option<&str>) -> Result<bool, Failure> {
    match session {
        Some(session) => Ok(deps.store.is_session_ended(session).await?),
        None => Ok(false),
    }
}

/// As what the key's maker acts; none for the account's own person.
///
/// Keys are withdrawn together with their maker's right to hold them; one that was made at the same moment ends here.
async fn maker_of(deps: &Deps, key: &ApiKey) -> Result<Option<Membership>, Failure> {
    let Some(id) = key.made_by_member() else {
        return Ok(None);
    };
    let membership = match deps.store.member(key.account_id, id).await {
        Ok(member) => member.membership().filter(|member| member.role.manages()),
        Err(error) if error.code() == ErrorCode::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    membership.map(Some).ok_or_else(unauthenticated)
}

fn caller_of(account: &Account) -> Caller {
    Caller {
        account_id: account.id,
        key_id: None,
        key_requests_per_hour: None,
        key_monthly_credits: None,
        member: None,
        scopes: Vec::new(),
        plan: account.plan,
        role: account.role,
    }
}

fn unauthenticated() -> Failure {
    Failure::new(ErrorCode::Unauthenticated)
}
