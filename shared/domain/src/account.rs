//! A customer and the keys of their programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::member::{Membership, Spender, SpenderId};
use crate::settings::Language;
use crate::{AccountId, ApiKeyId, Credits, MemberId, Scope, Timestamp};

/// Requests an API key may make in an hour when nothing else is said.
pub const KEY_REQUESTS_PER_HOUR_DEFAULT: u32 = 1000;
/// Longest name of a key or a person, in characters.
pub const NAME_CHARS_MAX: usize = 80;

/// What a customer pays for monthly; the limits are in `ledger::plans`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PlanId {
    /// No subscription.
    #[default]
    Free,
    /// The smallest.
    Basic,
    /// The usual.
    Standard,
    /// The largest.
    Professional,
}

/// What a caller may do beyond their own account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A customer.
    #[default]
    Customer,
    /// An operator.
    Admin,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Id, from the user pool's subject.
    pub id: AccountId,
    /// E-mail address, lower case.
    pub email: String,
    /// Name to address them by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Language of mails.
    pub language: Language,
    /// Plan, which sets the limits of the account.
    pub plan: PlanId,
    /// Role: customer or operator.
    pub role: Role,
    /// Tokens that were issued before it are refused: the person logged out everywhere, or has another password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_from: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Who made an API key: it acts for them, and ends when they may hold none any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMaker {
    /// Their own account.
    pub person: AccountId,
    /// The member that they are in the key's account; none for the account's own person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

/// An API key as it is stored: never the secret, only its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Public handle.
    pub id: ApiKeyId,
    /// Account that owns the api key.
    pub account_id: AccountId,
    /// Name its owner gave it.
    pub name: String,
    /// First characters of the secret (`rs_live_` and four more), to recognise it by.
    pub prefix: String,
    /// SHA-256 of the whole secret, hexadecimal. The secret has 256 random bits, so no salt is needed.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Requests in any clock hour.
    pub requests_per_hour: u32,
    /// Credits that its jobs may take in a calendar month (UTC); none is as many as the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
    /// When it stops working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Last use, to the hour (written at most once an hour).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// Who made it; none is the account's own person, before makers were noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<KeyMaker>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ApiKey {
    /// The member who made it; none when the account's own person did.
    pub fn made_by_member(&self) -> Option<MemberId> {
        self.created_by.and_then(|maker| maker.member)
    }
}

/// Who calls, as the authorizer found them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Account that is asked about and charged.
    pub account_id: AccountId,
    /// Key used; none for a signed-in person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<ApiKeyId>,
    /// The key's own requests per hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_requests_per_hour: Option<u32>,
    /// The key's own credits per month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_monthly_credits: Option<Credits>,
    /// As what a person acts in another one's account; none in their own. A key acts as the member who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Membership>,
    /// What the caller may do.
    pub scopes: Vec<Scope>,
    /// Plan of the account.
    pub plan: PlanId,
    /// Role of the account; a customer's in another one's account.
    pub role: Role,
}

impl Caller {
    /// Whose budgets this caller's jobs are counted on; none for the account's own person.
    pub fn spender(&self) -> Option<Spender> {
        let by_key = self.key_id.map(|key_id| Spender {
            by: SpenderId::Key(key_id),
            monthly_credits: self.key_monthly_credits,
            maker: self.member.map(Membership::budget),
        });
        by_key.or_else(|| self.member.map(Membership::spender))
    }

    /// The person who calls: the account's own, or the member.
    pub fn person(&self) -> AccountId {
        self.member.map_or(self.account_id, |member| member.person)
    }

    /// Who a key that this caller makes is made by.
    pub fn key_maker(&self) -> KeyMaker {
        KeyMaker {
            person: self.person(),
            member: self.member.map(|member| member.id),
        }
    }

    /// Whether the caller manages the account: its own person, or a member who is an admin.
    pub fn manages(&self) -> bool {
        self.key_id.is_none() && self.member.is_none_or(|member| member.role.manages())
    }

    /// Whether the caller may let others spend more: its own person, or an admin whom no budget holds.
    ///
    /// An admin with a budget who could invite, raise a member or raise a key would have no budget.
    pub fn gives_budgets(&self) -> bool {
        self.manages() && self.member.is_none_or(|member| member.monthly_credits.is_none())
    }
}
