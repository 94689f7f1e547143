//! What may be declared of each kind of asset: media types and size.
//!
//! The inspection holds the file itself to the same rules; a test compares the two tables, since this crate does not
//! know the engine.

use domain::Invalid;
use domain::asset::AssetKind;

const MEBIBYTE: u64 = 1024 * 1024;

struct Rule {
    content_types: &'static [&'static str],
    size_bytes_max: u64,
}

const IMAGE: Rule = Rule {
    content_types: &["image/png", "image/jpeg", "image/webp"],
    size_bytes_max: 10 * MEBIBYTE,
};
const VIDEO: Rule = Rule {
    content_types: &["video/mp4", "video/webm"],
    size_bytes_max: 100 * MEBIBYTE,
};
const AUDIO: Rule = Rule {
    content_types: &["audio/mpeg", "audio/wav", "audio/aac"],
    size_bytes_max: 20 * MEBIBYTE,
};

/// Checks what is declared of a file before it is uploaded. The names of the rules are those under which an
/// inspection refuses.
///
/// # Errors
/// [`Invalid`] of `content_type` for a type that the kind does not have, of `size_bytes` for no bytes or too many.
pub fn check_declared(kind: AssetKind, content_type: &str, size_bytes: u64) -> Result<(), Invalid> {
    let rule = match kind {
        AssetKind::Image => &IMAGE,
        AssetKind::Video => &VIDEO,
        AssetKind::Audio => &AUDIO,
    };
    if !rule.content_types.contains(&content_type) {
        let message = format!("is not taken: must be {}", rule.content_types.join(", "));
        return Err(Invalid::new("content_type", "input_type_not_allowed", &message));
    }
    if size_bytes == 0 {
        return Err(Invalid::new(
            "size_bytes",
            "input_empty",
            "is not taken: it has no bytes",
        ));
    }
    if size_bytes > rule.size_bytes_max {
        let (own, most) = (size_bytes.div_ceil(MEBIBYTE), rule.size_bytes_max / MEBIBYTE);
        let message = format!("is not taken: it has {own} MiB, at most {most} are taken");
        return Err(Invalid::new("size_bytes", "input_too_large", &message));
    }
    Ok(())
}
