//! `POST /v1/members/join`: takes an invitation; from then on the person acts in that account by naming it in
//! `x-account`.
//!
//! # Shape
//! `events/members-join/`.

use api::{Access, InvitationSecret, MemberView, Request, Response, authorize, idempotent};
use domain::ports::IdSource;
use domain::{AccessChangeId, AccountId, Credits, ErrorCode, Failure};
use http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
pub use wiring::CreateDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(join_account))]
pub struct Docs;

/// The secret of the invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinRequest {
    /// The secret that who invites was shown.
    #[schema(example = "rs_join_...")]
    invitation: String,
}

/// The account that the person joined, and their role in it.
#[derive(Debug, Serialize, ToSchema)]
struct JoinResponse {
    /// The account; send it as `x-account`.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// As what.
    member: MemberView,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `not_found` for an invitation that cannot be taken,
/// `conflict` for who acts in the account already, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => join_account(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Takes an invitation that is for the address of the caller's own account.
#[utoipa::path(post, path = "/v1/members/join", tag = "members", request_body = JoinRequest,
    responses(
        (status = 200, description = "The account and as what one acts in it.", body = JoinResponse),
        (status = 404, description = "not_found"),
        (status = 409, description = "conflict")))]
async fn join_account(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Person).await?;
    if caller.member.is_some() {
        return Err(
            Failure::new(ErrorCode::Forbidden).saying("Join with your own account: without x-account.")
        );
    }
    let body: JoinRequest = request.json()?;
    let secret =
        InvitationSecret::parse(&body.invitation).ok_or_else(|| Failure::new(ErrorCode::NotFound))?;
    idempotent(deps, &caller, request, async |ids| {
        let person = deps.store.account(caller.account_id).await?;
        let change = AccessChangeId::new(ids.mint(request.now));
        let member = deps
            .store
            .join(&secret.hash(), &person, change, request.now)
            .await?;
        Response::ok(&JoinResponse {
            account_id: member.account_id,
            member: MemberView::of(member, Credits::ZERO),
        })
    })
    .await
}
