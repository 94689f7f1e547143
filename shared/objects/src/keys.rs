//! Object keys: `accounts/{account}/projects/{project}/{what}/{hash}.{ext}`.
//!
//! The owner comes first, so that a policy, a lifecycle rule or a deletion can end at the owner.
//! A file's name is the hash of what it was made from: a repeat writes the same bytes to the same place.
//! What is gone after a day lies apart, under `chunks/accounts/...`: a lifecycle rule knows a prefix and no other place.

use domain::outputs::{InputHash, MediaKey};
use domain::{AccountId, ProjectId};

pub use domain::media::Media;

/// Where parts of videos lie, for a day.
const CHUNKS: &str = "chunks";

const fn place(media: Media) -> (&'static str, &'static str) {
    match media {
        Media::Picture => ("pictures", "png"),
        Media::Photo => ("pictures", "jpg"),
        Media::Voice => ("voice", "wav"),
        Media::Video => ("videos", "mp4"),
        Media::Thumbnail => ("thumbnails", "jpg"),
        Media::CheckReport => ("checks", "json"),
        Media::Chunk => (CHUNKS, "flv"),
    }
}

/// Everything of a project; ends with a slash, so that no other project's prefix begins with it.
pub fn project_prefix(account: AccountId, project: ProjectId) -> String {
    format!("accounts/{account}/projects/{project}/")
}

/// Where a result lies.
pub fn media(account: AccountId, project: ProjectId, media: Media, hash: &InputHash) -> MediaKey {
    let (folder, extension) = place(media);
    let project = project_prefix(account, project);
    MediaKey::new(match media {
        Media::Chunk => format!("{folder}/{project}{hash}.{extension}"),
        _ => format!("{project}{folder}/{hash}.{extension}"),
    })
}

#[cfg(test)]
mod tests;
