//! A member on the wire.

use domain::member::{Member, MemberRole, MemberState};
use domain::{Credits, MemberId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether an invitation was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MemberStatus {
    /// Not yet.
    Invited,
    /// They act in the account.
    Active,
}

/// A member, or who is invited to be one.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// Unique id of the member.
    #[schema(value_type = String)]
    id: MemberId,
    /// Address that was invited.
    email: String,
    /// What they may do.
    role: MemberRole,
    /// Whether they have joined.
    status: MemberStatus,
    /// Credits that their jobs may take in a calendar month (UTC); absent when as many as the account has.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_credits: Option<Credits>,
    /// Credits that their jobs of this month hold or were charged.
    spent_this_month: Credits,
    /// When the invitation can no longer be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_until: Option<Timestamp>,
    /// When they joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    joined_at: Option<Timestamp>,
    /// When they were invited.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl MemberView {
    /// The member, and what their jobs have taken this month.
    pub fn of(member: Member, spent_this_month: Credits) -> Self {
        let (status, invited_until, joined_at) = match member.state {
            MemberState::Invited { expires_at } => (MemberStatus::Invited, Some(expires_at), None),
            MemberState::Active { joined_at, .. } => (MemberStatus::Active, None, Some(joined_at)),
        };
        Self {
            id: member.id,
            email: member.email,
            role: member.role,
            status,
            monthly_credits: member.monthly_credits,
            spent_this_month,
            invited_until,
            joined_at,
            created_at: member.created_at,
        }
    }
}
