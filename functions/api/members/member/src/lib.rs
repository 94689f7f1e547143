//! `/v1/members/{member_id}`: `PATCH` gives a member another role or budget, `DELETE` removes them or withdraws the
//! invitation; a member may also leave.
//!
//! # Promises
//! The next call of a removed member is refused and no job starts for them; jobs that run go on and are paid. The keys
//! that they made are withdrawn in the same act, as are those of who may hold no keys any more. Nobody raises their own
//! role or budget.
//!
//! # Shape
//! `events/member/`.

use api::key_view::{parse_monthly_credits, present};
use api::{Access, MemberView, Request, Response, authorize};
use domain::access_log::{AccessAct, Actor};
use domain::account::Caller;
use domain::member::{Member, MemberRole, SpenderId, raises};
use domain::{AccessChangeId, ErrorCode, Failure, MemberId, Patch};
use http::Method;
use serde::Deserialize;
use store::MemberTerms;
use utoipa::{OpenApi, ToSchema};
pub use wiring::CreateDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(change_member, remove_member))]
pub struct Docs;

/// Changes of a member; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMemberRequest {
    /// `admin|editor|viewer`.
    #[serde(default)]
    #[schema(value_type = MemberRole, required = false)]
    role: Patch<String>,
    /// Credits that their jobs may take in a calendar month (UTC); null for as many as the account has.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    #[expect(
        clippy::option_option,
        reason = "left out, null and a number are three different requests"
    )]
    monthly_credits: Option<Option<i64>>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::PATCH => change_member(deps, &request).await,
        Method::DELETE => remove_member(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::PATCH, Method::DELETE])),
    }
}

/// Changes a member; what they have spent this month counts on. An admin who becomes an editor or a viewer loses the
/// keys that they made. Nobody raises their own role or budget.
#[utoipa::path(patch, path = "/v1/members/{member_id}", tag = "members", request_body = UpdateMemberRequest,
    params(("member_id" = String, Path, description = "Id of the member.")),
    responses((status = 200, description = "The member as they are now.", body = MemberView)))]
async fn change_member(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Person).await?;
    let id: MemberId = request.path_id("member_id")?;
    let body: UpdateMemberRequest = request.json()?;
    let role = body
        .role
        .replaced("role")?
        .as_deref()
        .map(MemberRole::parse)
        .transpose()?;
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
    may_raise(&caller, &before, terms)?;
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

/// Removes a member with the keys that they made, withdraws an invitation, or leaves the account.
#[utoipa::path(delete, path = "/v1/members/{member_id}", tag = "members",
    params(("member_id" = String, Path, description = "Id of the member.")),
    responses((status = 204, description = "They are gone.")))]
async fn remove_member(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let id = request.path_id::<MemberId>("member_id");
    let person = request.caller.as_ref().filter(|caller| caller.key_id.is_none());
    let own = person.and_then(|caller| caller.member);
    let leaves = own.is_some_and(|member| id.as_ref().is_ok_and(|id| *id == member.id));
    let (access, act) = if leaves {
        (Access::Read, AccessAct::Left)
    } else {
        (Access::Person, AccessAct::Removed)
    };
    let caller = authorize(&deps.store, request, access).await?;
    let actor = actor(deps, &caller, request);
    deps.store
        .remove_member(caller.account_id, id?, act, actor)
        .await?;
    Ok(Response::no_content())
}

/// Nobody raises themselves, and who has a budget raises nobody: a second address of theirs would be a second budget.
fn may_raise(caller: &Caller, before: &Member, terms: MemberTerms) -> Result<(), Failure> {
    let more_rights = terms.role < before.role;
    let more_credits = raises(before.monthly_credits, terms.monthly_credits);
    let oneself = caller.member.is_some_and(|member| member.id == before.id);
    if (more_rights || more_credits) && (oneself || !caller.gives_budgets()) {
        return Err(Failure::new(ErrorCode::Forbidden)
            .saying("Nobody raises their own role or budget, nor anybody's beside a budget of their own."));
    }
    Ok(())
}

fn actor(deps: &Deps, caller: &Caller, request: &Request) -> Actor {
    let id = AccessChangeId::new(deps.ids.mint(request.now));
    Actor::of(caller, id, request.now)
}
