//! What every HTTP route shares: request, answer, who may do what, idempotent calls, and the OpenAPI document.
//!
//! A route reads as: [`authorize`], parse ([`Request::json`], [`Request::path_id`]), load, decide, write, answer
//! ([`Response`]). `runtime::http` builds the [`Request`] and puts the envelope round the [`Response`].

pub mod access;
pub mod asset_view;
pub mod body;
pub mod etag;
mod idempotency;
pub mod key_secret;
pub mod key_view;
pub mod member_view;
pub mod openapi;
pub mod page_view;
pub mod project_view;
mod rate_limits;
pub mod request;
pub mod response;
pub mod sign_in;
mod table;
pub mod tokens;

pub use access::{Access, authorize, limit_public};
pub use asset_view::AssetView;
pub use idempotency::{ClaimedIds, IdempotencyDeps, idempotent};
pub use key_secret::{Entropy, InvitationSecret, KeySecret};
pub use key_view::KeyView;
pub use member_view::MemberView;
pub use page_view::PageView;
pub use project_view::ProjectView;
pub use rate_limits::RateLimits;
pub use request::{BODY_BYTES_MAX, Request};
pub use response::Response;
pub use tokens::Tokens;
