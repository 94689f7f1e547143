//! Long videos in chunks: when a video is cut, where its chunks are stored, and how a missing one is rendered.
//!
//! A chunk is stored for a day under the hash of everything that decides its frames. The join reads it, and so does
//! whatever is tried again: a repeated step, a resumed job, a video of which one image changed. The chunks of a video
//! that fails its check are deleted. A chunk is not counted on the account's storage, not delivered and not charged.

use std::path::{Path, PathBuf};

use domain::media::Media;
use domain::outputs::MediaKey;
use domain::{ErrorCode, Failure};

use crate::composer::{Chunk, Composer, chunk_file, scene_file};
use crate::hashes::{ModelRef, chunk_hash};
use crate::media_storage::MediaStorage;
use crate::plan::VideoPlan;
use crate::task::Task;

/// Longest video that one function renders, milliseconds. A shorter one is two chunks at most: starting their functions and
/// joining them would take as long as they save.
pub const ONE_GO_MS_MAX: u32 = 120_000;
/// Longest chunk, milliseconds: with five at a time, half an hour is made in the time of six minutes.
pub const CHUNK_MS_MAX: u64 = 60_000;

/// A chunk and its key in the bucket.
#[derive(Debug)]
pub(crate) struct StoredChunk {
    pub(crate) chunk: Chunk,
    key: MediaKey,
}

/// The chunks of a video in their order; none of one that is rendered in one go.
pub(crate) fn chunks_of(
    media: &MediaStorage,
    composer: &dyn Composer,
    task: &Task,
    plan: &VideoPlan,
) -> Result<Vec<StoredChunk>, Failure> {
    if plan.duration_ms() <= ONE_GO_MS_MAX {
        return Ok(Vec::new());
    }
    let by = ModelRef {
        provider: composer.provider(),
        model: composer.version(),
    };
    let stored = |chunk: Chunk| {
        let hash = chunk_hash(by, plan, &chunk)?;
        let key = media.key(task, Media::Chunk, &hash);
        Ok(StoredChunk { chunk, key })
    };
    composer
        .chunks(plan, CHUNK_MS_MAX)?
        .into_iter()
        .map(stored)
        .collect()
}

impl StoredChunk {
    /// Renders the chunk unless it is stored.
    pub(crate) async fn ensure(
        &self,
        media: &MediaStorage,
        composer: &dyn Composer,
        plan: &VideoPlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        if media.has(&self.key).await? {
            return Ok(());
        }
        self.make(media, composer, plan, folder).await
    }

    /// Downloads the chunk into the folder; one that has just expired, after a day, is rendered again.
    pub(crate) async fn fetch(
        &self,
        media: &MediaStorage,
        composer: &dyn Composer,
        plan: &VideoPlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        if media.fetch_if_there(&self.key, &self.file(folder)).await? {
            return Ok(());
        }
        self.make(media, composer, plan, folder).await
    }

    /// Renders the chunk in the folder and stores it.
    async fn make(
        &self,
        media: &MediaStorage,
        composer: &dyn Composer,
        plan: &VideoPlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        for index in &self.chunk.scenes {
            let scene = plan.scenes.get(*index);
            let scene = scene.ok_or_else(|| Failure::new(ErrorCode::Internal).because("no such scene"))?;
            media
                .fetch(&scene.image, &folder.join(scene_file(*index)))
                .await?;
        }
        composer.render_chunk(plan, &self.chunk, folder).await?;
        media.put_chunk(&self.key, &self.file(folder)).await
    }

    /// Deletes the chunk, because the video that was made of it failed its check.
    pub(crate) async fn delete(&self, media: &MediaStorage) -> Result<(), Failure> {
        media.delete(&self.key).await
    }

    fn file(&self, folder: &Path) -> PathBuf {
        folder.join(chunk_file(self.chunk.number))
    }
}
