//! Object keys: `accounts/{account}/projects/{project}/{what}/{hash}.{ext}`, `accounts/{account}/assets/{asset}/{hash}.{ext}`.
//!
//! The owner comes first, so that a policy, a lifecycle rule or a deletion can end at the owner.
//! A file's name is the hash of what it was made from: a repeat writes the same bytes to the same place.
//! What lives for days lies apart, for a lifecycle rule knows a prefix and no other place: what customers write
//! themselves under `uploads/accounts/...`, parts of videos under `chunks/accounts/...`.

use domain::asset::{AssetKind, Sha256Hex};
use domain::outputs::{InputHash, MediaKey};
use domain::{AccountId, AssetId, ProjectId};

pub use domain::media::Media;

/// Where parts of videos lie, for a day.
const CHUNKS: &str = "chunks";

const fn place(media: Media) -> (&'static str, &'static str) {
    match media {
        Media::Image => ("images", "png"),
        Media::Photo => ("images", "jpg"),
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

/// Where a customer writes the file of an asset; nothing reads it but its check.
pub fn upload(account: AccountId, asset: AssetId) -> MediaKey {
    MediaKey::new(format!("uploads/accounts/{account}/{asset}"))
}

/// Everything that is kept of an asset; ends with a slash.
pub fn asset_prefix(account: AccountId, asset: AssetId) -> String {
    format!("accounts/{account}/assets/{asset}/")
}

/// Where the kept file of an asset lies: by the hash of its bytes, so that two checks at once cannot mix.
pub fn asset(account: AccountId, asset: AssetId, kind: AssetKind, hash: &Sha256Hex) -> MediaKey {
    let extension = match kind {
        AssetKind::Image => "jpg",
        AssetKind::Video => "mp4",
        AssetKind::Audio => "mp3",
    };
    MediaKey::new(format!(
        "{}{}.{extension}",
        asset_prefix(account, asset),
        hash.as_str()
    ))
}

#[cfg(test)]
mod tests;
