//! Names of what is not taken, so that a refusal says what the file is.

/// Beginnings of what is no medium, or of none that is taken; in lower case, after blanks.
const BEGINNINGS: [(&[u8], &str); 33] = [
    (b"pk\x03\x04", "a ZIP archive"),
    (b"pk\x05\x06", "a ZIP archive"),
    (b"rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%pdf", "a PDF document"),
    (b"\x7felf", "a program"),
    (b"mz", "a program"),
    (b"#!amr", "an AMR recording: use M4A, MP3 or WAV"),
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
    (b"bm", "a BMP image: use JPEG, PNG or WebP"),
    (b"ii*\0", "a TIFF or camera's raw image: use JPEG, PNG or WebP"),
    (b"mm\0*", "a TIFF or camera's raw image: use JPEG, PNG or WebP"),
    (b"\xff\x0a", "a JPEG XL image: use JPEG, PNG or WebP"),
    (b"\0\0\0\x0cjxl ", "a JPEG XL image: use JPEG, PNG or WebP"),
    (b"8bps", "a Photoshop image: use JPEG, PNG or WebP"),
    (b"caff", "a CAF sound: use M4A, MP3 or WAV"),
    (b"mthd", "a MIDI file: use M4A, MP3 or WAV"),
    (b"flv\x01", "an FLV video: use MP4"),
    (b"\0\0\x01\xba", "an MPEG program stream: use MP4"),
    (b"\0\0\x01\xb3", "an MPEG video stream: use MP4"),
    (b"\x30\x26\xb2\x75", "a Windows Media file without its header"),
    (
        b"\x1a\x45\xdf\xa3",
        "an EBML file that is neither WebM nor Matroska",
    ),
];

/// Whether a main brand of the MP4 family is that of images: those of HEIF, of its HEVC and AVC forms, of AVIF, of raw.
pub(super) fn is_image_brand(brand: &[u8]) -> bool {
    let families: [&[u8]; 9] = [
        b"mif", b"msf", b"mia", b"hei", b"hev", b"avci", b"avcs", b"avi", b"crx",
    ];
    families.iter().any(|family| brand.starts_with(family))
}

/// What a file of no known format seems to be.
pub(super) fn name(head: &[u8]) -> &'static str {
    if head.get(4..8) == Some(b"ftyp") {
        return "a HEIF or AVIF image: use JPEG, PNG or WebP";
    }
    if matches!(head.get(4..8), Some(b"moof" | b"sidx" | b"emsg")) {
        return "a piece of an MP4 without its beginning";
    }
    if head.starts_with(b"FORM") && matches!(head.get(8..12), Some(b"AIFF" | b"AIFC")) {
        return "an AIFF sound: use M4A, MP3 or WAV";
    }
    // Eleven bits of synchronisation.
    if head.first() == Some(&0x56) && head.get(1).is_some_and(|second| second & 0xe0 == 0xe0) {
        return "an AAC sound in LATM: use M4A, MP3 or WAV";
    }
    if head.first() == Some(&0x47) && head.get(188) == Some(&0x47) {
        return "an MPEG transport stream: use MP4";
    }
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let lower = |bytes: &[u8]| {
        bytes
            .iter()
            .take(32)
            .map(u8::to_ascii_lowercase)
            .collect::<Vec<_>>()
    };
    let forms = [lower(head), lower(text)];
    BEGINNINGS
        .iter()
        .find(|(magic, _)| forms.iter().any(|form| form.starts_with(magic)))
        .map_or("no image, video or sound", |(_, name)| name)
}
