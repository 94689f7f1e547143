//! Chooses a vendor by the name in configuration.

use std::path::PathBuf;

use domain::{ErrorCode, Failure};

use crate::local::image::LocalImages;
use crate::local::script::LocalScripts;
use crate::local::voice::LocalVoices;
use crate::{ImageMaker, ScriptWriter, VoiceMaker};

/// Name of the vendor that needs no key and no network.
pub const LOCAL: &str = "local";

/// Where the local vendors' tools are.
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

/// A name in configuration that no vendor of the capability has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {capability} vendor named {name:?}; known: {LOCAL}")]
pub struct UnknownProvider {
    /// `script`, `image` or `voice`.
    pub capability: &'static str,
    /// The name that was read.
    pub name: String,
}

impl From<UnknownProvider> for Failure {
    fn from(error: UnknownProvider) -> Self {
        Self::new(ErrorCode::Internal).because(error)
    }
}

/// The vendor that writes scripts.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn script_writer(name: &str, _tools: &LocalTools) -> Result<Box<dyn ScriptWriter>, UnknownProvider> {
    match name {
        LOCAL => Ok(Box::new(LocalScripts)),
        other => Err(unknown("script", other)),
    }
}

/// The vendor that makes pictures.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn image_maker(name: &str, tools: &LocalTools) -> Result<Box<dyn ImageMaker>, UnknownProvider> {
    match name {
        LOCAL => Ok(Box::new(LocalImages::new(tools))),
        other => Err(unknown("image", other)),
    }
}

/// The vendor that speaks.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn voice_maker(name: &str, tools: &LocalTools) -> Result<Box<dyn VoiceMaker>, UnknownProvider> {
    match name {
        LOCAL => Ok(Box::new(LocalVoices::new(tools))),
        other => Err(unknown("voice", other)),
    }
}

fn unknown(capability: &'static str, name: &str) -> UnknownProvider {
    UnknownProvider {
        capability,
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
