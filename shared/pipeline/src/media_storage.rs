//! The media bucket as steps use it: files of a job's project, counted on the account's storage quota.

use std::path::Path;
use std::sync::Arc;

use domain::media::{KeyOf, Media};
use domain::outputs::{InputHash, MediaKey};
use domain::ports::{Clock, Objects};
use domain::{ErrorCode, Failure};
use serde::Serialize;
use store::{Consumption, Store};

use crate::task::Task;

/// Stores and fetches media of one project.
#[derive(Debug, Clone)]
pub(crate) struct MediaStorage {
    store: Store,
    objects: Arc<dyn Objects>,
    key_of: KeyOf,
    clock: Arc<dyn Clock>,
}

impl MediaStorage {
    pub(crate) fn new(store: Store, objects: Arc<dyn Objects>, key_of: KeyOf, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            objects,
            key_of,
            clock,
        }
    }

    /// The key of a file in this job's project.
    pub(crate) fn key(&self, task: &Task, media: Media, hash: &InputHash) -> MediaKey {
        (self.key_of)(task.account_id, task.project_id, media, hash)
    }

    /// Stores a file if the account has storage left for it; the same key is counted once.
    pub(crate) async fn put(
        &self,
        task: &Task,
        key: &MediaKey,
        media: Media,
        bytes: Vec<u8>,
    ) -> Result<(), Failure> {
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.consume_storage(task, key, size_bytes).await?;
        Ok(self.objects.put(key, media.content_type(), bytes).await?)
    }

    /// The same for a file on disk, with its size in bytes: it may be larger than memory.
    pub(crate) async fn put_file(
        &self,
        task: &Task,
        key: &MediaKey,
        media: Media,
        (file, size_bytes): (&Path, u64),
    ) -> Result<(), Failure> {
        self.consume_storage(task, key, size_bytes).await?;
        Ok(self.objects.put_file(key, media.content_type(), file).await?)
    }

    async fn consume_storage(&self, task: &Task, key: &MediaKey, size_bytes: u64) -> Result<(), Failure> {
        let storage = Consumption::of_media(key.as_str(), size_bytes);
        let now = self.clock.now();
        self.store.consume(task.account_id, &[storage], now).await?;
        Ok(())
    }

    /// Stores a chunk of a video for a day. It is not counted on the account's storage: the finished video is.
    pub(crate) async fn put_chunk(&self, key: &MediaKey, file: &Path) -> Result<(), Failure> {
        let content_type = Media::Chunk.content_type();
        Ok(self.objects.put_file(key, content_type, file).await?)
    }

    /// Stores a report about a file. It is not counted either, so that an account without storage still gets it.
    pub(crate) async fn put_report(&self, key: &MediaKey, report: &impl Serialize) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(report)
            .map_err(|error| Failure::new(ErrorCode::Internal).because(error))?;
        let content_type = Media::CheckReport.content_type();
        Ok(self.objects.put(key, content_type, bytes).await?)
    }

    /// Whether the file exists.
    pub(crate) async fn has(&self, key: &MediaKey) -> Result<bool, Failure> {
        Ok(self.objects.size(key).await?.is_some())
    }

    /// Deletes a file; harmless when there is none.
    pub(crate) async fn delete(&self, key: &MediaKey) -> Result<(), Failure> {
        Ok(self.objects.delete(key).await?)
    }

    /// Downloads a file that has to be there; its absence is our fault, not the caller's.
    pub(crate) async fn fetch(&self, key: &MediaKey, file: &Path) -> Result<(), Failure> {
        if self.fetch_if_there(key, file).await? {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::Internal).because(format!("{} is not in the bucket", key.as_str())))
    }

    /// The same; answers whether it was there.
    pub(crate) async fn fetch_if_there(&self, key: &MediaKey, file: &Path) -> Result<bool, Failure> {
        match self.objects.get_file(key, file).await {
            Ok(()) => Ok(true),
            Err(error) if error.code == ErrorCode::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The same file under this job's project, or `None` when it is gone.
    ///
    /// A cached output may lie in another project of the account, and is deleted with that project: so each project
    /// has its own copy.
    pub(crate) async fn copy_into_project(
        &self,
        task: &Task,
        key: &MediaKey,
        media: Media,
        hash: &InputHash,
    ) -> Result<Option<MediaKey>, Failure> {
        let own = self.key(task, media, hash);
        if own == *key {
            return Ok(Some(own));
        }
        let bytes = match self.objects.get(key).await {
            Ok(bytes) => bytes,
            Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        self.put(task, &own, media, bytes).await?;
        Ok(Some(own))
    }
}
