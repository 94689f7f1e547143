//! What a file is, by its first bytes, and the one demuxer that may open it.

use domain::asset::{Format, Refusal, Refused};

/// Beginnings of what is no medium, or of none that is taken; in lower case, after blanks.
const FOREIGN: [(&[u8], &str); 22] = [
    (b"pk\x03\x04", "a ZIP archive"),
    (b"pk\x05\x06", "a ZIP archive"),
    (b"rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%pdf", "a PDF document"),
    (b"\x7felf", "a program"),
    (b"mz", "a program"),
    (b"#!", "a script"),
    (b"#extm3u", "a playlist"),
    (b"ffconcat", "a list of other files"),
    (b"file ", "a list of other files"),
    (b"[playlist]", "a playlist"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<svg", "an SVG drawing"),
    (b"<mpd", "a playlist"),
    (b"<?xml", "an XML document, such as an SVG drawing or a playlist"),
    (b"gif8", "a GIF, which is not taken: use WebP or MP4"),
    (b"bm", "a BMP image"),
    (b"ii*\0", "a TIFF image"),
    (b"mm\0*", "a TIFF image"),
];

/// Tells a format by the first bytes of a file.
///
/// # Errors
/// [`Refusal::TypeUnknown`], with what the file seems to be.
pub(crate) fn sniff(head: &[u8]) -> Result<Format, Refused> {
    let known = riff(head).or_else(|| boxes(head)).or_else(|| magic(head));
    known.ok_or_else(|| Refusal::TypeUnknown.because(format!("it is {}", foreign(head))))
}

/// The one demuxer of ffmpeg that may open it; `None` where ffmpeg is not asked.
pub(crate) fn demuxer(format: Format, head: &[u8]) -> Option<&'static str> {
    Some(match format {
        Format::Mp4 | Format::Quicktime | Format::M4a => "mov",
        Format::Webm | Format::Matroska => "matroska",
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
    if head.get(..4)? != b"RIFF" {
        return None;
    }
    match head.get(8..12)? {
        b"WAVE" => Some(Format::Wav),
        b"AVI " => Some(Format::Avi),
        b"WEBP" => Some(Format::Webp),
        _ => None,
    }
}

/// The MP4 family; images in it (HEIF, AVIF) are no videos.
fn boxes(head: &[u8]) -> Option<Format> {
    match head.get(4..8)? {
        b"ftyp" => match head.get(8..12)? {
            b"qt  " => Some(Format::Quicktime),
            b"M4A " | b"M4B " => Some(Format::M4a),
            b"avif" | b"avis" | b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1" => None,
            _ => Some(Format::Mp4),
        },
        b"moov" | b"mdat" | b"wide" => Some(Format::Quicktime),
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
    if begins(b"OggS") {
        return Some(Format::Ogg);
    }
    if begins(b"fLaC") {
        return Some(Format::Flac);
    }
    if begins(b"ID3") {
        return Some(Format::Mp3);
    }
    match (head.first()?, head.get(1)?) {
        (0xff, second) if second & 0xf6 == 0xf0 => Some(Format::Aac),
        // Layer III of MPEG 1, 2 or 2.5.
        (0xff, second) if second & 0xe6 == 0xe2 => Some(Format::Mp3),
        _ => None,
    }
}

/// What a file of no known format seems to be.
fn foreign(head: &[u8]) -> &'static str {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let lower: Vec<u8> = text.iter().take(32).map(u8::to_ascii_lowercase).collect();
    if head.get(4..8) == Some(b"ftyp") {
        return "a HEIF or AVIF image: use JPEG, PNG or WebP";
    }
    FOREIGN
        .iter()
        .find(|(magic, _)| lower.starts_with(magic))
        .map_or("no image, video or sound", |(_, name)| name)
}
