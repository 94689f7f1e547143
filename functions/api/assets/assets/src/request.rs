//! The request that declares a file, and the words of the list's filters.

use api::Request;
use domain::Invalid;
use domain::asset::{AssetKind, media_type_pattern};
use serde::Deserialize;
use serde::de::value::Error as WordError;
use serde::de::{DeserializeOwned, IntoDeserializer};
use uploads::NewUpload;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A file to be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAssetRequest {
    /// What it is.
    kind: AssetKind,
    #[schema(schema_with = media_type_schema)]
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

/// The media types of every kind, out of the table that checks them.
fn media_type_schema() -> Object {
    let description = "Media type that the kind takes, by any of its usual names, such as `audio/mpeg` or `audio/mp3`; \
                       parameters may follow, such as `;codecs=opus`. The upload sends it as it is declared here.";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .pattern(Some(media_type_pattern()))
        .build()
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
