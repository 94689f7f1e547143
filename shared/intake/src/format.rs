//! What a file is, by its first bytes, and the one demuxer that may open it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use domain::asset::{Format, Refusal};
use engine::EngineError;

use crate::{HEAD_BYTES, IntakeError};

mod foreign;

/// Tags of players that may stand before the first frame of a sound: ID3 twice and APE are the most that was met.
const TAGS_MAX: usize = 8;
/// Zeros before the first frame, as converters leave them.
const PADDING_BYTES_MAX: u64 = 64 * 1024;
/// Fewer zeros are the beginning of something else, such as the length of a box.
const PADDING_BYTES_MIN: usize = 64;
/// The rest of a frame behind them, as a cut leaves it; the longest frame of a sound.
const REST_BYTES_MAX: usize = 2_881;

/// Tells the format of a file.
///
/// # Errors
/// [`Refusal::TypeUnknown`], with what the file seems to be; else the machine's.
pub(crate) fn sniff(path: &Path, head: &[u8]) -> Result<Format, IntakeError> {
    if let Some(format) = riff(head).or_else(|| boxes(head)).or_else(|| magic(head)) {
        return Ok(format);
    }
    let behind = behind_tags(path).map_err(EngineError::io("read", path))?;
    let known = behind.or_else(|| head.starts_with(b"ID3").then_some(Format::Mp3));
    Ok(known.ok_or_else(|| Refusal::TypeUnknown.because(format!("it is {}", foreign::name(head))))?)
}

/// The one demuxer of ffmpeg that may open it; `None` where ffmpeg is not asked.
pub(crate) fn demuxer(format: Format, head: &[u8]) -> Option<&'static str> {
    Some(match format {
        Format::Mp4 | Format::Quicktime | Format::M4a => "mov",
        Format::Webm | Format::Matroska | Format::WebmSound => "matroska",
        Format::Avi => "avi",
        Format::Wmv => "asf",
        Format::Mp3 => "mp3",
        Format::Wav => "wav",
        Format::Aac => "aac",
        Format::Ogg => "ogg",
        Format::Flac => "flac",
        Format::Webp if moves(head) => "webp_anim",
        Format::Webp => "webp_pipe",
        Format::Png | Format::Jpeg => return None,
    })
}

/// Whether the extended header of a WebP says that it is animated.
fn moves(head: &[u8]) -> bool {
    let extended = head.get(12..16) == Some(b"VP8X");
    extended && head.get(20).is_some_and(|flags| flags & 0x02 != 0)
}

fn riff(head: &[u8]) -> Option<Format> {
    match (head.get(..4)?, head.get(8..12)?) {
        // RF64 and BW64 are for more than 4 GiB, RIFX is of machines that count the other way round.
        (b"RIFF" | b"RF64" | b"BW64" | b"RIFX", b"WAVE") => Some(Format::Wav),
        (b"RIFF", b"AVI ") => Some(Format::Avi),
        (b"RIFF", b"WEBP") => Some(Format::Webp),
        _ => None,
    }
}

/// The MP4 family, by its main brand; without one it is a MOV. Images in it (HEIF, AVIF) are no videos.
fn boxes(head: &[u8]) -> Option<Format> {
    match head.get(4..8)? {
        b"ftyp" if foreign::is_image_brand(head.get(8..12)?) => None,
        b"ftyp" if head.get(8..12)? == b"qt  " => Some(Format::Quicktime),
        b"ftyp" | b"styp" => Some(Format::Mp4),
        b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" => Some(Format::Quicktime),
        _ => None,
    }
}

fn magic(head: &[u8]) -> Option<Format> {
    let begins = |magic: &[u8]| head.starts_with(magic);
    if begins(b"\x89PNG\r\n\x1a\n") {
        return Some(Format::Png);
    }
    if begins(b"\xff\xd8\xff") {
        return Some(Format::Jpeg);
    }
    if begins(b"\x1a\x45\xdf\xa3") {
        let header = head.get(..64.min(head.len()))?;
        let holds = |name: &[u8]| header.windows(name.len()).any(|part| part == name);
        return match () {
            () if holds(b"webm") => Some(Format::Webm),
            () if holds(b"matroska") => Some(Format::Matroska),
            () => None,
        };
    }
    if begins(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11") {
        return Some(Format::Wmv);
    }
    sound(head)
}

/// What may also stand behind the tags of players.
fn sound(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"OggS") {
        return Some(Format::Ogg);
    }
    if head.starts_with(b"fLaC") {
        return Some(Format::Flac);
    }
    match (head.first()?, head.get(1)?, head.get(2)?) {
        (0xff, second, _) if second & 0xf6 == 0xf0 => Some(Format::Aac),
        // Layers III and II of MPEG 1, 2 or 2.5, at a bit rate and a sample rate that there are.
        (0xff, second, third)
            if second & 0xe0 == 0xe0
                && matches!(second & 0x06, 0x02 | 0x04)
                && second & 0x18 != 0x08
                && third & 0xf0 != 0xf0
                && third & 0x0c != 0x0c =>
        {
            Some(Format::Mp3)
        }
        _ => None,
    }
}

/// A sound whose first frame stands behind tags or zeros.
fn behind_tags(path: &Path) -> io::Result<Option<Format>> {
    let mut file = File::open(path)?;
    let mut at = 0;
    for _ in 0..TAGS_MAX {
        let head = read_at(&mut file, at, HEAD_BYTES)?;
        match tag_bytes(&head) {
            Some(bytes) => at += bytes,
            None => break,
        }
    }
    let rest = read_at(&mut file, at, HEAD_BYTES + PADDING_BYTES_MAX)?;
    let zeros = rest.iter().take_while(|byte| **byte == 0).count();
    let rest = rest.get(zeros..).unwrap_or_default();
    let places = if zeros < PADDING_BYTES_MIN {
        1
    } else {
        REST_BYTES_MAX
    };
    Ok((0..places).find_map(|place| sound(rest.get(place..)?)))
}

fn read_at(file: &mut File, at: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

/// The length of the tag that stands here: `ID3v2` (seven bits of each byte count, a footer is extra) or `APEv2` with its header.
fn tag_bytes(head: &[u8]) -> Option<u64> {
    if head.starts_with(b"ID3") {
        let size = head.get(6..10)?;
        let size = size
            .iter()
            .fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
        let footer = if head.get(5)? & 0x10 != 0 { 10 } else { 0 };
        return Some(10 + size + footer);
    }
    if head.starts_with(b"APETAGEX") {
        let size = head.get(12..16)?.try_into().ok()?;
        return Some(32 + u64::from(u32::from_le_bytes(size)));
    }
    None
}
