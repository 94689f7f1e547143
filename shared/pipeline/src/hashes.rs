//! What each step's result depends on, as the hash it is stored under.
//!
//! Whatever is not in a hash must not be able to change the result: the script writer is therefore given settings
//! without the parts that a script has no use for.

use domain::outputs::InputHash;
use domain::settings::{Aspect, Settings, Template};
use domain::{ErrorCode, Failure};
use providers::{ImageBrief, VoiceBrief};
use serde::Serialize;

use crate::plan::VideoPlan;

/// Who makes it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Maker<'a> {
    /// Vendor.
    pub vendor: &'a str,
    /// Model or version.
    pub model: &'a str,
}

/// The settings that a script is written from: without voice, colours, shape of the picture and look.
///
/// Another voice or shape then keeps the script.
pub fn script_settings(settings: &Settings) -> Settings {
    let mut brand = settings.brand.clone();
    brand.colours.clear();
    Settings {
        aspect: Aspect::Portrait,
        voice_id: None,
        template: Template::Default,
        brand,
        ..settings.clone()
    }
}

/// Hash of a script.
///
/// # Errors
/// `internal` when the inputs cannot be JSON; a bug.
pub fn script_hash(maker: Maker<'_>, settings: &Settings) -> Result<InputHash, Failure> {
    hash("script", &(maker, settings))
}

/// Hash of a picture.
///
/// # Errors
/// As [`script_hash`].
pub fn picture_hash(maker: Maker<'_>, brief: &ImageBrief) -> Result<InputHash, Failure> {
    hash("picture", &(maker, brief))
}

/// Hash of a voice track.
///
/// # Errors
/// As [`script_hash`].
pub fn voice_hash(maker: Maker<'_>, brief: &VoiceBrief) -> Result<InputHash, Failure> {
    hash("voice", &(maker, brief))
}

/// Hash of a video.
///
/// # Errors
/// As [`script_hash`].
pub fn video_hash(maker: Maker<'_>, plan: &VideoPlan) -> Result<InputHash, Failure> {
    hash("video", &(maker, plan))
}

fn hash<T: Serialize>(step: &str, inputs: &T) -> Result<InputHash, Failure> {
    InputHash::of(step, inputs).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))
}

#[cfg(test)]
mod tests;
