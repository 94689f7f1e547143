//! The vendor without keys or network: an outline writer, typographic cards and espeak-ng.
//!
//! Its engines are deterministic, so every call may be repeated, and every answer is `Done`.

use crate::ProviderError;
use crate::error::Cause;

pub mod image;
pub(crate) mod pace;
pub mod script;
pub mod voice;

/// The answer to a poll of a vendor that never leaves anything pending.
fn nothing_pending(external_id: &str) -> ProviderError {
    let cause: Cause = format!("local work has no id, asked for {external_id:?}").into();
    ProviderError::Rejected {
        doing: "polling local work",
        source: Some(cause),
    }
}
