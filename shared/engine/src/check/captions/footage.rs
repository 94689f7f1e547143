//! The frames around each mark, cut out of the video in one pass.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use tempfile::TempDir;

use crate::check::captions::Mark;
use crate::check::captions::sight::{Sight, first, samples};
use crate::composition::Composition;
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for};
use crate::number::{index, real, round_u64};
use crate::tools::Tools;

/// The rows with captions of some frames of a video.
///
/// # Limits
/// On disk, because 24 words are some 80 MB at 1080x1920; one word's frames are in memory at a time.
#[derive(Debug)]
pub(super) struct Footage {
    folder: TempDir,
    frames: BTreeSet<u64>,
    size: (u32, u32),
    fps: u32,
    /// First row and number of rows; both even.
    band: (usize, usize),
}

/// Name of the file in the folder.
const FILE: &str = "frames.yuv";

impl Footage {
    /// Decodes the video once.
    pub(super) fn cut(
        tools: &Tools,
        video: &Path,
        composition: &Composition,
        marks: &[Mark],
    ) -> Result<Self, EngineError> {
        let folder =
            tempfile::tempdir().map_err(EngineError::io("create a folder in", &std::env::temp_dir()))?;
        let size = (composition.width, composition.height);
        let rows = marks.iter().map(|mark| mark.after.rows(index(size.1)));
        let (top, bottom) = rows.fold((usize::MAX, 0), |known, own| {
            (known.0.min(own.0), known.1.max(own.1))
        });
        let band = (top & !1, bottom.saturating_sub(top & !1).next_multiple_of(2));
        let spans: Vec<String> = marks
            .iter()
            .map(|mark| mark.frames(composition.fps))
            .map(|span| format!("between(n,{},{})", span.start, span.end.saturating_sub(1)))
            .collect();
        let filter = format!(
            "select='{}',crop={}:{}:0:{}",
            spans.join("+"),
            size.0,
            band.1,
            band.0
        );
        Arguments::new("error")
            .input(&[], video)
            .with([
                "-map",
                "0:v:0",
                "-vf",
                filter.as_str(),
                "-fps_mode",
                "passthrough",
            ])
            .with(["-f", "rawvideo", "-pix_fmt", "yuv420p"])
            .output(&folder.path().join(FILE))
            .run(tools, limit_for(composition.duration_ms()))?;
        Ok(Self {
            folder,
            frames: marks
                .iter()
                .flat_map(|mark| mark.frames(composition.fps))
                .collect(),
            size,
            fps: composition.fps,
            band,
        })
    }

    /// Where a mark is first seen.
    pub(super) fn find(&self, mark: &Mark) -> Result<Sight, EngineError> {
        let path = self.folder.path().join(FILE);
        let mut file = File::open(&path).map_err(EngineError::io("open", &path))?;
        let span = mark.frames(self.fps);
        let length = index(self.size.0) * self.band.1 * 3 / 2;
        let position = self.frames.range(..span.start).count();
        file.seek(SeekFrom::Start(round_u64(real(position * length))))
            .map_err(EngineError::io("read", &path))?;
        let count = span.clone().count();
        // A video that ends early has fewer frames, on which the word is then never seen.
        let mut bytes = Vec::with_capacity(length * count);
        file.take(round_u64(real(length * count)))
            .read_to_end(&mut bytes)
            .map_err(EngineError::io("read", &path))?;
        let samples = samples(self.size, self.band, mark.before.as_deref(), &mark.after);
        Ok(first(
            (&samples, mark.alone),
            span.zip(bytes.chunks_exact(length.max(1))),
        ))
    }
}
