//! Segments on disk, by key: bounded, shared by any number of writers, and never trusted.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::EngineError;
use crate::segments::prints::of_reader;

/// Ending of a file of ours; others in the folder are left alone.
const ENDING: &str = "segment";
/// Beginning of a file that is being written.
const UNFINISHED: &str = ".writing-";
/// The hash of what follows, in hexadecimal, at the head of each file.
const PRINT_BYTES: usize = 64;
/// A file that nobody has finished for so long belongs to a writer that died.
const ABANDONED: Duration = Duration::from_hours(1);

/// A folder of rendered segments.
///
/// # Promises
/// A file is there complete or not at all: it is written beside and renamed, so writers do not disturb one another.
/// A file that is not what was written is not used.
/// After each file that is kept the folder holds at most its limit: what was not used for the longest time goes first.
///
/// # Errors
/// Only opening fails; a cache that can no longer be read or written makes videos slower and nothing else.
#[derive(Clone, Debug)]
pub struct SegmentCache {
    folder: PathBuf,
    size_bytes_max: u64,
}

impl SegmentCache {
    /// A usual limit: 2 GB are about an hour of 1080x1920.
    pub const SIZE_BYTES_USUAL: u64 = 2_000_000_000;

    /// Uses a folder, which is made when it is not there.
    ///
    /// # Errors
    /// [`EngineError::Io`] when the folder cannot be made.
    pub fn open(folder: &Path, size_bytes_max: u64) -> Result<Self, EngineError> {
        fs::create_dir_all(folder).map_err(EngineError::io("create", folder))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            size_bytes_max,
        })
    }

    /// What is kept under a key, whole and checked; it stays readable even if it is removed meanwhile.
    pub(crate) fn find(&self, key: &str) -> Option<File> {
        let path = self.path(key);
        let mut file = File::open(&path).ok()?;
        if is_whole(&mut file).unwrap_or(false) {
            // Only the order of removal depends on it.
            drop(file.set_modified(now()));
            return Some(file);
        }
        // Another writer may have replaced it by now; then that one is rendered once more, which is harmless.
        drop(fs::remove_file(&path));
        None
    }

    /// Whether there is something under a key; only [`SegmentCache::find`] knows whether it can be used.
    pub(crate) fn holds(&self, key: &str) -> bool {
        self.path(key).exists()
    }

    /// Keeps a copy of a file under a key; `false` when that was not possible.
    pub(crate) fn keep(&self, key: &str, file: &Path) -> bool {
        let kept = self.write(key, file).is_ok();
        // A folder that cannot be listed is bounded by the next one who can.
        drop(self.trim());
        kept
    }

    fn write(&self, key: &str, file: &Path) -> io::Result<()> {
        let print = of_reader(File::open(file))?;
        let mut copy = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempfile_in(&self.folder)?;
        copy.write_all(print.as_bytes())?;
        io::copy(&mut File::open(file)?, &mut copy)?;
        copy.persist(self.path(key)).map(drop)?;
        Ok(())
    }

    /// Removes what was not used for the longest time, until the rest fits, and what dead writers left.
    fn trim(&self) -> io::Result<()> {
        let now = now();
        let mut kept = Vec::new();
        for entry in fs::read_dir(&self.folder)?.filter_map(Result::ok) {
            let (path, Ok(about)) = (entry.path(), entry.metadata()) else {
                continue;
            };
            let used = about.modified().unwrap_or(now);
            if path.extension().is_some_and(|ending| ending == ENDING) {
                kept.push((used, about.len(), path));
            } else if entry.file_name().to_string_lossy().starts_with(UNFINISHED)
                && now.duration_since(used).is_ok_and(|age| age > ABANDONED)
            {
                fs::remove_file(&path)?;
            }
        }
        kept.sort();
        let mut size_bytes: u64 = kept.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in kept {
            if size_bytes <= self.size_bytes_max {
                break;
            }
            // Another writer may have removed it first.
            drop(fs::remove_file(&path));
            size_bytes -= bytes;
        }
        Ok(())
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(key).with_extension(ENDING)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the time of a file's last use decides which file goes first, and no money"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Whether a file is what its head says; it is then at the start of its content.
fn is_whole(file: &mut File) -> io::Result<bool> {
    let mut print = [0; PRINT_BYTES];
    file.read_exact(&mut print)?;
    let whole = of_reader(Ok(&mut *file))?.as_bytes() == print;
    file.seek(SeekFrom::Start(u64::try_from(PRINT_BYTES).unwrap_or_default()))?;
    Ok(whole)
}
