//! Typographic image cards: the `local` image provider's whole art, seeded by the prompt.
//!
//! Grounds are in `pattern`, colours in `palette`, text blocks in `typeset`.

use image::{ImageFormat, RgbImage};
use serde::{Deserialize, Serialize};
use std::path::Path;

use crate::colour::Colour;
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::language::Language;
use crate::number::count;
use crate::random::{Random, hash};

mod canvas;
mod layout;
mod palette;
mod pattern;
mod text_block;
mod tiles;
mod title;
mod typeset;

pub(crate) use text_block::text_block;
pub(crate) use title::title_card;

/// Longest side of a card; the largest any platform takes is 4K.
pub const CARD_SIDE_MAX: u32 = 4096;
/// Shortest side of a card; below it no text is readable.
pub const CARD_SIDE_MIN: u32 = 64;
/// Longest headline; more cannot be read from a video frame in the time of a scene.
pub const HEADLINE_CHARS_MAX: usize = 200;
/// Longest body.
pub const BODY_CHARS_MAX: usize = 400;
/// Longest keyword.
pub const KEYWORD_CHARS_MAX: usize = 200;

/// What a card is drawn from.
///
/// # Units
/// Pixels; any aspect, designed for 9:16, 16:9 and 1:1.
///
/// # Promises
/// The same card and fonts give the same pixels.
/// All cards with the same keyword (or the same brand colours) share their colours; the seed and the kind choose the
/// ground, so that the scenes of a video differ but belong together.
/// The lower two fifths hold no text and no contrast: that is where captions go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Width in pixels, [`CARD_SIDE_MIN`] to [`CARD_SIDE_MAX`].
    pub width: u32,
    /// Height in pixels, same limits.
    pub height: u32,
    /// Usually [`seed_of`] the image prompt.
    pub seed: u64,
    /// The part this card plays.
    pub kind: CardKind,
    /// The large text.
    pub headline: String,
    /// The small text under it.
    #[serde(default)]
    pub body: Option<String>,
    /// The topic of the whole video; shown small above the headline of hook and outro.
    #[serde(default)]
    pub keyword: Option<String>,
    /// Brand colours, strongest first; empty for a palette of our own.
    #[serde(default)]
    pub colours: Vec<Colour>,
    /// Language of the texts.
    pub language: Language,
}

/// The part a card plays in its video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CardKind {
    /// The opening: the largest type.
    Hook,
    /// A numbered point.
    Point {
        /// Shown large, from 1.
        number: u8,
    },
    /// The call to action: centred, its body in a button.
    Outro,
    /// Anything else.
    Plain,
}

/// A stable seed from an image prompt.
pub fn seed_of(prompt: &str) -> u64 {
    hash(prompt)
}

/// Draws a card with fonts that were loaded for its language.
///
/// # Errors
/// [`EngineError::BadInput`] with the field that breaks a limit.
pub fn draw(fonts: &mut Fonts, card: &Card) -> Result<RgbImage, EngineError> {
    validate(card)?;
    let theme = card.keyword.as_deref().map_or(card.seed, hash);
    let palette = palette::Palette::of_brand(&card.colours)
        .unwrap_or_else(|| palette::Palette::chosen(&mut Random::new(theme)));
    let pattern = pattern_of(card, theme);
    let mut random = Random::new(card.seed);
    let mut canvas = canvas::Canvas::new(card.width, card.height)?;
    pattern.draw(&mut canvas, &palette, &mut random);
    layout::write(fonts, &mut canvas, card, (&palette, pattern));
    canvas.into_image()
}

/// Saves a card as PNG, the format that keeps its type sharp for the zoom.
///
/// # Errors
/// [`EngineError::Image`] when the file cannot be written.
pub fn save_png(card: &RgbImage, path: &Path) -> Result<(), EngineError> {
    card.save_with_format(path, ImageFormat::Png)
        .map_err(|source| EngineError::Image {
            path: path.to_path_buf(),
            source,
        })
}

/// Grounds that leave the middle axis free for the centred outro.
const CENTRED: [pattern::Pattern; 3] = [
    pattern::Pattern::Rings,
    pattern::Pattern::Aurora,
    pattern::Pattern::Beams,
];

/// Numbered scenes walk through the patterns from a start of their own, so neighbours always differ.
fn pattern_of(card: &Card, theme: u64) -> pattern::Pattern {
    let start = theme >> 32;
    let (patterns, step): (&[pattern::Pattern], u64) = match card.kind {
        CardKind::Hook => (&pattern::PATTERNS, 0),
        CardKind::Point { number } => (&pattern::PATTERNS, u64::from(number)),
        CardKind::Outro => (&CENTRED, 0),
        CardKind::Plain => (&pattern::PATTERNS, card.seed),
    };
    let chosen = usize::try_from(start.wrapping_add(step) % u64::from(count(patterns.len())));
    chosen
        .ok()
        .and_then(|chosen| patterns.get(chosen))
        .copied()
        .unwrap_or(pattern::Pattern::Aurora)
}

fn validate(card: &Card) -> Result<(), EngineError> {
    for (field, side) in [("width", card.width), ("height", card.height)] {
        if !(CARD_SIDE_MIN..=CARD_SIDE_MAX).contains(&side) {
            return Err(EngineError::bad(
                field,
                format!("must be {CARD_SIDE_MIN} to {CARD_SIDE_MAX} pixels"),
            ));
        }
    }
    let texts = [
        ("headline", Some(card.headline.as_str()), HEADLINE_CHARS_MAX),
        ("body", card.body.as_deref(), BODY_CHARS_MAX),
        ("keyword", card.keyword.as_deref(), KEYWORD_CHARS_MAX),
    ];
    for (field, text, limit) in texts {
        if text.is_some_and(|text| text.chars().count() > limit) {
            return Err(EngineError::bad(
                field,
                format!("must be at most {limit} characters"),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
