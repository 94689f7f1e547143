//! Intro, outro and quotation cards: up to three texts around the middle of a plain or gradient ground.

use image::RgbImage;

use crate::cards::canvas::{Canvas, Light, polygon, rounded};
use crate::cards::palette::TEXT_CONTRAST;
use crate::cards::typeset::{Block, Room, Side, fit};
use crate::colour::Colour;
use crate::composition::{CardStyle, TitleCard};
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::random::Random;

/// Part of the width that texts may take: a zoom of 12 % still leaves an even margin.
const WIDTH: f64 = 0.78;
/// On a wide frame, longer lines are hard to follow.
const WIDE_WIDTH: f64 = 0.62;
/// Between the parts of a stack, in units.
const GAP: f64 = 46.0;
/// Sides of the rule under a label, in units.
const RULE: [f64; 2] = [84.0, 7.0];

/// What is written, and how high it is.
enum Part {
    Text(Block, Colour),
    Rule(Colour),
    Mark(Colour),
}

/// Draws a card of a size.
///
/// # Promises
/// The same card and fonts give the same pixels; every text has a contrast of at least 4.5 to the ground behind it.
pub(crate) fn title_card(
    fonts: &mut Fonts,
    card: &TitleCard,
    (width, height): (u32, u32),
) -> Result<RgbImage, EngineError> {
    let mut canvas = Canvas::new(width, height)?;
    let foot = card.foot.unwrap_or(card.top);
    let light = Light {
        colour: foot.mix(Colour::WHITE, 0.25),
        x: canvas.width * 0.82,
        y: canvas.height * 0.12,
        radius: canvas.width.max(canvas.height) * 0.75,
        strength: if card.foot.is_some() { 0.42 } else { 0.0 },
    };
    canvas.ground(card.top, foot, &[light], &mut Random::new(1));
    let parts = parts(fonts, card, &canvas);
    let unit = canvas.unit;
    let total: f64 = parts.iter().map(|part| part.height(unit)).sum::<f64>()
        + GAP * unit * crate::number::real(parts.len().saturating_sub(1));
    // A little above the middle is where the eye looks for it.
    let mut y = ((canvas.height - total) * 0.47).max(0.0);
    let language = fonts.language().clone();
    for part in parts {
        let middle = canvas.width / 2.0;
        match &part {
            Part::Text(block, colour) => {
                let x = (canvas.width - room_width(&canvas)) / 2.0;
                let width = canvas.width - 2.0 * x;
                block.draw(&mut canvas, [x, y, width], (Side::Centre, &language), *colour);
            }
            Part::Rule(colour) => {
                let [wide, thick] = RULE.map(|side| side * unit);
                canvas.fill(
                    rounded(middle - wide / 2.0, y, [wide, thick], thick),
                    *colour,
                    1.0,
                );
            }
            Part::Mark(colour) => {
                for shift in [-1.06, 0.06] {
                    canvas.fill(comma(middle + shift * 70.0 * unit, y, 70.0 * unit), *colour, 1.0);
                }
            }
        }
        y += part.height(unit) + GAP * unit;
    }
    canvas.into_image()
}

impl Part {
    fn height(&self, unit: f64) -> f64 {
        match self {
            Self::Text(block, _) => block.height(),
            Self::Rule(_) => RULE[1] * unit,
            Self::Mark(_) => 96.0 * unit,
        }
    }
}

fn parts(fonts: &mut Fonts, card: &TitleCard, canvas: &Canvas) -> Vec<Part> {
    let ground = card.top.mix(card.foot.unwrap_or(card.top), 0.5);
    let accent = card.accent.readable_on(ground, TEXT_CONTRAST);
    let ink = Colour::WHITE.readable_on(ground, TEXT_CONTRAST);
    let soft = ink.mix(ground, 0.22).readable_on(ground, TEXT_CONTRAST);
    let (largest, lines_max, weight) = match card.style {
        CardStyle::Title => (140.0, 5, 800),
        CardStyle::Quote => (86.0, 9, 600),
    };
    let mut parts = Vec::new();
    let mut text =
        |text: &Option<String>, colour: Colour, (size, lines_max, weight, share): (f64, usize, u16, f64)| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            let room = Room {
                width: room_width(canvas),
                height: canvas.height * share,
                sizes: [canvas.unit * size, canvas.unit * 24.0],
                lines_max,
                weight,
            };
            Some(Part::Text(fit(fonts, text, room), colour))
        };
    let label = card.label.as_deref().map(str::to_uppercase);
    if card.style == CardStyle::Quote {
        parts.push(Part::Mark(accent));
    }
    parts.extend(text(&label, accent, (40.0, 1, 700, 0.1)));
    let title = text(&card.title, ink, (largest, lines_max, weight, 0.52));
    let subtitle = text(&card.subtitle, soft, (46.0, 3, 500, 0.16));
    let ruled = title.is_some() && subtitle.is_some();
    parts.extend(title);
    parts.extend(ruled.then_some(Part::Rule(accent)));
    parts.extend(subtitle);
    if !parts.iter().any(|part| matches!(part, Part::Text(..))) {
        parts.clear();
    }
    parts
}

fn room_width(canvas: &Canvas) -> f64 {
    let share = if canvas.width > canvas.height * 1.2 {
        WIDE_WIDTH
    } else {
        WIDTH
    };
    canvas.width * share
}

/// One half of an opening quotation mark: a slanted drop, the same in every font.
fn comma(x: f64, y: f64, width: f64) -> Option<tiny_skia::Path> {
    polygon(&[
        (x + width * 0.42, y),
        (x + width * 0.86, y),
        (x + width * 0.62, y + width * 0.62),
        (x + width * 0.86, y + width * 0.62),
        (x + width * 0.86, y + width * 1.36),
        (x, y + width * 1.36),
        (x, y + width * 0.74),
    ])
}
