//! An asset on the wire.

use std::collections::BTreeMap;

use domain::asset::{Asset, AssetFile, AssetKind, AssetRefusal, AssetState, AssetStatus, Sha256Hex};
use domain::ports::UploadLink;
use domain::{AssetId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A file of the customer's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetView {
    /// Unique id of the asset.
    #[schema(value_type = String, example = "ast_01J0000000000000000000000A")]
    id: AssetId,
    /// What it is.
    kind: AssetKind,
    /// Where it stands: `uploading`, `checking`, then `ready` or `refused`.
    status: AssetStatus,
    /// Name of the asset, as its owner wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Media type that was declared.
    content_type: String,
    /// Bytes that it takes of the storage: the declared size until it is ready, then that of what is kept.
    storage_bytes: u64,
    /// How to upload its file; in the answer that declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<UploadView>,
    /// When an asset without its file is given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    complete_until: Option<Timestamp>,
    /// What is kept, once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<AssetFileView>,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<AssetRefusal>,
    /// When it was declared.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// How to upload a file.
#[derive(Debug, Serialize, ToSchema)]
struct UploadView {
    /// `PUT`.
    method: &'static str,
    /// Where; takes exactly the declared number of bytes.
    url: String,
    /// Headers to send with it.
    headers: BTreeMap<String, String>,
    /// Until when an upload may begin.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// What is kept of an asset.
#[derive(Debug, Serialize, ToSchema)]
struct AssetFileView {
    /// Link to it, good for an hour; in the answer that shows one asset.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Media type: `image/jpeg`, `video/mp4` or `audio/mpeg`.
    content_type: String,
    /// Size of the file in bytes.
    size_bytes: u64,
    /// SHA-256 of the bytes, in hexadecimal digits.
    #[schema(value_type = String)]
    sha256: Sha256Hex,
    /// Pixels, as it is seen; absent for a sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    /// Pixels; absent for a sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    /// Milliseconds; absent for an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
    /// Whether it can be heard.
    has_sound: bool,
}

impl AssetView {
    /// The same with how to upload its file.
    #[must_use]
    pub fn with_upload(mut self, link: UploadLink, expires_at: Timestamp) -> Self {
        self.upload = Some(UploadView {
            method: "PUT",
            url: link.url,
            headers: link.headers,
            expires_at,
        });
        self
    }

    /// The same with a link to what is kept, when anything is.
    #[must_use]
    pub fn with_link(mut self, url: String) -> Self {
        if let Some(file) = &mut self.file {
            file.url = Some(url);
        }
        self
    }
}

impl From<Asset> for AssetView {
    fn from(asset: Asset) -> Self {
        let storage_bytes = asset.storage_bytes();
        let status = asset.state.status();
        let (complete_until, file, refusal) = match asset.state {
            AssetState::Uploading { expires_at } => (Some(expires_at), None, None),
            AssetState::Checking { .. } => (None, None, None),
            AssetState::Ready { file } => (None, Some(file.into()), None),
            AssetState::Refused { refusal } => (None, None, Some(refusal)),
        };
        Self {
            id: asset.id,
            kind: asset.kind,
            status,
            name: asset.name,
            content_type: asset.declared.content_type,
            storage_bytes,
            upload: None,
            complete_until,
            file,
            refusal,
            created_at: asset.created_at,
            updated_at: asset.updated_at,
        }
    }
}

impl From<AssetFile> for AssetFileView {
    fn from(file: AssetFile) -> Self {
        Self {
            url: None,
            content_type: file.content_type,
            size_bytes: file.size_bytes,
            sha256: file.sha256,
            width: file.width,
            height: file.height,
            duration_ms: Some(file.duration_ms).filter(|ms| *ms > 0),
            has_sound: file.has_sound,
        }
    }
}
