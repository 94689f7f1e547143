//! The names under which an upload is refused.

use serde::Serialize;

/// Why a file is not taken. Names are added, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It has no bytes.
    Empty,
    /// It is no image, video or sound that we know, whatever its name says.
    TypeUnknown,
    /// It is one, but not one that this kind of asset may be.
    TypeNotAllowed,
    /// More bytes than this kind may have.
    TooLarge,
    /// More pixels than are decoded for anybody.
    TooManyPixels,
    /// Longer than this kind may be.
    TooLong,
    /// Its end is missing.
    Truncated,
    /// It begins right and cannot be decoded.
    Corrupt,
    /// It is protected, and nobody but its player has the key.
    Encrypted,
    /// A stream of it is in a form for which there is no decoder.
    CodecNotAllowed,
    /// A video is wanted, and it shows nothing.
    WithoutVideo,
    /// A sound is wanted, and it has none.
    WithoutSound,
    /// Decoding it took more time or memory than any honest file does.
    TooCostly,
}

impl Refusal {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "input_empty",
            Self::TypeUnknown => "input_type_unknown",
            Self::TypeNotAllowed => "input_type_not_allowed",
            Self::TooLarge => "input_too_large",
            Self::TooManyPixels => "input_too_many_pixels",
            Self::TooLong => "input_too_long",
            Self::Truncated => "input_truncated",
            Self::Corrupt => "input_corrupt",
            Self::Encrypted => "input_encrypted",
            Self::CodecNotAllowed => "input_codec_not_allowed",
            Self::WithoutVideo => "input_without_video",
            Self::WithoutSound => "input_without_sound",
            Self::TooCostly => "input_too_costly",
        }
    }

    /// The refusal with what was found.
    pub fn because(self, reason: impl Into<String>) -> Refused {
        Refused {
            refusal: self,
            reason: reason.into(),
        }
    }
}

/// An upload is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", refusal.as_str())]
pub struct Refused {
    /// The rule, by its stable name.
    pub refusal: Refusal,
    /// What was found.
    pub reason: String,
}
