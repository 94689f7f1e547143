//! A file of the customer's own: declared, uploaded, looked at, and then kept in the form that the compositor takes.
//!
//! Its bytes count as storage from the declaration on: the declared size until it is known what is kept, then that.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod format;
mod refusal;
mod rules;

pub use format::{Format, Medium};
pub use refusal::{Refusal, Refused};
pub use rules::{UploadPurpose, UploadRule, check_declared, media_type_pattern};

use crate::outputs::MediaKey;
use crate::{AccountId, AssetId, Invalid, Timestamp};

/// Longest name of an asset, in characters; it is shown and means nothing.
pub const ASSET_NAME_CHARS_MAX: usize = 120;
/// Seconds in which the upload has to be completed: the link's quarter of an hour, and a transfer that began at its end.
pub const UPLOAD_S: i64 = 3600;
/// Seconds after which a check that was asked for and not ended is asked for again: above the checker's time-out.
pub const CHECK_S: i64 = 1200;
/// Checks that may die without an answer; the file is to blame then.
pub const TRIES_MAX: u32 = 3;

/// What a file is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// PNG, JPEG or WebP, at most 10 MB; kept as JPEG.
    Image,
    /// MP4, MOV, `WebM`, Matroska, AVI or WMV, at most 100 MB; kept as MP4.
    Video,
    /// MP3, WAV, AAC (also M4A), Ogg, FLAC or `WebM`, at most 20 MB; kept as MP3.
    Audio,
}

/// Where an asset stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetStatus {
    /// Its file is awaited.
    Uploading,
    /// Its file is looked at.
    Checking,
    /// It can be used.
    Ready,
    /// It cannot, and nothing of it is kept.
    Refused,
}

/// What its owner said before the upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Media type, such as `image/png`.
    pub content_type: String,
    /// Of the file, at least 1.
    pub size_bytes: u64,
    /// Hash of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256Hex>,
}

/// A SHA-256.
///
/// # Shape
/// 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    /// Reads the digits, in either case.
    ///
    /// # Errors
    /// [`Invalid`] of the field `sha256` with rule `format`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            let message = "must be 64 hexadecimal digits";
            Err(Invalid::new("sha256", "format", message))
        }
    }

    /// The 64 hexadecimal digits, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetFile {
    /// Where it is.
    pub key: MediaKey,
    /// Media type, such as `image/png`.
    pub content_type: String,
    /// Bytes, counted as storage.
    pub size_bytes: u64,
    /// Hash of the bytes.
    pub sha256: Sha256Hex,
    /// Pixels; none of a sound.
    pub width: Option<u32>,
    /// Pixels; none of a sound.
    pub height: Option<u32>,
    /// Milliseconds; 0 of an image.
    pub duration_ms: u64,
    /// Whether it can be heard.
    pub has_sound: bool,
}

/// Why an asset is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssetRefusal {
    /// Stable name of the reason.
    #[schema(example = "input_type_unknown")]
    pub code: String,
    /// A sentence for its owner.
    pub message: String,
}

impl AssetRefusal {
    /// Its file was not uploaded in time.
    pub const EXPIRED: &'static str = "upload_expired";
    /// The file has another size than was declared.
    pub const SIZE_DIFFERS: &'static str = "upload_size_differs";
    /// The file is not the one whose hash was declared.
    pub const HASH_DIFFERS: &'static str = "upload_hash_differs";
    /// What would be kept of it does not fit into the account's storage.
    pub const STORAGE_FULL: &'static str = "storage_full";
    /// Looking at it takes more than is given to any file.
    pub const TOO_COSTLY: &'static str = "input_too_costly";

    /// A reason, by its code and a sentence for the customer.
    pub fn new(code: &str, message: &str) -> Self {
        Self {
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }
}

/// Where an asset stands, with what belongs to it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum AssetState {
    /// Its file is awaited.
    Uploading {
        /// When the upload expires.
        expires_at: Timestamp,
    },
    /// Its file is looked at.
    Checking {
        /// Checks that began and have not ended.
        tries: u32,
        /// When somebody asks for another check.
        due_at: Timestamp,
    },
    /// It can be used.
    Ready {
        /// What is kept.
        file: AssetFile,
    },
    /// The file cannot be used.
    Refused {
        /// Rule that the file broke.
        refusal: AssetRefusal,
    },
}

/// What can happen to an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetEvent {
    /// Its owner says that the file is there.
    Uploaded,
    /// The time for the upload may be over.
    TimePassed,
    /// A check begins.
    CheckBegan,
    /// A check ended without a verdict, for a reason that may pass.
    CheckFailed,
    /// Another check was asked for.
    CheckAsked,
    /// A check found it good.
    Kept(AssetFile),
    /// A check refused it.
    Refused(AssetRefusal),
}

impl AssetState {
    /// The state without its details.
    pub const fn status(&self) -> AssetStatus {
        match self {
            Self::Uploading { .. } => AssetStatus::Uploading,
            Self::Checking { .. } => AssetStatus::Checking,
            Self::Ready { .. } => AssetStatus::Ready,
            Self::Refused { .. } => AssetStatus::Refused,
        }
    }

    /// When somebody has to look at it, if ever.
    pub const fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Uploading { expires_at } => Some(*expires_at),
            Self::Checking { due_at, .. } => Some(*due_at),
            Self::Ready { .. } | Self::Refused { .. } => None,
        }
    }

    /// The next state; none where the event changes nothing.
    ///
    /// | in | `Uploaded` | `TimePassed` | `CheckBegan` | `CheckFailed` | `CheckAsked` | `Kept` | `Refused` |
    /// |---|---|---|---|---|---|---|---|
    /// | uploading | checking | refused, once expired | | | | | |
    /// | checking | | | one try more | one try less | visited later | ready | refused |
    /// | ready, refused | | | | | | | |
    #[must_use]
    pub fn after(&self, event: &AssetEvent, now: Timestamp) -> Option<Self> {
        match self {
            Self::Uploading { expires_at } => match event {
                AssetEvent::Uploaded => Some(checking(0, now)),
                AssetEvent::TimePassed if *expires_at <= now => Some(Self::Refused {
                    refusal: AssetRefusal::new(AssetRefusal::EXPIRED, "The file was not uploaded in time."),
                }),
                AssetEvent::TimePassed
                | AssetEvent::CheckBegan
                | AssetEvent::CheckFailed
                | AssetEvent::CheckAsked
                | AssetEvent::Kept(_)
                | AssetEvent::Refused(_) => None,
            },
            Self::Checking { tries, .. } => match event {
                AssetEvent::CheckBegan => Some(checking(tries.saturating_add(1), now)),
                AssetEvent::CheckFailed => Some(checking(tries.saturating_sub(1), now)),
                AssetEvent::CheckAsked => Some(checking(*tries, now)),
                AssetEvent::Kept(file) => Some(Self::Ready { file: file.clone() }),
                AssetEvent::Refused(refusal) => Some(Self::Refused {
                    refusal: refusal.clone(),
                }),
                AssetEvent::Uploaded | AssetEvent::TimePassed => None,
            },
            Self::Ready { .. } | Self::Refused { .. } => None,
        }
    }
}

fn checking(tries: u32, now: Timestamp) -> AssetState {
    AssetState::Checking {
        tries,
        due_at: now.plus_s(CHECK_S),
    }
}

/// A file of the customer's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Unique id of the asset.
    pub id: AssetId,
    /// Account that owns the asset.
    pub account_id: AccountId,
    /// What it is said to be, and is once it is ready.
    pub kind: AssetKind,
    /// Shown, and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was said of the upload.
    pub declared: Declared,
    /// Where it stands.
    pub state: AssetState,
    /// Writes since it was made: the condition of the next.
    pub version: u32,
    /// When it was declared.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Asset {
    /// What it takes of its account's storage.
    pub const fn storage_bytes(&self) -> u64 {
        match &self.state {
            AssetState::Uploading { .. } | AssetState::Checking { .. } => self.declared.size_bytes,
            AssetState::Ready { file } => file.size_bytes,
            AssetState::Refused { .. } => 0,
        }
    }

    /// The asset after an event; none where it changes nothing.
    #[must_use]
    pub fn after(&self, event: &AssetEvent, now: Timestamp) -> Option<Self> {
        let state = self.state.after(event, now)?;
        Some(Self {
            state,
            version: self.version.saturating_add(1),
            updated_at: now,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests;
