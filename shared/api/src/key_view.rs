//! An API key on the wire.

use domain::account::{ApiKey, KeyMaker};
use domain::{AccountId, ApiKeyId, Credits, Invalid, MemberId, Scope, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Who made a key; it stops with their right to hold keys.
#[derive(Debug, Serialize, ToSchema)]
struct KeyMakerView {
    /// Their own account.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// The member that they are in this account; absent for its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    member_id: Option<MemberId>,
}

/// A key as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Unique id of the key.
    #[schema(value_type = String)]
    id: ApiKeyId,
    /// Name of the key, as its owner wrote it.
    name: String,
    /// First characters of the secret.
    #[schema(example = "rs_live_Ab3x")]
    prefix: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// Requests in any clock hour.
    requests_per_hour: u32,
    /// Credits that its jobs may take in a calendar month (UTC); absent when as many as the account has.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_credits: Option<Credits>,
    /// Credits that its jobs of this month hold or were charged.
    spent_this_month: Credits,
    /// When it stops working.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Last use, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// Who made it.
    created_by: KeyMakerView,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl KeyView {
    /// The key, and what its jobs have taken this month.
    pub fn of(key: ApiKey, spent_this_month: Credits) -> Self {
        let owner = KeyMaker {
            person: key.account_id,
            member: None,
        };
        let maker = key.created_by.unwrap_or(owner);
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            requests_per_hour: key.requests_per_hour,
            monthly_credits: key.monthly_credits,
            spent_this_month,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            created_by: KeyMakerView {
                account_id: maker.person,
                member_id: maker.member,
            },
            created_at: key.created_at,
        }
    }
}

/// Tells a null from a field that is not there, in a `PATCH`.
///
/// # Errors
/// The deserializer's.
pub fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads the credits that a key or a member may take in a month.
///
/// # Errors
/// [`Invalid`] with rule `range` for fewer than none.
pub fn parse_monthly_credits(credits: i64) -> Result<Credits, Invalid> {
    u64::try_from(credits)
        .map(Credits::new)
        .map_err(|_negative| Invalid::new("monthly_credits", "range", "must be 0 or more"))
}
