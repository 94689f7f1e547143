//! Makes one regional style of a pan-CJK font its default.
//!
//! Such a font holds the Chinese, Japanese and Korean shapes of a character and picks them by the language of the text
//! (`locl` under the OpenType language systems). cosmic-text 0.19 shapes without a language, so the wanted language
//! system is put in the place of the default one, in our copy of the file.
//! Reconsider when cosmic-text passes a language to its shaper.

/// The tables of a font: 12 bytes of header, then 16 bytes each.
const HEADER_BYTES: usize = 12;
const TABLE_RECORD_BYTES: usize = 16;
/// Script and language records are a tag of four bytes and an offset of two.
const TAG_RECORD_BYTES: usize = 6;

/// Points the default language system of every script at `language`; fonts without it stay as they are.
///
/// # Source
/// OpenType 1.9.1, "Script List Table" of the common layout table formats.
pub(super) fn prefer(font: &mut [u8], language: [u8; 4]) {
    let Some(list) = script_list(font) else { return };
    let scripts = usize::from(half(font, list).unwrap_or_default());
    for number in 0..scripts {
        let record = list + 2 + number * TAG_RECORD_BYTES;
        let Some(offset) = half(font, record + 4) else {
            return;
        };
        let script = list + usize::from(offset);
        if let Some(wanted) = language_system(font, script, language)
            && let Some(default) = font.get_mut(script..script + 2)
        {
            default.copy_from_slice(&wanted.to_be_bytes());
        }
    }
}

fn script_list(font: &[u8]) -> Option<usize> {
    let tables = usize::from(half(font, 4)?);
    let gsub = (0..tables)
        .map(|number| HEADER_BYTES + number * TABLE_RECORD_BYTES)
        .find(|record| font.get(*record..record + 4) == Some(b"GSUB"))?;
    let start = usize::try_from(word(font, gsub + 8)?).ok()?;
    Some(start + usize::from(half(font, start.checked_add(4)?)?))
}

fn language_system(font: &[u8], script: usize, language: [u8; 4]) -> Option<u16> {
    let languages = usize::from(half(font, script + 2)?);
    (0..languages)
        .map(|number| script + 4 + number * TAG_RECORD_BYTES)
        .find(|record| font.get(*record..record + 4) == Some(&language))
        .and_then(|record| half(font, record + 4))
}

fn half(font: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(
        font.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

fn word(font: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(
        font.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}
