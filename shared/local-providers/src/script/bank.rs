//! What a language brings to the outline writer: its phrases and its way to say a keyword.

use domain::settings::{Language, Tone};

use super::ideas;
use super::topic::Topic;
use super::{chinese, english, korean, russian};

/// A numbered point in one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Title on the image; also a sentence of its own when there is time for no other.
    pub(super) heading: &'static str,
    /// The point itself, then three sentences that may follow, each of which may be left out.
    pub(super) sentences: [&'static str; 4],
}

/// A point.
pub(super) const fn point(heading: &'static str, sentences: [&'static str; 4]) -> Point {
    Point { heading, sentences }
}

/// The phrases of one language; those by tone are in the order of [`Tone::ALL`].
#[derive(Debug)]
pub(super) struct Bank {
    /// Reads the shape of a keyword.
    pub(super) topic: fn(&str) -> Topic,
    /// Says a number of seconds.
    pub(super) seconds: fn(u32) -> String,
    /// Title when the keyword itself may not be said.
    pub(super) neutral_title: &'static str,
    /// Speaks to the audience.
    pub(super) audience: &'static str,
    /// First sentences.
    pub(super) hooks: [&'static [&'static str]; 4],
    /// The keyword alone, for the shortest videos.
    pub(super) bare_hook: &'static str,
    /// First sentences without the keyword, for one that is too long or may not be said.
    pub(super) plain_hooks: &'static [&'static str],
    /// Titles of the last image.
    pub(super) outro_headings: &'static [&'static str],
    /// Calls to action.
    pub(super) outros: [&'static [&'static str]; 4],
    /// Remarks that carry the tone.
    pub(super) asides: [&'static [&'static str]; 4],
    /// Every idea of [`ideas::IDEAS`].
    pub(super) points: &'static [Point; ideas::COUNT],
}

/// The bank of a language.
pub(super) const fn bank(language: Language) -> &'static Bank {
    match language {
        Language::English => &english::BANK,
        Language::Korean => &korean::BANK,
        Language::Chinese => &chinese::BANK,
        Language::Russian => &russian::BANK,
    }
}

/// The entry of a tone.
pub(super) const fn by_tone(of: &[&'static [&'static str]; 4], tone: Tone) -> &'static [&'static str] {
    let [professional, casual, humorous, educational] = *of;
    match tone {
        Tone::Professional => professional,
        Tone::Casual => casual,
        Tone::Humorous => humorous,
        Tone::Educational => educational,
    }
}
