//! `/v1/members`: who may act in the account and spend from its wallet; `GET` lists them, `POST` invites one.
//!
//! The secret of an invitation is shown once, to who invites: it goes to the invited person by a way of their own, and
//! is taken at `members-join` by the account of the invited address only.
//!
//! # Shape
//! `events/members/`.

use api::key_view::parse_monthly_credits;
use api::{Access, InvitationSecret, MemberView, Request, Response, authorize, idempotent};
use domain::access_log::{AccessAct, Actor};
use domain::account::Caller;
use domain::email::parse_email;
use domain::member::{INVITATION_S, MEMBERS_MAX, Member, MemberRole, MemberState, SpenderId};
use domain::{AccessChangeId, AccountId, Credits, ErrorCode, Failure, Invalid, MemberId, Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{OpenApi, ToSchema};
pub use wiring::SecretDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_members, invite_member))]
pub struct Docs;

/// Who may act in the account.
#[derive(Debug, Serialize, ToSchema)]
struct Team {
    /// Whose account it is: they can be neither removed nor demoted.
    owner: OwnerView,
    /// Everyone else, also those who have not joined yet.
    members: Vec<MemberView>,
}

/// The account's own person.
#[derive(Debug, Serialize, ToSchema)]
struct OwnerView {
    /// The account; members send it as `x-account`.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// Email address.
    email: String,
    /// Name that the person gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// A new invitation. A repeat with the same `Idempotency-Key` answers without `invitation`: it is shown once.
#[derive(Serialize, ToSchema)]
struct NewMemberView {
    #[serde(flatten)]
    member: MemberView,
    /// Give it to the person: they send it to `POST /v1/members/join` within a week.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "rs_join_...")]
    invitation: Option<String>,
}

/// An invitation of a person by email address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteMemberRequest {
    /// The address of their own account.
    #[schema(format = Email, max_length = 128)]
    email: String,
    /// `admin|editor|viewer`.
    #[schema(value_type = MemberRole)]
    role: String,
    /// Credits that their jobs may take in a calendar month (UTC); as many as the account has when absent.
    #[schema(minimum = 0)]
    monthly_credits: Option<i64>,
}

/// A request whose fields were checked.
#[derive(Debug, Clone)]
struct NewMember {
    email: String,
    role: MemberRole,
    monthly_credits: Option<Credits>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `conflict` for who is a member or the
/// owner, and at 50 members, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_members(deps, &request).await,
        Method::POST => invite_member(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
    }
}

/// Lists who may act in the account; there are at most 50, so there is one page.
#[utoipa::path(get, path = "/v1/members", tag = "members",
    responses((status = 200, description = "The owner and every member.", body = Team)))]
async fn list_members(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::SignedIn).await?;
    let id = caller.account_id;
    let account = deps.store.account(id).await?;
    let members = deps.store.members(id).await?;
    let spent = deps.store.spent_this_month(id, request.now).await?;
    let members = members.into_iter().map(|member| {
        let spent = spent.get(&SpenderId::Member(member.id)).copied();
        MemberView::of(member, spent.unwrap_or_default())
    });
    Response::ok(&Team {
        owner: OwnerView {
            account_id: account.id,
            email: account.email,
            name: account.name,
        },
        members: members.collect(),
    })
}

/// Invites a person; an open invitation of the same address is withdrawn.
#[utoipa::path(post, path = "/v1/members", tag = "members", request_body = InviteMemberRequest,
    responses(
        (status = 201, description = "The member and, this once, the invitation.", body = NewMemberView),
        (status = 409, description = "conflict")))]
async fn invite_member(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Person).await?;
    if !caller.gives_budgets() {
        return Err(Failure::new(ErrorCode::Forbidden)
            .saying("Who has a monthly budget invites nobody; the owner can."));
    }
    let new_member = NewMember::parse(&request.json()?)?;
    idempotent(deps, &caller, request, async |_ids| {
        invite(deps, &caller, new_member, request.now).await
    })
    .await
}

/// Ids are new ones in each try: an invitation whose secret nobody has seen is withdrawn by the next for its address.
async fn invite(
    deps: &Deps,
    caller: &Caller,
    new_member: NewMember,
    now: Timestamp,
) -> Result<Response, Failure> {
    let account = caller.account_id;
    make_room(deps, caller, &new_member.email, now).await?;
    let secret = InvitationSecret::make(deps.entropy.as_ref());
    let member = Member {
        id: MemberId::new(deps.ids.mint(now)),
        account_id: account,
        email: new_member.email,
        role: new_member.role,
        monthly_credits: new_member.monthly_credits,
        invitation_hash: secret.hash(),
        state: MemberState::Invited {
            expires_at: now.plus_s(INVITATION_S),
        },
        created_at: now,
    };
    deps.store
        .invite(&member, actor(deps, caller, now), MEMBERS_MAX)
        .await
        .map_err(|error| match error {
            StoreError::Full { .. } => Failure::new(ErrorCode::Conflict)
                .saying("The account has 50 members, the most there may be; remove one first."),
            other => other.into(),
        })?;
    let path = format!("/v1/members/{}", member.id);
    let shown = NewMemberView {
        member: MemberView::of(member.clone(), Credits::ZERO),
        invitation: Some(secret.reveal().to_owned()),
    };
    let later = NewMemberView {
        member: MemberView::of(member, Credits::ZERO),
        invitation: None,
    };
    Response::created(&shown, &path)?.replayed_as(&later)
}

/// Refuses an address that acts in the account already, and withdraws its open invitations.
async fn make_room(deps: &Deps, caller: &Caller, email: &str, now: Timestamp) -> Result<(), Failure> {
    let account = caller.account_id;
    let conflict = || Failure::new(ErrorCode::Conflict).saying("This person acts in the account already.");
    if deps.store.account(account).await?.email == email {
        return Err(conflict());
    }
    let members = deps.store.members(account).await?;
    for member in members.into_iter().filter(|member| member.email == email) {
        if member.membership().is_some() {
            return Err(conflict());
        }
        let actor = actor(deps, caller, now);
        let withdrawn = deps
            .store
            .remove_member(account, member.id, AccessAct::Removed, actor)
            .await;
        match withdrawn {
            Ok(()) | Err(StoreError::NotFound { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

fn actor(deps: &Deps, caller: &Caller, at: Timestamp) -> Actor {
    Actor::of(caller, AccessChangeId::new(deps.ids.mint(at)), at)
}

impl NewMember {
    fn parse(body: &InviteMemberRequest) -> Result<Self, Invalid> {
        Ok(Self {
            email: parse_email(&body.email)?,
            role: MemberRole::parse(&body.role)?,
            monthly_credits: body.monthly_credits.map(parse_monthly_credits).transpose()?,
        })
    }
}
