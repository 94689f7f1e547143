//! Blocks of text on a card: as large as the room allows, in even lines, from the side the language starts at.

use crate::cards::canvas::Canvas;
use crate::colour::Colour;
use crate::fonts::Fonts;
use crate::language::{Breaking, Language};
use crate::lines::{Measure, Piece, balance, narrowed, pieces};
use crate::number::{real, single};
use crate::text::{ShapedLine, TextStyle};

/// Width at which pieces are measured once; outlines are not hinted, so widths scale exactly.
const MEASURED_SIZE: f64 = 100.0;

/// Each try is this much smaller than the one before.
const SHRINK: f64 = 0.95;

/// Where a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// At the left, or at the right in a right-to-left language.
    Start,
    Centre,
}

/// What a block may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Largest and smallest size in pixels.
    pub(super) sizes: [f64; 2],
    pub(super) lines_max: usize,
    pub(super) weight: u16,
}

/// A text that has been fitted.
#[derive(Debug)]
pub(super) struct Block {
    lines: Vec<ShapedLine>,
    size: f64,
    leading: f64,
}

impl Block {
    pub(super) fn height(&self) -> f64 {
        real(self.lines.len()) * self.leading
    }

    pub(super) fn width(&self) -> f64 {
        self.lines
            .iter()
            .map(|line| f64::from(line.width))
            .fold(0.0, f64::max)
    }

    /// Draws with the top of its first line at `y`; `x` is the left end of a room that is `width` wide.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        [x, y, width]: [f64; 3],
        place: (Side, &Language),
        colour: Colour,
    ) {
        for (number, line) in self.lines.iter().enumerate() {
            let free = width - f64::from(line.width);
            let left = match place.0 {
                Side::Centre => x + free / 2.0,
                Side::Start if place.1.is_right_to_left() => x + free,
                Side::Start => x,
            };
            // The middle of the letters' height, not of the em square, sits in the middle of the line.
            let baseline = y + self.leading * (real(number) + 0.5) + self.size * 0.36;
            let everything = 0..usize::MAX;
            canvas.fill(
                line.outline(&everything, single(left), single(baseline)),
                colour,
                1.0,
            );
        }
    }
}

/// Finds the largest size at which a text fits its room; at the smallest size, lines that are too many are dropped.
pub(super) fn fit(fonts: &mut Fonts, text: &str, room: Room) -> Block {
    let language = fonts.language().clone();
    let text = fonts.drawable(text);
    let tracking = tracking(&text, room.weight);
    let style = |size: f64| TextStyle::new(single(size), room.weight).tracked(tracking);
    let spread = leading(&language, room.weight);
    let mut parts = pieces(&text, &language);
    let [mut size, smallest] = room.sizes;
    let mut measures = measure(fonts, &parts, style(MEASURED_SIZE));
    let lines = loop {
        let scale = size / MEASURED_SIZE;
        let lines_max = room.lines_max.min(lines_in(room.height, size * spread)).max(1);
        if let Some(lines) = balance(&measures, single(room.width / scale), lines_max) {
            break lines;
        }
        if size * SHRINK < smallest {
            let widest = single(room.width / scale);
            let mut is_wide = |part: &Piece| fonts.width(&part.text, style(MEASURED_SIZE)) > widest;
            parts = parts
                .into_iter()
                .flat_map(|part| narrowed(part, &mut is_wide))
                .collect();
            measures = measure(fonts, &parts, style(MEASURED_SIZE));
            let all = balance(&measures, single(room.width / scale), usize::MAX).unwrap_or_default();
            break all.into_iter().take(lines_max).collect();
        }
        size *= SHRINK;
    };
    let lines = lines
        .into_iter()
        .map(|range| {
            fonts.shape(
                &join(parts.get(range).unwrap_or_default(), &language),
                style(size),
            )
        })
        .collect();
    Block {
        lines,
        size,
        leading: size * spread,
    }
}

/// One line of text out of pieces; a right-to-left mark keeps a line that begins with a Latin word in its direction.
fn join(parts: &[Piece], language: &Language) -> String {
    let mut line = String::new();
    if language.is_right_to_left() {
        line.push('\u{200f}');
    }
    for (number, part) in parts.iter().enumerate() {
        line.push_str(&part.text);
        if part.spaced && number + 1 < parts.len() {
            line.push(' ');
        }
    }
    line
}

fn measure(fonts: &mut Fonts, parts: &[Piece], style: TextStyle) -> Vec<Measure> {
    let space = style.size * 0.26;
    parts
        .iter()
        .map(|part| Measure {
            width: fonts.width(&part.text, style),
            gap: if part.spaced { space } else { 0.0 },
        })
        .collect()
}

fn lines_in(height: f64, leading: f64) -> usize {
    crate::number::round_usize((height / leading).floor())
}

/// Line height in em: scripts with marks above and below need more than Latin capitals.
fn leading(language: &Language, weight: u16) -> f64 {
    let tall =
        language.is_right_to_left() || matches!(language.as_str().get(..2), Some("th" | "hi" | "mr" | "ne"));
    match (tall, language.breaking(), weight >= 700) {
        (true, _, _) => 1.4,
        (false, Breaking::Characters | Breaking::Phrases, _) => 1.28,
        (false, Breaking::Words, true) => 1.12,
        (false, Breaking::Words, false) => 1.36,
    }
}

/// Large bold Latin looks loose without a slight tightening; joined scripts must not be touched.
fn tracking(text: &str, weight: u16) -> f32 {
    let latin = text
        .chars()
        .all(|letter| u32::from(letter) < 0x530 || ('\u{2000}'..'\u{2100}').contains(&letter));
    if latin && weight >= 700 { -0.018 } else { 0.0 }
}
