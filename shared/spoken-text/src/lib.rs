//! What a voice says for what a viewer reads.
//!
//! A caption shows `$2.3 billion`; a voice must be given "two point three billion dollars".
//! [`spoken`] writes a text as it is said, in the words of its language, and remembers which shown characters each
//! spoken stretch stands for, so that the times of spoken words become times of shown words.
//!
//! `scan` reads characters, `figure` finds numbers with what belongs to them, `markup` and `address` find what is not
//! said as it is written; each language is a table of data and a few functions in a file of its own.

use domain::settings::Language;

mod address;
mod chinese;
mod english;
mod figure;
mod korean;
mod markup;
mod number;
mod reader;
mod russian;
mod scan;
mod spans;
mod tongue;

pub use spans::{Span, Spoken};

/// A text as a voice says it.
///
/// # Promises
/// The result has no digit, no Markdown, no emoji and no sign that a voice would call by its name; the same text gives
/// the same result. A text without any of these comes back as it is.
pub fn spoken(text: &str, language: Language) -> Spoken {
    let tongue = match language {
        Language::English => &english::TONGUE,
        Language::Korean => &korean::TONGUE,
        Language::Chinese => &chinese::TONGUE,
        Language::Russian => &russian::TONGUE,
    };
    reader::read(text, tongue)
}

#[cfg(test)]
mod tests;
