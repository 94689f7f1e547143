//! People who spend from another one's wallet, and whose budget a job is counted on.
//!
//! An account belongs to its own person for ever: members can be removed and demoted, the owner cannot, so an account
//! always has one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::{AccountId, ApiKeyId, Credits, Invalid, MemberId, Scope, Timestamp};

/// Seconds for which an invitation can be taken: a week, holidays aside.
pub const INVITATION_S: i64 = 7 * 86_400;
/// Most members and open invitations of one account: a list that a person can still judge.
pub const MEMBERS_MAX: u32 = 50;

/// What a member may do in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// Everything, also keys, billing and members.
    Admin,
    /// Make and change things, and spend.
    Editor,
    /// May read everything and change nothing.
    Viewer,
}

impl MemberRole {
    /// Every role that can be given; the owner's cannot.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Editor, Self::Viewer];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Viewer => "viewer",
        }
    }

    /// Reads the word on the wire.
    ///
    /// # Errors
    /// [`Invalid`] with rule `unknown_value`, also for `owner`: an account is not given away.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
            .ok_or_else(|| Invalid::new("role", "unknown_value", "must be of: admin editor viewer"))
    }

    /// Whether it may hold API keys, and manage the account otherwise.
    pub const fn manages(self) -> bool {
        matches!(self, Self::Admin)
    }

    /// What it may do.
    pub fn scopes(self) -> Vec<Scope> {
        match self {
            Self::Admin => Scope::ALL.to_vec(),
            Self::Editor => vec![Scope::Create, Scope::Read],
            Self::Viewer => vec![Scope::Read],
        }
    }
}

/// Whether an invitation was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum MemberState {
    /// Invited and not yet joined.
    Invited {
        /// When the invitation can no longer be taken.
        expires_at: Timestamp,
    },
    /// By a person.
    Active {
        /// Their own account.
        person: AccountId,
        /// When the invitation was taken.
        joined_at: Timestamp,
    },
}

/// A person who may act in an account, or is invited to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Id, from the invitation on.
    pub id: MemberId,
    /// The account whose wallet they spend from.
    pub account_id: AccountId,
    /// Address that was invited, lower case.
    pub email: String,
    /// What they may do.
    pub role: MemberRole,
    /// Credits that their jobs may take in a calendar month (UTC); none is as many as the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
    /// SHA-256 of the secret that takes the invitation, hexadecimal.
    pub invitation_hash: String,
    /// Whether they have joined.
    pub state: MemberState,
    /// When they were invited.
    pub created_at: Timestamp,
}

impl Member {
    /// As what they act; none before they have joined.
    pub const fn membership(&self) -> Option<Membership> {
        match self.state {
            MemberState::Active { person, .. } => Some(Membership {
                id: self.id,
                person,
                role: self.role,
                monthly_credits: self.monthly_credits,
            }),
            MemberState::Invited { .. } => None,
        }
    }
}

/// As what a person acts in another one's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Id within the account.
    pub id: MemberId,
    /// The person's own account.
    pub person: AccountId,
    /// What they may do.
    pub role: MemberRole,
    /// Their credits per calendar month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
}

impl Membership {
    /// Whose budget their jobs are counted on.
    pub const fn spender(self) -> Spender {
        Spender {
            by: SpenderId::Member(self.id),
            monthly_credits: self.monthly_credits,
            maker: None,
        }
    }

    /// Whose budget the jobs of a key that they made are counted on, beside the key's own.
    pub const fn budget(self) -> MemberBudget {
        MemberBudget {
            id: self.id,
            monthly_credits: self.monthly_credits,
        }
    }
}

/// Who has a monthly budget of an account's wallet: a key or a member.
///
/// # Shape
/// On the wire the id itself; its prefix says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpenderId {
    /// A program's key.
    Key(ApiKeyId),
    /// A member.
    Member(MemberId),
}

impl fmt::Display for SpenderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => id.fmt(f),
            Self::Member(id) => id.fmt(f),
        }
    }
}

impl FromStr for SpenderId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        text.parse()
            .map(Self::Key)
            .or_else(|_not_a_key| text.parse().map(Self::Member))
    }
}

impl Serialize for SpenderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SpenderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A member and what their jobs, and those of their keys, may take in a calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberBudget {
    /// The member.
    pub id: MemberId,
    /// Their credits per calendar month when the run started; none is as many as the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
}

/// Whose monthly budgets a job is counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spender {
    /// Who started the run.
    #[serde(alias = "key_id")]
    pub by: SpenderId,
    /// Their credits per calendar month when the run started; none is as many as the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
    /// The member who made the key: a key is no way around their budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<MemberBudget>,
}

/// Whether a limit of credits is higher than it was; no limit is the highest.
pub fn raises(before: Option<Credits>, after: Option<Credits>) -> bool {
    match (before, after) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => after > before,
    }
}

#[cfg(test)]
mod tests;
