//! Streams of the encoder one after another in one file: their bytes stay, only the times of their frames move on.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::EngineError;
use crate::number::{count, index};

/// Of an FLV file, with the size of the tag before the first.
const FILE_HEAD: usize = 13;
/// Of a tag.
const TAG_HEAD: usize = 11;
/// Of the video in a tag.
const VIDEO_HEAD: usize = 5;
/// A tag that holds video.
const VIDEO: u8 = 9;
/// A packet with parameter sets and no frame.
const SETS: u8 = 0;
/// A frame that needs no other, in H.264.
const KEY_FRAME: u8 = 0x17;
/// Frames by which decoding runs ahead of presentation: the most that libx264 needs with pyramids of B-frames.
const AHEAD: u32 = 2;

/// What is wrong with a stream.
fn broken(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Joins streams.
///
/// # Promises
/// A tag is held at a time. Every stream begins with a key frame and refers to nothing outside of itself, so it decodes to
/// the same images as alone.
#[derive(Debug)]
pub(crate) struct Splicer {
    out: BufWriter<File>,
    path: PathBuf,
    /// Parameter sets; the same in all.
    sets: Option<Vec<u8>>,
    /// Frames so far.
    frames: u64,
}

/// A part of an FLV file.
struct Tag {
    /// Kind of frame in the upper half, codec in the lower.
    frame: u8,
    /// What it holds: [`SETS`] or a frame.
    packet: u8,
    /// When it is decoded, in frames.
    time: u32,
    /// How much later it is seen.
    offset: u32,
    /// Without its heads.
    body: Vec<u8>,
}

impl Splicer {
    pub(crate) fn create(path: &Path) -> Result<Self, EngineError> {
        let out = File::create(path).map_err(EngineError::io("create", path))?;
        Ok(Self {
            out: BufWriter::new(out),
            path: path.to_path_buf(),
            sets: None,
            frames: 0,
        })
    }

    /// Adds a stream of so many frames.
    ///
    /// # Errors
    /// [`EngineError::Io`] when it is not what it should be; what was written is then of no use.
    pub(crate) fn append(&mut self, stream: impl Read, frames: u64) -> Result<(), EngineError> {
        self.add(BufReader::new(stream), frames)
            .map_err(EngineError::io("join segments into", &self.path))
    }

    pub(crate) fn finish(mut self) -> Result<(), EngineError> {
        self.out.flush().map_err(EngineError::io("write to", &self.path))
    }

    fn add(&mut self, mut stream: impl Read, frames: u64) -> io::Result<()> {
        let mut head = [0; FILE_HEAD];
        stream.read_exact(&mut head)?;
        if !head.starts_with(b"FLV") {
            return Err(broken("no stream of the encoder"));
        }
        let sets = Tag::read(&mut stream)?.filter(|tag| tag.packet == SETS);
        let sets = sets.ok_or_else(|| broken("a stream without parameter sets"))?;
        match &self.sets {
            None => {
                self.out.write_all(&head)?;
                sets.write(&mut self.out)?;
                self.sets = Some(sets.body);
            }
            Some(known) if *known == sets.body => {}
            Some(_) => return Err(broken("streams with other parameter sets")),
        }
        let base = u32::try_from(self.frames)
            .ok()
            .ok_or_else(|| broken("too many frames"))?;
        let mut own_ahead = None;
        let mut done: u64 = 0;
        while let Some(tag) = Tag::read(&mut stream)? {
            if own_ahead.is_none() && tag.frame != KEY_FRAME {
                return Err(broken("a stream that does not begin with a key frame"));
            }
            // The first frame is seen as soon as all that run ahead are decoded.
            let ahead = *own_ahead.get_or_insert(tag.offset);
            let offset = (tag.offset + AHEAD).checked_sub(ahead);
            let moved = Tag {
                time: tag.time.saturating_add(base),
                offset: offset.ok_or_else(|| broken("a frame that is seen before it is decoded"))?,
                ..tag
            };
            moved.write(&mut self.out)?;
            done += 1;
        }
        if done != frames {
            return Err(broken("a stream with another number of frames"));
        }
        self.frames += done;
        Ok(())
    }
}

impl Tag {
    /// `None` at the end of the file.
    fn read(stream: &mut impl Read) -> io::Result<Option<Self>> {
        let mut kind = [0];
        if stream.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let bytes = index(of_three(take(stream)?));
        let length = bytes
            .checked_sub(VIDEO_HEAD)
            .filter(|_| kind == [VIDEO])
            .ok_or_else(|| broken("a stream with something else than frames"))?;
        // The highest byte stands last.
        let mut time: [u8; 4] = take(stream)?;
        time.rotate_right(1);
        let [_, _, _] = take(stream)?;
        let [frame, packet] = take(stream)?;
        let offset = of_three(take(stream)?);
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let [_, _, _, _] = take(stream)?;
        Ok(Some(Self {
            frame,
            packet,
            time: u32::from_be_bytes(time),
            offset,
            body,
        }))
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let bytes = count(self.body.len() + VIDEO_HEAD);
        let mut time = self.time.to_be_bytes();
        time.rotate_left(1);
        out.write_all(&[VIDEO])?;
        out.write_all(&three(bytes))?;
        out.write_all(&time)?;
        out.write_all(&[0, 0, 0, self.frame, self.packet])?;
        out.write_all(&three(self.offset))?;
        out.write_all(&self.body)?;
        out.write_all(&(bytes + count(TAG_HEAD)).to_be_bytes())
    }
}

fn take<const N: usize>(stream: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn of_three([high, middle, low]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, high, middle, low])
}

fn three(value: u32) -> [u8; 3] {
    let [_, high, middle, low] = value.to_be_bytes();
    [high, middle, low]
}
