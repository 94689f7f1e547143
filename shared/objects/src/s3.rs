//! The media bucket behind [`Objects`].

use std::collections::BTreeSet;
use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, Object, ObjectIdentifier};
use domain::ErrorCode;
use domain::outputs::MediaKey;
use domain::ports::{Objects, PortError, UploadLink, UploadTerms, Work};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// The media bucket, over S3.
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

    async fn send(&self, key: &MediaKey, content_type: &str, body: ByteStream) -> Result<(), PortError> {
        let outcome = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(content_type)
            .body(body)
            .send()
            .await;
        outcome
            .map(|_stored| ())
            .map_err(|error| failed("storing an object", error))
    }

    async fn open(&self, key: &MediaKey) -> Result<ByteStream, PortError> {
        let request = self.client.get_object().bucket(&self.bucket).key(key.as_str());
        let found = request.send().await;
        let found = found.map_err(|error| failed("reading an object", error))?;
        Ok(found.body)
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
        Box::pin(self.send(key, content_type, ByteStream::from(bytes)))
    }

    fn put_file<'a>(
        &'a self,
        key: &'a MediaKey,
        content_type: &'a str,
        file: &'a Path,
    ) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let body = ByteStream::from_path(file).await;
            let body = body.map_err(|cause| broken("opening a file", ErrorCode::Internal, cause))?;
            self.send(key, content_type, body).await
        })
    }

    fn get<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Vec<u8>, PortError>> {
        Box::pin(async move {
            let body = self.open(key).await?;
            Ok(body.collect().await.map_err(cut_short)?.to_vec())
        })
    }

    fn get_file<'a>(&'a self, key: &'a MediaKey, file: &'a Path) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut body = self.open(key).await?;
            let mut out = File::create(file).await.map_err(no_room)?;
            while let Some(bytes) = body.try_next().await.map_err(cut_short)? {
                out.write_all(&bytes).await.map_err(no_room)?;
            }
            out.flush().await.map_err(no_room)
        })
    }

    fn link<'a>(&'a self, key: &'a MediaKey, seconds: u32) -> Work<'a, Result<String, PortError>> {
        Box::pin(async move {
            let validity = validity(seconds)?;
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

    fn upload_link<'a>(
        &'a self,
        key: &'a MediaKey,
        upload: UploadTerms<'a>,
    ) -> Work<'a, Result<UploadLink, PortError>> {
        Box::pin(async move {
            let size = i64::try_from(upload.size_bytes)
                .map_err(|cause| broken("signing an upload's size", ErrorCode::Internal, cause))?;
            let signed = self
                .client
                .put_object()
                .bucket(&self.bucket)
                .key(key.as_str())
                .content_type(upload.content_type)
                .content_length(size)
                .presigned(validity(upload.seconds)?)
                .await
                .map_err(|error| failed("signing a link to upload with", error))?;
            // Only what the signature holds: the SDK's tracing header changes with each call and costs a browser a
            // preflight. Browsers set host and length themselves and let no page do it.
            let is_signed = signed_names(signed.uri());
            let headers = signed
                .headers()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .filter(|(name, _)| {
                    is_signed.contains(name) && !["host", "content-length"].contains(&name.as_str())
                })
                .collect();
            Ok(UploadLink {
                url: signed.uri().to_owned(),
                headers,
            })
        })
    }

    fn size<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Option<u64>, PortError>> {
        Box::pin(async move {
            let found = self
                .client
                .head_object()
                .bucket(&self.bucket)
                .key(key.as_str())
                .send()
                .await
                .map_err(|error| failed("looking for an object", error));
            match found {
                Ok(head) => Ok(Some(
                    u64::try_from(head.content_length.unwrap_or_default()).unwrap_or_default(),
                )),
                Err(error) if error.code == ErrorCode::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn delete<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.client
                .delete_object()
                .bucket(&self.bucket)
                .key(key.as_str())
                .send()
                .await
                .map(|_deleted| ())
                .map_err(|error| failed("deleting an object", error))
        })
    }

    fn delete_all<'a>(&'a self, prefix: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            while self.delete_page(prefix).await? {}
            Ok(())
        })
    }
}

/// Names of the headers that a signed address holds, in lower case: its `X-Amz-SignedHeaders`.
fn signed_names(address: &str) -> BTreeSet<String> {
    let parameters = address.split_once('?').map_or("", |(_, query)| query).split('&');
    parameters
        .filter_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="))
        .flat_map(|names| names.split("%3B"))
        .map(str::to_ascii_lowercase)
        .collect()
}

fn validity(seconds: u32) -> Result<PresigningConfig, PortError> {
    PresigningConfig::expires_in(Duration::from_secs(u64::from(seconds)))
        .map_err(|cause| broken("setting a link's validity", ErrorCode::Internal, cause))
}

/// Sorts what S3 said: nothing there, a fault that may pass, or a fault of ours.
fn failed<E>(doing: &'static str, error: SdkError<E>) -> PortError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    let code = match (error.code(), status) {
        // A HEAD has no body to say it in.
        (Some("NoSuchKey" | "NotFound"), _) | (None, 404) => ErrorCode::NotFound,
        (Some("SlowDown" | "RequestTimeout"), _) | (_, 0 | 429 | 500..=599) => ErrorCode::Unavailable,
        _ => ErrorCode::Internal,
    };
    broken(doing, code, error)
}

/// The connection ended in the middle of an object.
fn cut_short(cause: impl Error + Send + Sync + 'static) -> PortError {
    broken("reading an object's bytes", ErrorCode::Unavailable, cause)
}

/// A full disk, mostly: the next sandbox begins with an empty one.
fn no_room(cause: io::Error) -> PortError {
    broken("writing an object to a file", ErrorCode::Unavailable, cause)
}

fn broken(doing: &'static str, code: ErrorCode, cause: impl Error + Send + Sync + 'static) -> PortError {
    PortError {
        code,
        doing,
        source: Some(Box::new(cause)),
    }
}

#[cfg(test)]
mod tests;
