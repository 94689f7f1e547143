//! The log of who may act in an account: its members and its keys, each change with who did it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{ApiKey, Caller};
use crate::member::{Member, MemberRole};
use crate::{AccessChangeId, AccountId, ApiKeyId, Credits, MemberId, Timestamp};

/// What happened to a member or to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessAct {
    /// Somebody was invited.
    Invited,
    /// They joined.
    Joined,
    /// Role or budget was changed; who may hold no keys any more loses those they made.
    Changed,
    /// They were removed with the keys that they made, or the invitation was withdrawn.
    Removed,
    /// They left, and the keys that they made are withdrawn.
    Left,
    /// A key was made.
    KeyCreated,
    /// A key's budget was changed.
    KeyChanged,
    /// A key was withdrawn.
    KeyWithdrawn,
}

/// A key as the log names it, also when it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoggedKey {
    /// Id of the key.
    #[schema(value_type = String)]
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// First characters of its secret.
    pub prefix: String,
}

impl From<&ApiKey> for LoggedKey {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name.clone(),
            prefix: key.prefix.clone(),
        }
    }
}

/// Who does it, and the id of the row that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Id of the row.
    pub id: AccessChangeId,
    /// Own account of the person.
    pub by: AccountId,
    /// Key with which it was done.
    pub by_key: Option<ApiKeyId>,
    /// When.
    pub at: Timestamp,
}

impl Actor {
    /// The caller of a request.
    pub fn of(caller: &Caller, id: AccessChangeId, at: Timestamp) -> Self {
        Self {
            id,
            by: caller.person(),
            by_key: caller.key_id,
            at,
        }
    }
}

/// A row of the log of who may act in the account; it is never changed and never deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessChange {
    /// Id; sorts by time.
    #[schema(value_type = String)]
    pub id: AccessChangeId,
    /// What happened.
    pub act: AccessAct,
    /// To which member; absent in a row about a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub member_id: Option<MemberId>,
    /// The member's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The member's role after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<MemberRole>,
    /// Credits per month of the member or the key after it; absent when as many as the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
    /// The key that was made, changed or withdrawn, or the keys that were withdrawn with the member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<LoggedKey>,
    /// Own account of the person who did it.
    #[schema(value_type = String)]
    pub by: AccountId,
    /// Key with which they did it; absent when they were signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by_key: Option<ApiKeyId>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl AccessChange {
    /// What happened to a member, as they are after it, and the keys that went with it.
    pub fn of_member(act: AccessAct, member: &Member, keys: &[ApiKey], actor: Actor) -> Self {
        Self {
            member_id: Some(member.id),
            email: Some(member.email.clone()),
            role: Some(member.role),
            monthly_credits: member.monthly_credits,
            keys: keys.iter().map(LoggedKey::from).collect(),
            ..Self::blank(act, actor)
        }
    }

    /// What happened to a key, as it is after it.
    pub fn of_key(act: AccessAct, key: &ApiKey, actor: Actor) -> Self {
        Self {
            monthly_credits: key.monthly_credits,
            keys: vec![LoggedKey::from(key)],
            ..Self::blank(act, actor)
        }
    }

    const fn blank(act: AccessAct, actor: Actor) -> Self {
        Self {
            id: actor.id,
            act,
            member_id: None,
            email: None,
            role: None,
            monthly_credits: None,
            keys: Vec::new(),
            by: actor.by,
            by_key: actor.by_key,
            at: actor.at,
        }
    }
}
