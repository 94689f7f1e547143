//! The video engine behind the port of media inspection.

use std::path::Path;

use domain::asset::{AssetKind, AssetRefusal};
use domain::{ErrorCode, Failure};
use engine::{EngineError, Refusal, Tools};
use uploads::{MediaFacts, MediaInspector};

/// Inspects and prepares files with the engine.
#[derive(Debug)]
pub struct EngineInspector {
    tools: Tools,
}

impl EngineInspector {
    /// With ffmpeg and the fonts of a machine.
    pub const fn new(tools: Tools) -> Self {
        Self { tools }
    }
}

impl MediaInspector for EngineInspector {
    fn inspect(
        &self,
        kind: AssetKind,
        upload: &Path,
        prepared: &Path,
    ) -> Result<Result<MediaFacts, AssetRefusal>, Failure> {
        let (kind, content_type) = match kind {
            AssetKind::Image => (engine::AssetKind::Cover, "image/jpeg"),
            AssetKind::Video => (engine::AssetKind::Background, "video/mp4"),
            AssetKind::Audio => (engine::AssetKind::Music, "audio/mpeg"),
        };
        // The prepared file is inspected once more: its facts are what the compositor will find.
        let found = engine::prepare(&self.tools, upload, kind, prepared)
            .and_then(|_of_the_upload| engine::inspect(&self.tools, prepared, None));
        match found {
            Ok(found) => Ok(Ok(MediaFacts {
                content_type,
                size_bytes: found.size_bytes,
                width: found.shown.map(|(width, _)| width),
                height: found.shown.map(|(_, height)| height),
                duration_ms: found.duration_ms,
                has_sound: found.audio.is_some(),
            })),
            Err(error) => refusal(error).map(Err),
        }
    }
}

/// What the engine says of the file; what it says of the machine is no refusal.
fn refusal(error: EngineError) -> Result<AssetRefusal, Failure> {
    match &error {
        EngineError::Refused { refusal, reason } => {
            Ok(AssetRefusal::new(refusal.as_str(), &sentence(*refusal, reason)))
        }
        // The disk is full, the package is not whole, a signal came: no word about the file.
        _ if error.is_retryable() => Err(Failure::new(ErrorCode::Unavailable).because(error)),
        _ => Err(Failure::new(ErrorCode::Internal).because(error)),
    }
}

/// For a person. Of a broken file the engine quotes its decoder, which names our own paths.
fn sentence(refusal: Refusal, reason: &str) -> String {
    match refusal {
        Refusal::Truncated => "The end of the file is missing.".to_owned(),
        Refusal::Corrupt => "The file cannot be decoded.".to_owned(),
        Refusal::TooCostly => {
            "The file could not be looked at in the time and memory that are given.".to_owned()
        }
        _ => format!("The file is not taken: {reason}."),
    }
}
