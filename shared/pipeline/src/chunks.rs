//! Long videos in chunks: when a video is cut, where its chunks are kept, and how one that is not there is made.
//!
//! A chunk is kept for a day under the hash of what decides its frames, for the join and for whatever is tried again: a
//! repeat of a step, a resumed job, a video of which one picture changed. Those of a video that does not pass its check
//! are forgotten. They are neither storage of the account nor a delivery, and are not charged.

use std::path::{Path, PathBuf};

use domain::media::Media;
use domain::outputs::MediaKey;
use domain::{ErrorCode, Failure};

use crate::bench::Bench;
use crate::composer::{Chunk, Composer, chunk_file, scene_file};
use crate::hashes::{ModelRef, chunk_hash};
use crate::plan::VideoPlan;
use crate::task::Task;

/// Longest video that one function renders, milliseconds. A shorter one is two chunks at most: starting their functions and
/// joining them would take as long as they save.
pub const ONE_GO_MS_MAX: u32 = 120_000;
/// Longest chunk, milliseconds: with five at a time, half an hour is made in the time of six minutes.
pub const CHUNK_MS_MAX: u64 = 60_000;

/// A chunk and where it is kept.
#[derive(Debug)]
pub(crate) struct KeptChunk {
    pub(crate) chunk: Chunk,
    key: MediaKey,
}

/// The chunks of a video in their order; none of one that is rendered in one go.
pub(crate) fn chunks_of(
    bench: &Bench,
    composer: &dyn Composer,
    task: &Task,
    plan: &VideoPlan,
) -> Result<Vec<KeptChunk>, Failure> {
    if plan.duration_ms() <= ONE_GO_MS_MAX {
        return Ok(Vec::new());
    }
    let by = ModelRef {
        vendor: composer.vendor(),
        model: composer.version(),
    };
    let kept = |chunk: Chunk| {
        let hash = chunk_hash(by, plan, &chunk)?;
        let key = bench.key(task, Media::Chunk, &hash);
        Ok(KeptChunk { chunk, key })
    };
    composer
        .chunks(plan, CHUNK_MS_MAX)?
        .into_iter()
        .map(kept)
        .collect()
}

impl KeptChunk {
    /// Sees to it that the chunk is kept.
    pub(crate) async fn keep(
        &self,
        bench: &Bench,
        composer: &dyn Composer,
        plan: &VideoPlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        if bench.has(&self.key).await? {
            return Ok(());
        }
        self.make(bench, composer, plan, folder).await
    }

    /// Brings the chunk into the folder. One that was kept for a day and has just gone is made again.
    pub(crate) async fn fetch(
        &self,
        bench: &Bench,
        composer: &dyn Composer,
        plan: &VideoPlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        if bench.fetch_if_there(&self.key, &self.file(folder)).await? {
            return Ok(());
        }
        self.make(bench, composer, plan, folder).await
    }

    /// Renders the chunk in the folder and keeps it.
    async fn make(
        &self,
        bench: &Bench,
        composer: &dyn Composer,
        plan: &VideoPlan,
        folder: &Path,
    ) -> Result<(), Failure> {
        for index in &self.chunk.scenes {
            let scene = plan.scenes.get(*index);
            let scene = scene.ok_or_else(|| Failure::new(ErrorCode::Internal).because("no such scene"))?;
            bench
                .fetch(&scene.picture, &folder.join(scene_file(*index)))
                .await?;
        }
        composer.render_chunk(plan, &self.chunk, folder).await?;
        bench.put_chunk(&self.key, &self.file(folder)).await
    }

    /// What was made of it did not pass: the next one is rendered anew.
    pub(crate) async fn forget(&self, bench: &Bench) -> Result<(), Failure> {
        bench.forget(&self.key).await
    }

    fn file(&self, folder: &Path) -> PathBuf {
        folder.join(chunk_file(self.chunk.number))
    }
}
