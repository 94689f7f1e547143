//! Where the texts of a card stand: one column above the captions, on the side the language starts at.

use crate::cards::canvas::{Canvas, circle, rectangle, rounded};
use crate::cards::palette::{Palette, TEXT_CONTRAST};
use crate::cards::pattern::{Pattern, paper_colour};
use crate::cards::typeset::{Block, Room, Side, fit};
use crate::cards::{Card, CardKind};
use crate::colour::Colour;
use crate::fonts::Fonts;
use crate::language::Language;

/// The column that holds all text, in pixels.
#[derive(Clone, Copy, Debug)]
struct Column {
    x: f64,
    top: f64,
    width: f64,
    foot: f64,
}

/// The colours of text on a given ground.
#[derive(Clone, Copy, Debug)]
struct Inks {
    ink: Colour,
    soft: Colour,
    accent: Colour,
    /// On top of the accent.
    on_accent: Colour,
}

/// Writes all texts of a card.
pub(super) fn write(fonts: &mut Fonts, canvas: &mut Canvas, card: &Card, style: (&Palette, Pattern)) {
    let column = column(canvas, style.1);
    let inks = inks(style.0, style.1);
    match card.kind {
        CardKind::Outro => write_centred(fonts, canvas, card, (column, inks)),
        CardKind::Hook | CardKind::Point { .. } | CardKind::Plain => {
            write_started(fonts, canvas, card, (column, inks));
        }
    }
}

/// A zoom of 15 % crops 7 % from each side and a pan of 10 % crops 9 % from one, so text keeps 10 % and more away.
fn column(canvas: &Canvas, pattern: Pattern) -> Column {
    let (width, height) = (canvas.width, canvas.height);
    let landscape = width > height * 1.2;
    let inset = if pattern == Pattern::Paper { 0.035 } else { 0.0 };
    let (x, share) = if landscape { (0.1, 0.55) } else { (0.115, 0.77) };
    let top = match pattern {
        Pattern::Tiles if height > width * 1.2 => 0.225,
        Pattern::Tiles if !landscape => 0.2,
        Pattern::Paper if height > width * 1.2 => 0.15,
        _ => 0.105,
    };
    Column {
        x: width * (x + inset),
        top: height * top,
        width: width * (share - 2.0 * inset),
        foot: height * (0.565 - inset * 0.6),
    }
}

fn inks(palette: &Palette, pattern: Pattern) -> Inks {
    if pattern == Pattern::Paper {
        let sheet = paper_colour(palette);
        let accent = palette.glow.readable_on(sheet, TEXT_CONTRAST);
        return Inks {
            ink: palette.deep.readable_on(sheet, 7.0),
            soft: palette.deep.mix(sheet, 0.25).readable_on(sheet, TEXT_CONTRAST),
            accent,
            on_accent: Colour::WHITE.readable_on(accent, TEXT_CONTRAST),
        };
    }
    Inks {
        ink: palette.ink,
        soft: palette.soft,
        accent: palette.accent,
        on_accent: palette.deep.readable_on(palette.accent, TEXT_CONTRAST),
    }
}

/// Number or keyword, headline and body as one stack that stands on the foot of the column.
fn write_started(fonts: &mut Fonts, canvas: &mut Canvas, card: &Card, (column, inks): (Column, Inks)) {
    let (unit, language) = (canvas.unit, card.language.clone());
    let room = column.foot - column.top;
    let largest = if card.kind == CardKind::Hook { 158.0 } else { 118.0 };
    let label = label(fonts, card, column, unit);
    let label_height = label
        .as_ref()
        .map_or(0.0, |label| label.height(unit) + unit * 34.0);
    let body = body(fonts, card, column.width, (unit, room * 0.26));
    let body_height = body.as_ref().map_or(0.0, |body| body.height() + unit * 30.0);
    let headline = fit(
        fonts,
        &card.headline,
        Room {
            width: column.width,
            height: (room - label_height - body_height).max(unit * 60.0),
            sizes: [unit * largest, unit * 34.0],
            lines_max: 5,
            weight: 800,
        },
    );
    let mut y = column.foot - label_height - headline.height() - body_height;
    let place = (Side::Start, &language);
    if let Some(label) = label {
        label.draw(canvas, (column, y), (inks, &language));
        y += label_height;
    }
    headline.draw(canvas, [column.x, y, column.width], place, inks.ink);
    y += headline.height() + unit * 30.0;
    if let Some(body) = body {
        body.draw(canvas, [column.x, y, column.width], place, inks.soft);
    }
}

/// The outro: everything on the middle axis, the body as a button.
fn write_centred(fonts: &mut Fonts, canvas: &mut Canvas, card: &Card, (column, inks): (Column, Inks)) {
    let (unit, language) = (canvas.unit, card.language.clone());
    let column = Column {
        x: canvas.width * 0.12,
        width: canvas.width * 0.76,
        ..column
    };
    let room = column.foot - column.top;
    let label = card
        .keyword
        .as_deref()
        .map(|keyword| caption(fonts, keyword, column.width, unit));
    let label_height = label.as_ref().map_or(0.0, |label| label.height() + unit * 44.0);
    let button = card
        .body
        .as_deref()
        .filter(|body| !body.trim().is_empty())
        .map(|body| {
            let room = Room {
                width: column.width - unit * 96.0,
                height: unit * 150.0,
                sizes: [unit * 46.0, unit * 26.0],
                lines_max: 2,
                weight: 700,
            };
            fit(fonts, body, room)
        });
    let button_height = button
        .as_ref()
        .map_or(0.0, |button| button.height() + unit * 100.0);
    let headline = fit(
        fonts,
        &card.headline,
        Room {
            width: column.width,
            height: (room - label_height - button_height).max(unit * 60.0),
            sizes: [unit * 132.0, unit * 34.0],
            lines_max: 4,
            weight: 800,
        },
    );
    let total = label_height + headline.height() + button_height;
    let mut y = column.foot - total - ((room - total) * 0.18).max(0.0);
    let place = (Side::Centre, &language);
    if let Some(label) = label {
        label.draw(canvas, [column.x, y, column.width], place, inks.accent);
        let middle = column.x + column.width / 2.0;
        let rule = y + label.height() + unit * 18.0;
        canvas.fill(
            rounded(middle - unit * 36.0, rule, [unit * 72.0, unit * 6.0], unit * 3.0),
            inks.accent,
            1.0,
        );
        y += label_height;
    }
    headline.draw(canvas, [column.x, y, column.width], place, inks.ink);
    y += headline.height() + unit * 52.0;
    if let Some(button) = button {
        let size = [button.width() + unit * 96.0, button.height() + unit * 48.0];
        let left = column.x + (column.width - size[0]) / 2.0;
        canvas.fill(rounded(left, y, size, unit * 60.0), inks.accent, 1.0);
        button.draw(
            canvas,
            [column.x, y + unit * 24.0, column.width],
            place,
            inks.on_accent,
        );
    }
}

/// What stands above the headline.
#[derive(Debug)]
enum Label {
    /// A number on a disc, and the disc's diameter in units.
    Number(Block, f64),
    /// The keyword behind a short bar.
    Keyword(Block),
}

impl Label {
    fn height(&self, unit: f64) -> f64 {
        match self {
            Self::Number(_, side) => unit * side,
            Self::Keyword(block) => block.height(),
        }
    }

    fn draw(&self, canvas: &mut Canvas, (column, y): (Column, f64), (inks, language): (Inks, &Language)) {
        let unit = canvas.unit;
        let mirrored = language.is_right_to_left();
        let place = (Side::Start, language);
        match self {
            Self::Number(block, side) => {
                let side = unit * side;
                let x = if mirrored {
                    column.x + column.width - side
                } else {
                    column.x
                };
                canvas.fill(
                    circle(x + side / 2.0, y + side / 2.0, side / 2.0),
                    inks.accent,
                    1.0,
                );
                let top = y + (side - block.height()) / 2.0;
                block.draw(canvas, [x, top, side], (Side::Centre, language), inks.on_accent);
            }
            Self::Keyword(block) => {
                let (bar, gap) = (unit * 12.0, unit * 26.0);
                let x = if mirrored {
                    column.x + column.width - bar
                } else {
                    column.x
                };
                canvas.fill(
                    rectangle(x, y + unit * 4.0, bar, block.height() - unit * 8.0),
                    inks.accent,
                    1.0,
                );
                let shift = if mirrored { -bar - gap } else { bar + gap };
                block.draw(canvas, [column.x + shift, y, column.width], place, inks.accent);
            }
        }
    }
}

fn label(fonts: &mut Fonts, card: &Card, column: Column, unit: f64) -> Option<Label> {
    match card.kind {
        CardKind::Point { number } => {
            // Flat cards have less height above the captions.
            let side = if card.height > card.width { 168.0 } else { 112.0 };
            let room = Room {
                width: unit * side * 0.8,
                height: unit * side * 0.8,
                sizes: [unit * side * 0.62, unit * 24.0],
                lines_max: 1,
                weight: 900,
            };
            Some(Label::Number(fit(fonts, &number.to_string(), room), side))
        }
        CardKind::Hook | CardKind::Plain | CardKind::Outro => {
            let keyword = card
                .keyword
                .as_deref()
                .filter(|keyword| !keyword.trim().is_empty())?;
            // A headline that is the keyword needs no label that repeats it.
            let repeats = keyword.trim().to_lowercase() == card.headline.trim().to_lowercase();
            (!repeats).then(|| Label::Keyword(caption(fonts, keyword, column.width - unit * 60.0, unit)))
        }
    }
}

fn caption(fonts: &mut Fonts, keyword: &str, width: f64, unit: f64) -> Block {
    let room = Room {
        width,
        height: unit * 110.0,
        sizes: [unit * 40.0, unit * 26.0],
        lines_max: 2,
        weight: 700,
    };
    fit(fonts, &keyword.to_uppercase(), room)
}

fn body(fonts: &mut Fonts, card: &Card, width: f64, (unit, height): (f64, f64)) -> Option<Block> {
    let body = card.body.as_deref().filter(|body| !body.trim().is_empty())?;
    let room = Room {
        width,
        height,
        sizes: [unit * 46.0, unit * 28.0],
        lines_max: 3,
        weight: 500,
    };
    Some(fit(fonts, body, room))
}
