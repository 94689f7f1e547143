//! A bucket that does not answer when it matters.

use std::path::Path;
use std::sync::Arc;

use domain::ErrorCode;
use domain::outputs::MediaKey;
use domain::ports::{Objects, PortError, UploadLink, UploadTerms, Work};

/// A bucket that dies at one call.
#[derive(Debug)]
pub(crate) struct DyingBucket {
    /// What it is otherwise.
    pub(crate) bucket: Arc<dyn Objects>,
    /// The call.
    pub(crate) at: &'static str,
}

impl DyingBucket {
    fn lives<'a, T: 'a>(
        &'a self,
        call: &'static str,
        work: Work<'a, Result<T, PortError>>,
    ) -> Work<'a, Result<T, PortError>> {
        Box::pin(async move {
            if call == self.at {
                let code = ErrorCode::Unavailable;
                return Err(PortError {
                    code,
                    doing: call,
                    source: None,
                });
            }
            work.await
        })
    }
}

impl Objects for DyingBucket {
    fn put<'a>(
        &'a self,
        key: &'a MediaKey,
        kind: &'a str,
        bytes: Vec<u8>,
    ) -> Work<'a, Result<(), PortError>> {
        self.bucket.put(key, kind, bytes)
    }
    fn get<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Vec<u8>, PortError>> {
        self.bucket.get(key)
    }
    fn link<'a>(&'a self, key: &'a MediaKey, seconds: u32) -> Work<'a, Result<String, PortError>> {
        self.bucket.link(key, seconds)
    }
    fn upload_link<'a>(
        &'a self,
        key: &'a MediaKey,
        terms: UploadTerms<'a>,
    ) -> Work<'a, Result<UploadLink, PortError>> {
        self.bucket.upload_link(key, terms)
    }
    fn size<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Option<u64>, PortError>> {
        self.lives("size", self.bucket.size(key))
    }
    fn get_file<'a>(&'a self, key: &'a MediaKey, path: &'a Path) -> Work<'a, Result<(), PortError>> {
        self.lives("get_file", self.bucket.get_file(key, path))
    }
    fn put_file<'a>(
        &'a self,
        key: &'a MediaKey,
        kind: &'a str,
        path: &'a Path,
    ) -> Work<'a, Result<(), PortError>> {
        self.lives("put_file", self.bucket.put_file(key, kind, path))
    }
    fn delete<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<(), PortError>> {
        self.lives("delete", self.bucket.delete(key))
    }
    fn delete_all<'a>(&'a self, prefix: &'a str) -> Work<'a, Result<(), PortError>> {
        self.lives("delete_all", self.bucket.delete_all(prefix))
    }
}
