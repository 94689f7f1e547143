//! The request that declares a file, and the words of the list's filters.

use api::Request;
use domain::asset::{
    ASSET_NAME_CHARS_MAX, Asset, AssetKind, AssetState, Declared, Refusal, Refused, Sha256Hex, check_declared,
};
use domain::settings::parse_line;
use domain::{AccountId, AssetId, Failure, Invalid, Timestamp};
use serde::Deserialize;
use serde::de::value::Error as WordError;
use serde::de::{DeserializeOwned, IntoDeserializer};
use utoipa::ToSchema;

/// A file to be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAssetRequest {
    /// What it is.
    kind: AssetKind,
    /// Media type: PNG, JPEG or `WebP`; MP4 or `WebM`; MP3, WAV or AAC.
    content_type: String,
    /// Bytes of the file; at most 10, 100 and 20 MB.
    #[schema(minimum = 1)]
    size_bytes: u64,
    /// Name, 1 to 120 characters; it is shown and means nothing.
    name: Option<String>,
    /// SHA-256 of the file in hexadecimal digits; a file that has another is refused.
    sha256: Option<String>,
}

/// A declaration whose fields were checked.
#[derive(Debug)]
pub(crate) struct ParsedAsset {
    kind: AssetKind,
    name: Option<String>,
    declared: Declared,
}

impl ParsedAsset {
    pub(crate) fn parse(body: CreateAssetRequest) -> Result<Self, Failure> {
        check_declared(body.kind.purpose(), &body.content_type, body.size_bytes)
            .map_err(|error| refused(&error))?;
        let name = body
            .name
            .map(|name| parse_line(&name, "name", ASSET_NAME_CHARS_MAX));
        let sha256 = body.sha256.map(|text| Sha256Hex::parse(&text));
        Ok(Self {
            kind: body.kind,
            name: name.transpose()?,
            declared: Declared {
                content_type: body.content_type,
                size_bytes: body.size_bytes,
                sha256: sha256.transpose()?,
            },
        })
    }

    pub(crate) fn asset(
        self,
        id: AssetId,
        account_id: AccountId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Asset {
        Asset {
            id,
            account_id,
            kind: self.kind,
            name: self.name,
            declared: self.declared,
            state: AssetState::Uploading { expires_at },
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// What the rules of a kind say, as the refusal of a field; the rule has the name that a check would give.
fn refused(error: &Refused) -> Failure {
    let Refused { refusal, reason } = error;
    let field = match refusal {
        Refusal::TypeNotAllowed => "content_type",
        _ => "size_bytes",
    };
    Invalid::new(field, refusal.as_str(), &format!("is not taken: {reason}")).into()
}

/// A query parameter that is one of a few words.
pub(crate) fn parse_word<T: DeserializeOwned>(
    request: &Request,
    name: &str,
    words: &str,
) -> Result<Option<T>, Invalid> {
    let Some(word) = request.query.get(name) else {
        return Ok(None);
    };
    let word = IntoDeserializer::<WordError>::into_deserializer(word.as_str());
    T::deserialize(word)
        .map(Some)
        .map_err(|_unknown| Invalid::new(name, "unknown_value", &format!("must be one of: {words}")))
}
