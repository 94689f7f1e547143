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
    WebmSound,
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
            Self::Mp3 | Self::Wav | Self::Aac | Self::M4a | Self::Ogg | Self::Flac | Self::WebmSound => {
                Medium::Sound
            }
            Self::Mp4 | Self::Quicktime | Self::Webm | Self::Matroska | Self::Avi | Self::Wmv => {
                Medium::Video
            }
        }
    }

    /// The same container without images in it.
    #[must_use]
    pub fn without_images(self) -> Self {
        match self {
            Self::Mp4 | Self::Quicktime => Self::M4a,
            Self::Webm | Self::Matroska => Self::WebmSound,
            Self::M4a
            | Self::WebmSound
            | Self::Avi
            | Self::Wmv
            | Self::Mp3
            | Self::Wav
            | Self::Aac
            | Self::Ogg
            | Self::Flac
            | Self::Png
            | Self::Jpeg
            | Self::Webp => self,
        }
    }

    /// The media type under which it is known.
    pub fn media_type(self) -> &'static str {
        self.media_types().first().copied().unwrap_or_default()
    }

    /// Every media type under which it is uploaded: first its own, then what browsers and systems call it.
    ///
    /// A browser goes by the ending of the name, so a voice in `.mp4` or `.webm` comes as a video.
    pub const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Mp4 => &["video/mp4", "video/x-m4v", "video/3gpp", "video/3gpp2"],
            Self::Quicktime => &["video/quicktime"],
            Self::Webm => &["video/webm"],
            Self::Matroska => &["video/x-matroska", "video/matroska"],
            Self::Avi => &["video/x-msvideo", "video/avi", "video/msvideo", "video/vnd.avi"],
            Self::Wmv => &["video/x-ms-wmv", "video/x-ms-asf"],
            Self::Mp3 => &[
                "audio/mpeg",
                "audio/mp3",
                "audio/x-mp3",
                "audio/mpeg3",
                "audio/x-mpeg",
            ],
            Self::Wav => &[
                "audio/wav",
                "audio/x-wav",
                "audio/wave",
                "audio/vnd.wave",
                "audio/x-pn-wav",
            ],
            Self::Aac => &[
                "audio/aac",
                "audio/x-aac",
                "audio/aacp",
                "audio/vnd.dlna.adts",
                "audio/x-hx-aac-adts",
            ],
            Self::M4a => &[
                "audio/mp4",
                "audio/m4a",
                "audio/x-m4a",
                "audio/3gpp",
                "audio/3gpp2",
                "video/mp4",
                "video/3gpp",
                "video/3gpp2",
                "video/quicktime",
            ],
            Self::Ogg => &["audio/ogg", "application/ogg", "audio/opus", "audio/vorbis"],
            Self::Flac => &["audio/flac", "audio/x-flac"],
            Self::WebmSound => &[
                "audio/webm",
                "audio/x-matroska",
                "audio/matroska",
                "video/webm",
                "video/x-matroska",
            ],
            Self::Png => &["image/png"],
            Self::Jpeg => &["image/jpeg", "image/jpg", "image/pjpeg"],
            Self::Webp => &["image/webp"],
        }
    }
}
