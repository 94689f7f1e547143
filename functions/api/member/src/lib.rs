//! `/v1/members/{member_id}`: `PATCH` gives a member another role or budget, `DELETE` removes them or withdraws the
//! invitation; a member may also leave.
//!
//! # Promises
//! The next call of a removed member is refused and no job starts for them; jobs that run go on and are paid.
//!
//! # Shape
//! `events/member/`.

use std::sync::Arc;

use api::key_view::{parse_monthly_credits, present};
use api::{Access, MemberView, Request, Response, admit};
use domain::account::Caller;
use domain::member::{MemberAct, MemberRole, SpenderId};
use domain::ports::IdSource;
use domain::{Failure, MemberChangeId, MemberId};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use serde::Deserialize;
use store::{MemberActor, MemberTerms, Store};
use utoipa::{OpenApi, ToSchema};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Members.
    pub store: Store,
    /// Ids of rows of the log.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            ids: Arc::new(RandomIds),
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(change_member, remove_member))]
pub struct Docs;

/// Changes of a member; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMemberRequest {
    /// `admin|editor|viewer`.
    #[schema(value_type = Option<MemberRole>)]
    role: Option<String>,
    /// Credits that their jobs may take in a calendar month (UTC); null for as many as the account has.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    #[expect(
        clippy::option_option,
        reason = "left out, null and a number are three different requests"
    )]
    monthly_credits: Option<Option<i64>>,
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], `validation_failed`, `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::PATCH => change_member(deps, &request).await,
        Method::DELETE => remove_member(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Changes a member; what they have spent this month counts on.
#[utoipa::path(patch, path = "/v1/members/{member_id}", tag = "members", request_body = UpdateMemberRequest,
    params(("member_id" = String, Path, description = "Id of the member.")),
    responses((status = 200, description = "The member as they are now.", body = MemberView)))]
async fn change_member(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Person).await?;
    let id: MemberId = request.path_id("member_id")?;
    let body: UpdateMemberRequest = request.json()?;
    let role = body.role.as_deref().map(MemberRole::parse).transpose()?;
    let monthly = match body.monthly_credits {
        Some(monthly) => Some(monthly.map(parse_monthly_credits).transpose()?),
        None => None,
    };
    let account = caller.account_id;
    let before = deps.store.member(account, id).await?;
    let terms = MemberTerms {
        role: role.unwrap_or(before.role),
        monthly_credits: monthly.unwrap_or(before.monthly_credits),
    };
    let same = (terms.role, terms.monthly_credits) == (before.role, before.monthly_credits);
    let member = if same {
        before
    } else {
        deps.store
            .change_member(account, id, terms, actor(deps, &caller, request))
            .await?
    };
    let spent = deps.store.spent_this_month(account, request.now).await?;
    let spent = spent.get(&SpenderId::Member(id)).copied().unwrap_or_default();
    Response::ok(&MemberView::of(member, spent))
}

/// Removes a member, withdraws an invitation, or leaves the account.
#[utoipa::path(delete, path = "/v1/members/{member_id}", tag = "members",
    params(("member_id" = String, Path, description = "Id of the member.")),
    responses((status = 204, description = "They are gone.")))]
async fn remove_member(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let id = request.path_id::<MemberId>("member_id");
    let own = request.caller.as_ref().and_then(|caller| caller.member);
    let leaves = own.is_some_and(|member| id.as_ref().is_ok_and(|id| *id == member.id));
    let (access, act) = if leaves {
        (Access::Read, MemberAct::Left)
    } else {
        (Access::Person, MemberAct::Removed)
    };
    let caller = admit(&deps.store, request, access).await?;
    let actor = actor(deps, &caller, request);
    deps.store
        .remove_member(caller.account_id, id?, act, actor)
        .await?;
    Ok(Response::no_content())
}

fn actor(deps: &Deps, caller: &Caller, request: &Request) -> MemberActor {
    MemberActor {
        id: MemberChangeId::new(deps.ids.mint(request.now)),
        by: caller.person(),
        at: request.now,
    }
}
