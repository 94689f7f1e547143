//! Font files as memory: mapped once in a process, for everything that draws with them.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

use vmap::MapMut;

use super::localise;

/// What a mapping is found by; a file that was written anew is mapped anew.
#[derive(PartialEq, Eq, Hash)]
struct Wanted {
    file: PathBuf,
    size_bytes: u64,
    modified: Option<SystemTime>,
    language: [u8; 4],
}

static MAPPED: LazyLock<Mutex<HashMap<Wanted, &'static [u8]>>> = LazyLock::new(Mutex::default);

/// A font file whose default shapes are those of a language; nothing for an empty file.
///
/// # Limits
/// Of the 17 MB of the largest file only what is read comes into memory, and is shared with other processes; what the
/// language changes is copied.
/// A mapping stays until the process ends: there is one for each file and each of the four styles of Han shapes.
/// The files are those of the tools, which nobody shortens while they are used.
pub(super) fn open(file: &Path, language: [u8; 4]) -> io::Result<&'static [u8]> {
    let facts = fs::metadata(file)?;
    let wanted = Wanted {
        file: file.to_path_buf(),
        size_bytes: facts.len(),
        modified: facts.modified().ok(),
        language,
    };
    let mut mapped = MAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = mapped.get(&wanted) {
        return Ok(*bytes);
    }
    let (map, _) = MapMut::with_options().copy().open_if(file)?;
    let Some(map) = map else { return Ok(&[]) };
    // Faces borrow it for as long as they like.
    let bytes: &'static mut [u8] = &mut *Box::leak(Box::new(map));
    localise::prefer(bytes, language);
    mapped.insert(wanted, bytes);
    Ok(bytes)
}
