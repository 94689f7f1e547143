//! A bucket in memory behind `Objects`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ErrorCode;
use domain::outputs::MediaKey;
use domain::ports::{Objects, PortError, UploadLink, UploadTerms, Work};

/// A bucket that keeps what it is given; no two tests share one.
#[derive(Debug, Default)]
pub struct FakeObjects {
    files: Mutex<BTreeMap<String, (String, Vec<u8>)>>,
}

impl FakeObjects {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, (String, Vec<u8>)>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, key: &MediaKey) -> Result<Vec<u8>, PortError> {
        let files = self.files();
        let found = files.get(key.as_str()).map(|(_, bytes)| bytes.clone());
        found.ok_or(PortError {
            code: ErrorCode::NotFound,
            doing: "reading a file",
            source: None,
        })
    }

    /// Every key, sorted.
    pub fn keys(&self) -> Vec<String> {
        self.files().keys().cloned().collect()
    }

    /// Bytes of all files whose keys are meant.
    pub fn size_bytes(&self, meant: impl Fn(&str) -> bool) -> u64 {
        let files = self.files();
        let meant = files.iter().filter(|(key, _)| meant(key));
        let sizes = meant.map(|(_, (_, bytes))| u64::try_from(bytes.len()));
        sizes.sum::<Result<u64, _>>().expect("few bytes")
    }

    /// Loses a file, as a deleted project does.
    pub fn lose(&self, key: &MediaKey) {
        self.files().remove(key.as_str());
    }
}

impl Objects for FakeObjects {
    fn put<'a>(
        &'a self,
        key: &'a MediaKey,
        content_type: &'a str,
        bytes: Vec<u8>,
    ) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.files()
                .insert(key.as_str().to_owned(), (content_type.to_owned(), bytes));
            Ok(())
        })
    }

    fn put_file<'a>(
        &'a self,
        key: &'a MediaKey,
        content_type: &'a str,
        file: &'a Path,
    ) -> Work<'a, Result<(), PortError>> {
        self.put(
            key,
            content_type,
            std::fs::read(file).expect("the file can be read"),
        )
    }

    fn get<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Vec<u8>, PortError>> {
        Box::pin(async move { self.read(key) })
    }

    fn get_file<'a>(&'a self, key: &'a MediaKey, file: &'a Path) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            std::fs::write(file, self.read(key)?).expect("the file can be written");
            Ok(())
        })
    }

    fn link<'a>(&'a self, key: &'a MediaKey, seconds: u32) -> Work<'a, Result<String, PortError>> {
        Box::pin(async move { Ok(format!("https://media.test/{}?expires={seconds}", key.as_str())) })
    }

    fn upload_link<'a>(
        &'a self,
        key: &'a MediaKey,
        upload: UploadTerms<'a>,
    ) -> Work<'a, Result<UploadLink, PortError>> {
        Box::pin(async move {
            let (size, seconds) = (upload.size_bytes, upload.seconds);
            Ok(UploadLink {
                url: format!(
                    "https://media.test/{}?expires={seconds}&content-length={size}",
                    key.as_str()
                ),
                headers: BTreeMap::from([("content-type".to_owned(), upload.content_type.to_owned())]),
            })
        })
    }

    fn size<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Option<u64>, PortError>> {
        Box::pin(async move {
            let files = self.files();
            let bytes = files.get(key.as_str()).map(|(_, bytes)| bytes.len());
            Ok(bytes.map(|bytes| u64::try_from(bytes).expect("a small file")))
        })
    }

    fn delete<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.lose(key);
            Ok(())
        })
    }

    fn delete_all<'a>(&'a self, prefix: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.files().retain(|key, _| !key.starts_with(prefix));
            Ok(())
        })
    }
}
