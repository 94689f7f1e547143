//! Formats of uploads and what each holds.

use serde::Serialize;

/// A format that some kind of asset may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Format {
    Mp4,
    Quicktime,
    Webm,
    Matroska,
    Avi,
    Wmv,
    Mp3,
    Wav,
    Aac,
    M4a,
    Ogg,
    Flac,
    Png,
    Jpeg,
    Webp,
}

/// What a format holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A still image, or the first of a moving one.
    Image,
    /// Images over time, with or without sound.
    Video,
    /// Sound without moving images.
    Sound,
}

impl Format {
    /// What it holds.
    pub fn medium(self) -> Medium {
        match self {
            Self::Png | Self::Jpeg | Self::Webp => Medium::Image,
            Self::Mp3 | Self::Wav | Self::Aac | Self::M4a | Self::Ogg | Self::Flac => Medium::Sound,
            Self::Mp4 | Self::Quicktime | Self::Webm | Self::Matroska | Self::Avi | Self::Wmv => {
                Medium::Video
            }
        }
    }

    /// The media type under which it is uploaded.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::Quicktime => "video/quicktime",
            Self::Webm => "video/webm",
            Self::Matroska => "video/x-matroska",
            Self::Avi => "video/x-msvideo",
            Self::Wmv => "video/x-ms-wmv",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
            Self::Aac => "audio/aac",
            Self::M4a => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Flac => "audio/flac",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}
