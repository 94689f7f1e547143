//! Requests to the API: idempotency keys with their answers, and rate windows; all in `ephemeral`.

pub mod claims;
pub mod windows;
