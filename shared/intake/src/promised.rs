//! What headers say and ffmpeg does not look at: how many bytes a file should have, and that it is encrypted.

use std::fs::File;
use std::io::{self, Read as _};

use domain::asset::Format;

/// Enough for the header of a WMV with its properties.
const HEADER_BYTES: u64 = 64 * 1024;
/// Recorders that write into a pipe say about 2 or 4 GiB: they do not know.
const UNKNOWN_BYTES: u64 = 0x7fff_0000;
/// Of a WMV: the object that tells the size, and the flag that says that nobody knew it.
const FILE_PROPERTIES: &[u8; 16] = b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";
const BROADCAST: u8 = 0x01;

/// The bytes that a WAV, an AVI or a WMV promises; `None` where it promises nothing.
pub(crate) fn bytes(format: Format, file: &mut File) -> io::Result<Option<u64>> {
    let mut head = Vec::new();
    file.take(HEADER_BYTES).read_to_end(&mut head)?;
    let told = match format {
        Format::Wav | Format::Avi => riff(&head),
        Format::Wmv => asf(&head),
        _ => None,
    };
    Ok(told.filter(|bytes| (1..UNKNOWN_BYTES).contains(bytes)))
}

/// Whether a Matroska file has a track whose contents are encoded (62 40) by encryption (50 35).
pub(crate) fn is_encrypted(file: &mut File) -> io::Result<bool> {
    /// From the encoding of contents to its kind.
    const NEAR_BYTES: usize = 48;
    let mut head = Vec::new();
    file.take(HEADER_BYTES).read_to_end(&mut head)?;
    Ok(head
        .windows(NEAR_BYTES)
        .any(|part| part.starts_with(b"\x62\x40") && part.windows(2).any(|pair| pair == b"\x50\x35")))
}

fn riff(head: &[u8]) -> Option<u64> {
    let size: [u8; 4] = head.get(4..8)?.try_into().ok()?;
    let size = match head.get(..4)? {
        b"RIFX" => u64::from(u32::from_be_bytes(size)),
        // The size of 64 bits stands in a chunk of its own.
        b"RF64" | b"BW64" => little_64(head, 20)?,
        _ => u64::from(u32::from_le_bytes(size)),
    };
    (size > 0).then(|| size.saturating_add(8))
}

fn asf(head: &[u8]) -> Option<u64> {
    let at = head.windows(16).position(|part| part == FILE_PROPERTIES)?;
    let flags = head.get(at + 88)?;
    let size = little_64(head, at + 40)?;
    (flags & BROADCAST == 0).then_some(size)
}

fn little_64(head: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(head.get(at..at + 8)?.try_into().ok()?))
}
