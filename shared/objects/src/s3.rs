//! The media bucket behind [`Objects`].

use std::error::Error;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, Object, ObjectIdentifier};
use domain::ErrorCode;
use domain::outputs::MediaKey;
use domain::ports::{Objects, PortError, Work};

/// S3.
#[derive(Debug, Clone)]
pub struct S3Objects {
    client: Client,
    bucket: String,
}

impl S3Objects {
    /// One bucket.
    pub const fn new(client: Client, bucket: String) -> Self {
        Self { client, bucket }
    }

    /// Deletes one page of a prefix; says whether there was anything.
    async fn delete_page(&self, prefix: &str) -> Result<bool, PortError> {
        // Always the first page: what was on it is gone by the next call.
        let listed = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .send()
            .await
            .map_err(|error| failed("listing objects", error))?;
        let objects: Vec<ObjectIdentifier> = listed
            .contents
            .unwrap_or_default()
            .into_iter()
            .filter_map(|object: Object| ObjectIdentifier::builder().key(object.key?).build().ok())
            .collect();
        if objects.is_empty() {
            return Ok(false);
        }
        let batch = Delete::builder()
            .set_objects(Some(objects))
            .quiet(true)
            .build()
            .map_err(|cause| broken("naming objects to delete", ErrorCode::Internal, cause))?;
        let deleted = self
            .client
            .delete_objects()
            .bucket(&self.bucket)
            .delete(batch)
            .send()
            .await
            .map_err(|error| failed("deleting objects", error))?;
        match deleted.errors.unwrap_or_default().into_iter().next() {
            None => Ok(true),
            Some(error) => Err(PortError {
                code: ErrorCode::Unavailable,
                doing: "deleting objects",
                source: error.message.map(Into::into),
            }),
        }
    }
}

impl Objects for S3Objects {
    fn put<'a>(
        &'a self,
        key: &'a MediaKey,
        content_type: &'a str,
        bytes: Vec<u8>,
    ) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .put_object()
                .bucket(&self.bucket)
                .key(key.as_str())
                .content_type(content_type)
                .body(ByteStream::from(bytes))
                .send()
                .await;
            outcome
                .map(|_stored| ())
                .map_err(|error| failed("storing an object", error))
        })
    }

    fn get<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Vec<u8>, PortError>> {
        Box::pin(async move {
            let found = self
                .client
                .get_object()
                .bucket(&self.bucket)
                .key(key.as_str())
                .send()
                .await
                .map_err(|error| failed("reading an object", error))?;
            let bytes = found
                .body
                .collect()
                .await
                .map_err(|cause| broken("reading an object's bytes", ErrorCode::Unavailable, cause))?;
            Ok(bytes.to_vec())
        })
    }

    fn link<'a>(&'a self, key: &'a MediaKey, seconds: u32) -> Work<'a, Result<String, PortError>> {
        Box::pin(async move {
            let validity = PresigningConfig::expires_in(Duration::from_secs(u64::from(seconds)))
                .map_err(|cause| broken("setting a link's validity", ErrorCode::Internal, cause))?;
            let signed = self
                .client
                .get_object()
                .bucket(&self.bucket)
                .key(key.as_str())
                .presigned(validity)
                .await
                .map_err(|error| failed("signing a link", error))?;
            Ok(signed.uri().to_owned())
        })
    }

    fn delete_all<'a>(&'a self, prefix: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            while self.delete_page(prefix).await? {}
            Ok(())
        })
    }
}

/// Sorts what S3 said: nothing there, a fault that may pass, or a fault of ours.
fn failed<E>(doing: &'static str, error: SdkError<E>) -> PortError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    let code = match (error.code(), status) {
        (Some("NoSuchKey" | "NotFound"), _) => ErrorCode::NotFound,
        (Some("SlowDown" | "RequestTimeout"), _) | (_, 0 | 429 | 500..=599) => ErrorCode::Unavailable,
        _ => ErrorCode::Internal,
    };
    broken(doing, code, error)
}

fn broken(doing: &'static str, code: ErrorCode, cause: impl Error + Send + Sync + 'static) -> PortError {
    PortError {
        code,
        doing,
        source: Some(Box::new(cause)),
    }
}
