//! `POST /v1/members/join`: takes an invitation; from then on the person acts in that account by naming it in
//! `x-account`.
//!
//! # Shape
//! `events/members-join/`.

use std::sync::Arc;

use api::{Access, InvitationSecret, MemberView, Request, Response, admit, once};
use domain::ports::IdSource;
use domain::{AccountId, Credits, ErrorCode, Failure, MemberChangeId};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use serde::{Deserialize, Serialize};
use store::Store;
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

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`] and [`once()`], `not_found` for an invitation that cannot be taken,
/// `conflict` for who acts in the account already, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => join_account(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Takes an invitation that is for the address of the caller's own account.
#[utoipa::path(post, path = "/v1/members/join", tag = "members", request_body = JoinRequest,
    responses(
        (status = 200, description = "The account and as what one acts in it.", body = JoinResponse),
        (status = 404, description = "not_found"),
        (status = 409, description = "conflict")))]
async fn join_account(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Person).await?;
    if caller.member.is_some() {
        return Err(
            Failure::new(ErrorCode::Forbidden).saying("Join with your own account: without x-account.")
        );
    }
    let body: JoinRequest = request.json()?;
    let secret =
        InvitationSecret::parse(&body.invitation).ok_or_else(|| Failure::new(ErrorCode::NotFound))?;
    once(
        &deps.store,
        request,
        caller.account_id,
        deps.ids.as_ref(),
        move |ids| {
            Box::pin(async move {
                let person = deps.store.account(caller.account_id).await?;
                let change = MemberChangeId::new(ids.mint(request.now));
                let member = deps
                    .store
                    .join(&secret.hash(), &person, change, request.now)
                    .await?;
                Response::ok(&JoinResponse {
                    account_id: member.account_id,
                    member: MemberView::of(member, Credits::ZERO),
                })
            })
        },
    )
    .await
}
