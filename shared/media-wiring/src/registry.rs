//! Chooses a provider by the name in configuration.

use catalogue::{Capability, LOCAL, UnknownProvider};
use local_providers::LocalTools;
use local_providers::image::LocalImages;
use local_providers::script::LocalScripts;
use local_providers::voice::LocalVoices;
use providers::{ImageMaker, ScriptWriter, VoiceMaker};

/// The provider that writes scripts.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn script_writer(name: &str) -> Result<Box<dyn ScriptWriter>, UnknownProvider> {
    match name {
        LOCAL => Ok(Box::new(LocalScripts)),
        other => Err(UnknownProvider::new(Capability::Script, other)),
    }
}

/// The provider that makes images.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn image_maker(name: &str, tools: &LocalTools) -> Result<Box<dyn ImageMaker>, UnknownProvider> {
    match name {
        LOCAL => Ok(Box::new(LocalImages::new(tools))),
        other => Err(UnknownProvider::new(Capability::Image, other)),
    }
}

/// The provider that speaks.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn voice_maker(name: &str, tools: &LocalTools) -> Result<Box<dyn VoiceMaker>, UnknownProvider> {
    match name {
        LOCAL => Ok(Box::new(LocalVoices::new(tools))),
        other => Err(UnknownProvider::new(Capability::Voice, other)),
    }
}

#[cfg(test)]
mod tests;
