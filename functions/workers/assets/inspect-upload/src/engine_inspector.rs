//! The crate `intake` behind the port of media inspection.

use std::path::Path;

use domain::asset::{AssetKind, AssetRefusal, Refused};
use domain::{ErrorCode, Failure};
use engine::Tools;
use intake::IntakeError;
use uploads::{MediaFacts, MediaInspector};

/// Inspects and prepares files with the crate `intake`.
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
        let content_type = match kind {
            AssetKind::Image => "image/jpeg",
            AssetKind::Video => "video/mp4",
            AssetKind::Audio => "audio/mpeg",
        };
        // The prepared file is inspected once more: its facts are what the compositor will find.
        let found = intake::prepare(&self.tools, upload, kind.purpose(), prepared)
            .and_then(|_of_the_upload| intake::inspect(&self.tools, prepared, None));
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

/// What is said of the file; what is said of the machine is no refusal.
fn refusal(error: IntakeError) -> Result<AssetRefusal, Failure> {
    match error {
        IntakeError::Refused(Refused { refusal, reason }) => {
            let sentence = format!("The file is not taken: {reason}.");
            Ok(AssetRefusal::new(refusal.as_str(), &sentence))
        }
        // The disk is full, the package is not whole, a signal came: no word about the file.
        IntakeError::Engine(error) if error.is_retryable() => {
            Err(Failure::new(ErrorCode::Unavailable).because(error))
        }
        IntakeError::Engine(error) => Err(Failure::new(ErrorCode::Internal).because(error)),
    }
}
