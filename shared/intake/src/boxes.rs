//! The boxes of an MP4 or MOV: whether one was cut off, and in which forms its samples are.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

/// Boxes of one level; fragments of half an hour are some thousands.
const BOXES_MAX: usize = 20_000;
/// From the index down to the description of a track's samples.
const TO_SAMPLES: [[u8; 4]; 5] = [*b"trak", *b"mdia", *b"minf", *b"stbl", *b"stsd"];
/// Version and number of entries, before the entries.
const SAMPLES_HEAD_BYTES: u64 = 8;

/// What the boxes say.
#[derive(Debug, Default)]
pub(crate) struct Boxes {
    /// The first box without which the video is not whole, and that is longer than the rest of the file.
    pub(crate) cut: Option<String>,
    /// Whether it was written in pieces, by a recorder that did not know the length when it wrote the header.
    pub(crate) in_fragments: bool,
    /// Forms of samples, by their four letters, such as `avc1`; `encv` and `enca` are encrypted.
    pub(crate) forms: Vec<[u8; 4]>,
}

struct Child {
    name: [u8; 4],
    /// Of its contents.
    start: u64,
    end: u64,
}

/// Walks the boxes of a file.
pub(crate) fn read(file: &mut File) -> io::Result<Boxes> {
    let end = file.metadata()?.len();
    let mut boxes = Boxes::default();
    let (mut index, mut data) = (None, false);
    let mut at = 0;
    for _ in 0..BOXES_MAX {
        let Some(child) = child(file, at, end)? else {
            break;
        };
        let needed = matches!(&child.name, b"moov" | b"mdat" | b"moof");
        // Cameras, editors and proxies leave bytes behind a whole video: they are not missed.
        if child.end > end && (needed || index.is_none() || !data) {
            boxes.cut = Some(String::from_utf8_lossy(&child.name).into_owned());
            return Ok(boxes);
        }
        at = child.end;
        match &child.name {
            b"moov" => index = Some(child),
            b"mdat" => data = true,
            b"moof" => boxes.in_fragments = true,
            _ => {}
        }
    }
    if let Some(index) = index {
        let mut left = BOXES_MAX;
        let place = (index.start, index.end);
        forms(file, place, &TO_SAMPLES, (&mut boxes.forms, &mut left))?;
    }
    Ok(boxes)
}

/// The box that begins here; `None` behind the last.
fn child(file: &mut File, at: u64, end: u64) -> io::Result<Option<Child>> {
    // A few stray bytes after the last box are no loss.
    if at.saturating_add(8) > end {
        return Ok(None);
    }
    let mut short = [[0; 4]; 2];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(short.as_flattened_mut())?;
    let [length, name] = short;
    let (head, length) = match u32::from_be_bytes(length) {
        // To the end of the file.
        0 => (8, end - at),
        1 if at.saturating_add(16) <= end => {
            let mut long = [0; 8];
            file.read_exact(&mut long)?;
            (16, u64::from_be_bytes(long))
        }
        length => (8, u64::from(length)),
    };
    Ok(Some(Child {
        name,
        start: at + head,
        end: at.saturating_add(length.max(head)),
    }))
}

/// Goes down the path to the entries of every track, and notes their names.
fn forms(
    file: &mut File,
    (mut at, end): (u64, u64),
    path: &[[u8; 4]],
    (found, left): (&mut Vec<[u8; 4]>, &mut usize),
) -> io::Result<()> {
    while let Some(child) = child(file, at, end)? {
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
        at = child.end;
        let inner = (child.start, child.end.min(end));
        match path {
            [] => found.push(child.name),
            [last] if *last == child.name => {
                let entries = (inner.0 + SAMPLES_HEAD_BYTES, inner.1);
                forms(file, entries, &[], (&mut *found, &mut *left))?;
            }
            [first, rest @ ..] if *first == child.name => {
                forms(file, inner, rest, (&mut *found, &mut *left))?;
            }
            _ => {}
        }
    }
    Ok(())
}
