//! The provider without keys or network: an outline writer, typographic cards and espeak-ng.
//!
//! Its engines are deterministic, so every call may be repeated, and every answer is `Done`. When one shall answer
//! otherwise than before, the version in its row of the catalogue is raised.
//! Only steps that make media depend on this crate: it compiles the video engine.

use std::path::PathBuf;

use providers::{Cause, ProviderError};

pub mod image;
pub mod script;
pub mod voice;

/// Where the local provider's tools are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalTools {
    /// The ffmpeg binary: `FFMPEG_PATH`.
    pub ffmpeg: PathBuf,
    /// Folder of the font files: `FONTS_DIR`.
    pub fonts_dir: PathBuf,
    /// The process that speaks: `SPEAK_WORDS_PATH`.
    pub speak_words: PathBuf,
    /// Its library: `ESPEAK_LIB_PATH`.
    pub espeak_lib: PathBuf,
    /// Its data: `ESPEAK_DATA_DIR`.
    pub espeak_data: PathBuf,
}

/// The answer to a poll of a provider that never leaves anything pending.
fn nothing_pending(external_id: &str) -> ProviderError {
    let cause: Cause = format!("local work has no id, asked for {external_id:?}").into();
    ProviderError::Rejected {
        doing: "polling local work",
        source: Some(cause),
    }
}

#[cfg(test)]
mod testing;
