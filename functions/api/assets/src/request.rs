//! The request that declares a file, and the words of the list's filters.

use api::Request;
use domain::Invalid;
use domain::asset::AssetKind;
use serde::Deserialize;
use serde::de::value::Error as WordError;
use serde::de::{DeserializeOwned, IntoDeserializer};
use uploads::NewUpload;
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

impl CreateAssetRequest {
    /// The declaration, when it holds every rule.
    ///
    /// # Errors
    /// [`Invalid`] with the field and the broken rule.
    pub(crate) fn parse(self) -> Result<NewUpload, Invalid> {
        NewUpload::parse(
            self.kind,
            self.content_type,
            self.size_bytes,
            self.name.as_deref(),
            self.sha256.as_deref(),
        )
    }
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
