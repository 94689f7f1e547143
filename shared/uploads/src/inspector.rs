//! The port of media inspection.

use std::fmt;
use std::path::Path;

use domain::Failure;
use domain::asset::{AssetKind, AssetRefusal};

/// Most bytes of a stored file: what the function's disk holds beside the upload. Half an hour of an ordinary video has
/// less; a file that grows beyond is noise.
pub const STORED_BYTES_MAX: u64 = 1_000_000_000;

/// What was found in a prepared file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFacts {
    /// Media type of the prepared file.
    pub content_type: &'static str,
    /// Size of the prepared file in bytes.
    pub size_bytes: u64,
    /// Width in pixels as it is shown; none of a sound.
    pub width: Option<u32>,
    /// Height in pixels as it is shown; none of a sound.
    pub height: Option<u32>,
    /// Length in milliseconds; 0 of an image.
    pub duration_ms: u64,
    /// Whether it can be heard.
    pub has_sound: bool,
}

/// Inspects uploaded files, and prepares the file that is stored in their place.
pub trait MediaInspector: fmt::Debug + Send + Sync {
    /// Inspects the file at `upload` by the rules of its kind and writes the prepared file to `prepared`.
    ///
    /// Blocking: it decodes the file. It has limits of its own, so a file of any content ends.
    ///
    /// # Errors
    /// [`Failure`] of the machine; what the file is to blame for is the inner refusal.
    fn inspect(
        &self,
        kind: AssetKind,
        upload: &Path,
        prepared: &Path,
    ) -> Result<Result<MediaFacts, AssetRefusal>, Failure>;
}
