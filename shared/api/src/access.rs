//! Who may do what, and how often.

use domain::account::{Caller, Role};
use domain::ports::Work;
use domain::{ErrorCode, Failure, Scope};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{RateDecision, Store};

use crate::Request;
use crate::rate_limits::WindowState;
use crate::request::WithQuery;

/// Requests of one account in a clock minute.
pub const ACCOUNT_REQUESTS_PER_MINUTE: u32 = 100;
/// Calls that start paid work, of one account in a clock minute.
pub const GENERATIONS_PER_MINUTE: u32 = 10;
/// Requests of one client address to the public routes in a clock minute: sign-up and log-in are guessed at.
pub const PUBLIC_REQUESTS_PER_MINUTE: u32 = 30;

/// Mails with a code that one e-mail address is sent in a clock hour, whoever asks for them.
pub const MAILS_PER_HOUR: u32 = 5;

const MINUTE_S: u32 = 60;
const HOUR_S: u32 = 3600;

/// What a route lets its caller do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Read rows and files.
    Read,
    /// Make or change.
    Create,
    /// Delete rows and files.
    Delete,
    /// Make something that costs credits.
    Generate,
    /// Read what a program may not: addresses of people, and keys. Any signed-in person who may read.
    SignedIn,
    /// Make something that a program may not: only a signed-in person, the account's own or an admin of it.
    Person,
    /// Operate: only a signed-in person whose account is an operator's.
    Admin,
}

impl Access {
    const fn scope(self) -> Scope {
        match self {
            Self::Read | Self::SignedIn => Scope::Read,
            Self::Create | Self::Generate | Self::Person | Self::Admin => Scope::Create,
            Self::Delete => Scope::Delete,
        }
    }
}

/// Checks who calls, what they may do, how often, and that the route takes what stands in the query.
///
/// # Promises
/// Every window that is asked counts the call, also when a later check refuses it.
///
/// # Errors
/// [`Failure`] with `unauthenticated`, `forbidden`, `rate_limited` (`details.retry_after_s`) or `validation_failed` for
/// a query parameter that the route does not take, or the store's own: a limit that cannot be counted is not passed.
pub fn authorize<'a>(
    store: &'a Store,
    request: impl Into<WithQuery<'a>>,
    access: Access,
) -> Work<'a, Result<Caller, Failure>> {
    let with_query = request.into();
    let request = with_query.request;
    Box::pin(async move {
        let caller = request
            .caller
            .clone()
            .ok_or_else(|| Failure::new(request.refused.unwrap_or(ErrorCode::Unauthenticated)))?;
        if !caller.scopes.contains(&access.scope()) {
            return Err(
                Failure::new(ErrorCode::Forbidden).with_details(json!({"scope": access.scope().as_str()}))
            );
        }
        if matches!(access, Access::SignedIn | Access::Person | Access::Admin) && caller.key_id.is_some() {
            return Err(Failure::new(ErrorCode::Forbidden)
                .saying("Only a signed-in person may do this, not an API key."));
        }
        if access == Access::Person && !caller.manages() {
            return Err(Failure::new(ErrorCode::Forbidden)
                .saying("Only the account's owner or an admin of it may do this."));
        }
        if access == Access::Admin && caller.role != Role::Admin {
            return Err(Failure::new(ErrorCode::Forbidden).saying("Only an operator may do this."));
        }
        count(store, request, &caller, access).await?;
        with_query.check()?;
        Ok(caller)
    })
}

/// Limits the calls of one address to the routes that anybody may call.
///
/// # Errors
/// [`Failure`] with `rate_limited`, `validation_failed` for a query parameter that the route does not take, or the
/// store's own.
pub fn limit_public<'a>(
    store: &'a Store,
    request: impl Into<WithQuery<'a>>,
) -> Work<'a, Result<(), Failure>> {
    let with_query = request.into();
    let request = with_query.request;
    Box::pin(async move {
        let window = Window {
            name: Some("address"),
            key: format!("public#{}", request.source_ip),
            length_s: MINUTE_S,
            limit: PUBLIC_REQUESTS_PER_MINUTE,
        };
        window.count(store, request).await?;
        Ok(with_query.check()?)
    })
}

/// Limits the mails that strangers have sent to one address; an address that nobody has counts alike.
///
/// # Errors
/// [`Failure`] with `rate_limited`, or the store's own.
pub(crate) fn limit_mail<'a>(
    store: &'a Store,
    request: &'a Request,
    email: &'a str,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let window = Window {
            // Of an address that may be somebody else's: how often they asked is nobody's business.
            name: None,
            key: format!("mail#{}", hex::encode(Sha256::digest(email))),
            length_s: HOUR_S,
            limit: MAILS_PER_HOUR,
        };
        window.count(store, request).await
    })
}

struct Window {
    /// Name in the headers of the answer; without one it is not told.
    name: Option<&'static str>,
    key: String,
    length_s: u32,
    limit: u32,
}

impl Window {
    async fn count(&self, store: &Store, request: &Request) -> Result<(), Failure> {
        let decision = store
            .count_request(&self.key, self.length_s, self.limit, request.now)
            .await?;
        let (left, reset_s, retry_after_s) = match decision {
            RateDecision::Allowed { left } => (left, self.reset_s(request), None),
            RateDecision::Limited { retry_after_s } => (0, retry_after_s, Some(retry_after_s)),
        };
        if let Some(name) = self.name {
            request.rate_limits.add(WindowState {
                name,
                limit: self.limit,
                length_s: self.length_s,
                left,
                reset_s,
            });
        }
        match retry_after_s {
            None => Ok(()),
            Some(retry_after_s) => Err(Failure::new(ErrorCode::RateLimited).with_details(json!({
                "limit": self.limit,
                "window_s": self.length_s,
                "retry_after_s": retry_after_s,
            }))),
        }
    }

    /// Seconds until the window begins anew: windows are aligned to the clock.
    fn reset_s(&self, request: &Request) -> u32 {
        let length = i64::from(self.length_s.max(1));
        let gone = request.now.as_s().rem_euclid(length);
        u32::try_from(length.saturating_sub(gone)).unwrap_or(self.length_s)
    }
}

async fn count(store: &Store, request: &Request, caller: &Caller, access: Access) -> Result<(), Failure> {
    if let (Some(key), Some(limit)) = (caller.key_id, caller.key_requests_per_hour) {
        let window = Window {
            name: Some("key"),
            key: format!("key#{key}"),
            length_s: HOUR_S,
            limit,
        };
        window.count(store, request).await?;
    }
    let window = Window {
        name: Some("account"),
        key: format!("account#{}", caller.account_id),
        length_s: MINUTE_S,
        limit: ACCOUNT_REQUESTS_PER_MINUTE,
    };
    window.count(store, request).await?;
    if access == Access::Generate {
        let window = Window {
            name: Some("generate"),
            key: format!("generate#{}", caller.account_id),
            length_s: MINUTE_S,
            limit: GENERATIONS_PER_MINUTE,
        };
        window.count(store, request).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
