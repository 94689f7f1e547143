//! Declaring a file: its kind, type and size are checked, storage is reserved, and a link to upload with is made.

use domain::asset::{
    ASSET_NAME_CHARS_MAX, Asset, AssetKind, AssetState, Declared, Refusal, Refused, Sha256Hex, UPLOAD_S,
    check_declared,
};
use domain::ports::{Objects, UploadLink, UploadTerms};
use domain::settings::parse_line;
use domain::{AccountId, AssetId, Failure, Invalid, Timestamp};
use store::Store;

/// Seconds in which an upload may begin: a person picks the file first and asks for the link then.
pub const UPLOAD_LINK_S: u32 = 900;

/// A declared file whose fields were checked.
#[derive(Debug)]
pub struct NewUpload {
    kind: AssetKind,
    name: Option<String>,
    declared: Declared,
}

/// A declared asset, and how to upload its file.
#[derive(Debug)]
pub struct DeclaredUpload {
    /// The asset, waiting for its file.
    pub asset: Asset,
    /// Takes the file, and nothing of another type or size.
    pub link: UploadLink,
    /// When the link ends.
    pub link_expires_at: Timestamp,
}

impl NewUpload {
    /// Checks a declaration; `name` is 1 to 120 characters, `sha256` 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`Invalid`] with the field and the broken rule.
    pub fn parse(
        kind: AssetKind,
        content_type: String,
        size_bytes: u64,
        name: Option<&str>,
        sha256: Option<&str>,
    ) -> Result<Self, Invalid> {
        check_declared(kind.purpose(), &content_type, size_bytes).map_err(|refused| invalid(&refused))?;
        let name = name.map(|name| parse_line(name, "name", ASSET_NAME_CHARS_MAX));
        Ok(Self {
            kind,
            name: name.transpose()?,
            declared: Declared {
                content_type,
                size_bytes,
                sha256: sha256.map(Sha256Hex::parse).transpose()?,
            },
        })
    }

    /// The asset that waits for this file.
    pub fn into_asset(self, id: AssetId, account_id: AccountId, now: Timestamp) -> Asset {
        Asset {
            id,
            account_id,
            kind: self.kind,
            name: self.name,
            declared: self.declared,
            state: AssetState::Uploading {
                expires_at: now.plus_s(UPLOAD_S),
            },
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Stores a declared asset, which reserves its storage, and makes the link to upload its file with.
///
/// # Promises
/// A repeat with the same id finds the asset that is there and makes a new link.
///
/// # Errors
/// `quota_exceeded`, or those of the store and the bucket.
pub async fn declare(
    store: &Store,
    objects: &dyn Objects,
    asset: &Asset,
    now: Timestamp,
) -> Result<DeclaredUpload, Failure> {
    let asset = store.create_asset(asset, now).await?;
    let terms = UploadTerms {
        content_type: &asset.declared.content_type,
        size_bytes: asset.declared.size_bytes,
        seconds: UPLOAD_LINK_S,
    };
    let key = objects::keys::upload(asset.account_id, asset.id);
    let link = objects.upload_link(&key, terms).await?;
    Ok(DeclaredUpload {
        asset,
        link,
        link_expires_at: now.plus_s(UPLOAD_LINK_S.into()),
    })
}

/// The broken rule as the refusal of a field, under the name that an inspection would give.
fn invalid(refused: &Refused) -> Invalid {
    let field = match refused.refusal {
        Refusal::TypeNotAllowed => "content_type",
        _ => "size_bytes",
    };
    let message = format!("is not taken: {}", refused.reason);
    Invalid::new(field, refused.refusal.as_str(), &message)
}
