//! Object keys: `accounts/{account}/projects/{project}/{what}/{hash}.{ext}`.
//!
//! The owner comes first, so that a policy, a lifecycle rule or a deletion can end at the owner.
//! A file's name is the hash of what it was made from: a repeat writes the same bytes to the same place.

use domain::outputs::{InputHash, MediaKey};
use domain::{AccountId, ProjectId};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Media {
    /// A scene's picture, PNG.
    Picture,
    /// A scene's picture, JPEG.
    Photo,
    /// The voice track, WAV.
    Voice,
    /// The finished video, MP4.
    Video,
    /// Its thumbnail, JPEG.
    Thumbnail,
}

impl Media {
    /// Type that the file is stored with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Picture => "image/png",
            Self::Photo | Self::Thumbnail => "image/jpeg",
            Self::Voice => "audio/wav",
            Self::Video => "video/mp4",
        }
    }

    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Picture => ("pictures", "png"),
            Self::Photo => ("pictures", "jpg"),
            Self::Voice => ("voice", "wav"),
            Self::Video => ("videos", "mp4"),
            Self::Thumbnail => ("thumbnails", "jpg"),
        }
    }
}

/// Everything of a project; ends with a slash, so that no other project's prefix begins with it.
pub fn project_prefix(account: AccountId, project: ProjectId) -> String {
    format!("accounts/{account}/projects/{project}/")
}

/// Where a result lies.
pub fn media(account: AccountId, project: ProjectId, media: Media, hash: &InputHash) -> MediaKey {
    let (folder, extension) = media.place();
    MediaKey::new(format!(
        "{}{folder}/{hash}.{extension}",
        project_prefix(account, project)
    ))
}

#[cfg(test)]
mod tests;
