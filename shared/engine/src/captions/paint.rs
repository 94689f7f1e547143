//! The look of captions and of the lower third.

use std::ops::Range;

use tiny_skia::{Color, FillRule, LineJoin, Mask, Paint, Path as Outline, Pixmap, Shader, Stroke, Transform};

use crate::captions::blur::soften;
use crate::captions::pages::{Page, leading, line_text};
use crate::captions::{CAPTION_WEIGHT, Sheet};
use crate::colour::Colour;
use crate::composition::{CaptionColours, CaptionPreset, Captions, LowerThird};
use crate::fonts::Fonts;
use crate::number::{byte, floor_i32, index, real, round_u32, single};
use crate::overlay::Overlay;
use crate::shape::rounded;
use crate::text::{ShapedLine, TextStyle};

/// Width of the outline's stroke in em; half of it lies outside of the letter.
const OUTLINE_EM: f32 = 0.15;
/// Blur radius of the shadow, its offset and its strength.
const SHADOW_BLUR_EM: f32 = 0.12;
const SHADOW_DROP_EM: f32 = 0.06;
const SHADOW_ALPHA: f64 = 0.6;
/// Room around the text for outline, shadow and pill.
const MARGIN_EM: f32 = 0.6;
/// From the middle of a line box down to the baseline: half the height of a capital.
const BASELINE_EM: f32 = 0.36;
/// Captions keep this part of the height free above and below.
const SAFE_HEIGHT: f64 = 0.06;
/// WCAG AA for large text.
const PILL_CONTRAST: f64 = 4.5;

/// A page set in type, with its shadow; what remains per word is its colours.
#[derive(Debug)]
pub(super) struct Art {
    base: Pixmap,
    place: (i32, i32),
    size: f32,
    words: Vec<WordShape>,
}

/// A line of a page before it is placed.
#[derive(Debug)]
struct SetLine {
    shaped: ShapedLine,
    /// Bytes of each word.
    words: Vec<Range<usize>>,
    /// Number of its first word on the page.
    first: usize,
}

impl SetLine {
    /// Its words with visible letters, in a box of height `leading`.
    fn words(&self, [left, top, leading]: [f32; 3], size: f32) -> impl Iterator<Item = WordShape> {
        let baseline = top + leading / 2.0 + size * BASELINE_EM;
        self.words.iter().enumerate().filter_map(move |(offset, bytes)| {
            let letters = self.shaped.outline(bytes, left, baseline)?;
            let (from, to) = self.shaped.extent(bytes)?;
            Some(WordShape {
                letters,
                area: [left + from, top, to - from, leading],
                number: self.first + offset,
            })
        })
    }
}

/// One word of a page, placed in the drawing.
#[derive(Debug)]
struct WordShape {
    letters: Outline,
    /// Left, top, width and height of its line box.
    area: [f32; 4],
    number: usize,
}

impl Art {
    /// Sets a page; `None` when it has no visible letter.
    pub(super) fn new(fonts: &mut Fonts, page: &Page, captions: &Captions, sheet: &Sheet) -> Option<Self> {
        let size = sheet.style.size;
        let margin = (size * MARGIN_EM).ceil();
        let leading = leading(size, &captions.language);
        let lines: Vec<SetLine> = page
            .lines
            .iter()
            .map(|range| {
                let items = page.items.get(range.clone()).unwrap_or_default();
                let (text, words) = line_text(items, &captions.language);
                SetLine {
                    shaped: fonts.shape(&text, sheet.style),
                    words,
                    first: range.start,
                }
            })
            .collect();
        let widest = lines.iter().map(|line| line.shaped.width).fold(0.0, f32::max);
        let width = even(widest + 2.0 * margin);
        let height = even(leading * single(real(lines.len())) + 2.0 * margin);
        let mut words = Vec::new();
        let mut top = margin;
        for line in &lines {
            let left = margin + (widest - line.shaped.width) / 2.0;
            words.extend(line.words([left, top, leading], size));
            top += leading;
        }
        let mut base = Pixmap::new(width, height)?;
        shadow(&mut base, &words, size, captions.colours.outline)?;
        let place = place(sheet.frame, (width, height), captions.position_pct);
        (!words.is_empty()).then_some(Self {
            base,
            place,
            size,
            words,
        })
    }

    /// Colours the words for one moment.
    pub(super) fn draw(&self, active: Option<usize>, captions: &Captions) -> Overlay {
        let mut drawing = self.base.clone();
        let colours = captions.colours;
        let active = active.filter(|_| captions.preset != CaptionPreset::Minimal);
        for word in &self.words {
            stroke(
                &mut drawing,
                &word.letters,
                self.size * OUTLINE_EM,
                colours.outline,
            );
        }
        let pill = (captions.preset == CaptionPreset::Pill)
            .then_some(active)
            .flatten();
        for word in self.words.iter().filter(|word| Some(word.number) == pill) {
            let [left, top, width, height] = word.area;
            let pad = self.size * 0.13;
            let area = rounded(
                [left - pad, top + height * 0.03],
                [width + 2.0 * pad, height * 0.94],
                self.size * 0.3,
            );
            fill(&mut drawing, area.as_ref(), colours.active, 1.0);
        }
        for word in &self.words {
            let colour = match (Some(word.number) == active, captions.preset) {
                (false, _) => colours.text,
                (true, CaptionPreset::Pill) => pill_ink(colours),
                (true, CaptionPreset::Classic | CaptionPreset::Minimal) => colours.active,
            };
            fill(&mut drawing, Some(&word.letters), colour, 1.0);
        }
        Overlay::new(&drawing, self.place.0, self.place.1)
    }
}

/// The text's own colour where it can be read on the pill, else plain black or white.
fn pill_ink(colours: CaptionColours) -> Colour {
    let pill = colours.active;
    if colours.text.contrast(pill) >= PILL_CONTRAST {
        colours.text
    } else if pill.contrast(Colour::WHITE) >= PILL_CONTRAST {
        Colour::WHITE
    } else {
        Colour::BLACK
    }
}

/// A line on a dark plate with a bar in the accent colour.
pub(super) fn lower_third(
    fonts: &mut Fonts,
    lower_third: &LowerThird,
    frame: (u32, u32),
    colours: CaptionColours,
) -> Option<Overlay> {
    let unit = f64::from(frame.0.min(frame.1)) / 1080.0;
    let text = fonts.drawable(lower_third.text.trim());
    let mut style = TextStyle::new(single(42.0 * unit), CAPTION_WEIGHT);
    let widest = single(f64::from(frame.0) * 0.76);
    let natural = fonts.width(&text, style);
    if natural > widest {
        style.size *= widest / natural;
    }
    let mut line = fonts.shape(&text, style);
    line.width = line.width.min(widest);
    let (pad, bar, height) = (style.size * 0.7, style.size * 0.18, style.size * 2.0);
    let width = line.width + 2.0 * pad + bar;
    let mut drawing = Pixmap::new(even(width), even(height))?;
    let plate = rounded([0.0, 0.0], [width, height], style.size * 0.3);
    fill(&mut drawing, plate.as_ref(), Colour::rgb(0x10_12_18), 0.78);
    let accent = rounded([0.0, 0.0], [bar, height], bar * 0.4);
    fill(&mut drawing, accent.as_ref(), colours.active, 1.0);
    let letters = line.outline(
        &(0..usize::MAX),
        bar + pad,
        height / 2.0 + style.size * BASELINE_EM,
    )?;
    fill(&mut drawing, Some(&letters), Colour::WHITE, 1.0);
    let (x, y) = place(
        frame,
        (drawing.width(), drawing.height()),
        lower_third.position_pct,
    );
    Some(Overlay::new(&drawing, x, y))
}

/// In the middle of the width, its own middle at a part of the height, inside the safe area.
fn place(frame: (u32, u32), (width, height): (u32, u32), position_pct: f64) -> (i32, i32) {
    let frame_height = f64::from(frame.1);
    let free = frame_height * (1.0 - SAFE_HEIGHT) - f64::from(height);
    let y = (frame_height * position_pct / 100.0 - f64::from(height) / 2.0)
        .clamp(frame_height * SAFE_HEIGHT, free.max(frame_height * SAFE_HEIGHT));
    (
        floor_i32((f64::from(frame.0) - f64::from(width)) / 2.0),
        floor_i32(y),
    )
}

fn shadow(base: &mut Pixmap, words: &[WordShape], size: f32, colour: Colour) -> Option<()> {
    let mut mask = Mask::new(base.width(), base.height())?;
    let drop = Transform::from_translate(0.0, size * SHADOW_DROP_EM);
    let stroke = outline_stroke(size * OUTLINE_EM);
    for word in words {
        if let Some(body) = word.letters.stroke(&stroke, 1.0) {
            mask.fill_path(&body, FillRule::Winding, true, drop);
        }
    }
    let radius = index(round_u32(f64::from(size * SHADOW_BLUR_EM)).max(1));
    soften(mask.data_mut(), index(base.width()), radius);
    for (pixel, cover) in base.data_mut().chunks_exact_mut(4).zip(mask.data()) {
        let alpha = f64::from(*cover) * SHADOW_ALPHA;
        let premultiplied =
            [colour.red, colour.green, colour.blue].map(|part| byte(f64::from(part) * alpha / 255.0));
        for (target, value) in pixel
            .iter_mut()
            .zip(premultiplied.into_iter().chain([byte(alpha)]))
        {
            *target = value;
        }
    }
    Some(())
}

fn fill(drawing: &mut Pixmap, shape: Option<&Outline>, colour: Colour, alpha: f64) {
    if let Some(shape) = shape {
        drawing.fill_path(
            shape,
            &paint(colour, alpha),
            FillRule::Winding,
            Transform::identity(),
            None,
        );
    }
}

fn stroke(drawing: &mut Pixmap, shape: &Outline, width: f32, colour: Colour) {
    drawing.stroke_path(
        shape,
        &paint(colour, 1.0),
        &outline_stroke(width),
        Transform::identity(),
        None,
    );
}

/// Round joins: mitred ones grow thorns on letters such as M and А.
fn outline_stroke(width: f32) -> Stroke {
    Stroke {
        width,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }
}

fn paint(colour: Colour, alpha: f64) -> Paint<'static> {
    let colour = Color::from_rgba8(colour.red, colour.green, colour.blue, byte(alpha * 255.0));
    Paint {
        shader: Shader::SolidColor(colour),
        anti_alias: true,
        ..Paint::default()
    }
}

fn even(length: f32) -> u32 {
    round_u32(f64::from((length / 2.0).ceil())) * 2
}
