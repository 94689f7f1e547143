//! What a file in the media bucket is, and how a caller without S3 asks for its key.

use crate::outputs::{InputHash, MediaKey};
use crate::{AccountId, ProjectId};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Media {
    /// A scene's image, PNG.
    Image,
    /// A scene's image, JPEG.
    Photo,
    /// The voice track, WAV.
    Voice,
    /// The finished video, MP4.
    Video,
    /// Its thumbnail, JPEG.
    Thumbnail,
    /// What its check found, JSON.
    CheckReport,
    /// A part of a long video on its way to the whole, a stream of the encoder in FLV.
    Chunk,
}

impl Media {
    /// Type that the file is stored with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Image => "image/png",
            Self::Photo | Self::Thumbnail => "image/jpeg",
            Self::Voice => "audio/wav",
            Self::Video => "video/mp4",
            Self::CheckReport => "application/json",
            Self::Chunk => "video/x-flv",
        }
    }
}

/// Builds a key: `objects::keys::media`, handed to those who may not know S3.
pub type KeyOf = fn(AccountId, ProjectId, Media, &InputHash) -> MediaKey;
