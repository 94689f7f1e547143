//! A page set in type: what is drawn of it in each state.

use std::ops::Range;

use tiny_skia::{FillRule, Mask, Path as Outline, Pixmap, Transform};
use unicode_segmentation::UnicodeSegmentation;

use crate::captions::Sheet;
use crate::captions::blur::soften;
use crate::captions::brush::{Window, outline_stroke};
use crate::captions::look::Look;
use crate::captions::pages::{Page, leading, line_text};
use crate::captions::state::State;
use crate::colour::Colour;
use crate::composition::{CaptionColours, CaptionPreset, Captions};
use crate::fonts::Fonts;
use crate::number::{byte, floor_i32, index, real, round_u32, single};
use crate::text::{ShapedLine, TextStyle};

mod ink;

/// Offset of the shadow.
const SHADOW_DROP_EM: f32 = 0.06;
/// Room around the text for outline, shadow, pill and bounce.
const MARGIN_EM: f32 = 0.7;
/// From the middle of a line box down to the baseline: half the height of a capital.
pub(super) const BASELINE_EM: f32 = 0.36;

/// A page set in type, with its shadow; what remains per state is its colours.
#[derive(Debug)]
pub(super) struct PageArt {
    /// What is under the letters in every state.
    base: Pixmap,
    /// Of the drawing in the frame.
    pub(super) place: (i32, i32),
    size: f32,
    look: Look,
    preset: CaptionPreset,
    colours: CaptionColours,
    lines: Vec<SetLine>,
    words: Vec<WordShape>,
}

/// A line of a page, placed in the drawing.
#[derive(Debug)]
struct SetLine {
    shaped: ShapedLine,
    /// Bytes of each word.
    words: Vec<Range<usize>>,
    /// Number of its first word on the page.
    first: usize,
    left: f32,
    top: f32,
}

/// One word of a page, placed in the drawing.
#[derive(Debug)]
struct WordShape {
    /// Number on the page.
    number: usize,
    line: usize,
    letters: Outline,
    /// Left, top, width and height of its line box.
    area: [f32; 4],
    right_to_left: bool,
    /// Whether its neighbour to the left, and to the right, stands beside it without a space.
    tight: [bool; 2],
    /// Where each of its characters ends, in bytes of the line; only in presets that show them one by one.
    stops: Vec<usize>,
}

impl PageArt {
    /// Sets a page; `None` when it has no visible letter.
    pub(super) fn new(fonts: &mut Fonts, page: &Page, captions: &Captions, sheet: &Sheet) -> Option<Self> {
        let (mut lines, style) = set_lines(fonts, page, captions, sheet);
        let size = style.size;
        let margin = (size * MARGIN_EM).ceil();
        let leading = leading(size, &captions.language);
        let widest = lines.iter().map(|line| line.shaped.width).fold(0.0, f32::max);
        let mut words = Vec::new();
        for (number, line) in lines.iter_mut().enumerate() {
            line.left = margin + (widest - line.shaped.width) / 2.0;
            line.top = margin + leading * single(real(number));
            words.extend(word_shapes((number, line), page, captions, [leading, size]));
        }
        let height = leading * single(real(lines.len())) + 2.0 * margin;
        let mut base = Pixmap::new(even(widest + 2.0 * margin), even(height))?;
        if sheet.look.shadow_alpha > 0.0 {
            shadow(&mut base, &words, (size, &sheet.look), captions.colours.outline)?;
        }
        let inset = margin - size * sheet.look.overhang_em;
        let place = place(sheet, (base.width(), base.height()), f64::from(inset));
        (!words.is_empty()).then_some(Self {
            base,
            place,
            size,
            look: sheet.look,
            preset: captions.preset,
            colours: captions.colours,
            lines,
            words,
        })
    }

    /// The whole drawing in one state.
    pub(super) fn whole(&self, state: State) -> Option<Pixmap> {
        self.paint(state, Window::of(&self.base))
    }

    /// What has to be drawn anew between two states; `None` when nothing has.
    pub(super) fn difference(&self, from: State, to: State) -> Option<Window> {
        let changed = from.changed(to, self.preset);
        let touched = |word: &&WordShape| changed.iter().flatten().any(|range| range.contains(&word.number));
        let reach = self.size * self.look.overhang_em.max(0.3);
        let mut edges: Option<[f32; 4]> = None;
        for word in self.words.iter().filter(touched) {
            let [left, top, right, bottom] = self.reach_of(word);
            let own = [left - reach, top - reach, right + reach, bottom + reach];
            edges = Some(edges.map_or(own, |known| {
                [
                    known[0].min(own[0]),
                    known[1].min(own[1]),
                    known[2].max(own[2]),
                    known[3].max(own[3]),
                ]
            }));
        }
        let [left, top, right, bottom] = edges?.map(|edge| round_u32(f64::from(edge.max(0.0)) / 2.0) * 2);
        Some(Window {
            left: left.min(self.base.width()),
            top: top.min(self.base.height()),
            right: (right + 2).min(self.base.width()),
            bottom: (bottom + 2).min(self.base.height()),
        })
    }

    /// Left, top, right and bottom of a word: its line box, and its letters where they stand out of it, as the marks
    /// of Thai do. A typewriter's plate and cursor belong to the line.
    fn reach_of(&self, word: &WordShape) -> [f32; 4] {
        let [left, top, width, height] = match self.lines.get(word.line) {
            Some(line) if self.preset == CaptionPreset::Typewriter => {
                [line.left, word.area[1], line.shaped.width, word.area[3]]
            }
            _ => word.area,
        };
        let ink = word.letters.bounds();
        [
            left.min(ink.left()),
            top.min(ink.top()),
            (left + width).max(ink.right()),
            (top + height).max(ink.bottom()),
        ]
    }
}

/// Shapes the lines of a page, smaller when spaces and joins made one wider than its words together.
fn set_lines(
    fonts: &mut Fonts,
    page: &Page,
    captions: &Captions,
    sheet: &Sheet,
) -> (Vec<SetLine>, TextStyle) {
    let mut style = sheet.style;
    let mut set = |style: TextStyle| -> Vec<SetLine> {
        page.lines
            .iter()
            .map(|range| {
                let items = page.items.get(range.clone()).unwrap_or_default();
                let (text, words) = line_text(items, &captions.language, sheet.look.spaces);
                SetLine {
                    shaped: fonts.shape(&text, style),
                    words,
                    first: range.start,
                    left: 0.0,
                    top: 0.0,
                }
            })
            .collect()
    };
    let lines = set(style);
    let widest = lines.iter().map(|line| line.shaped.width).fold(0.0, f32::max);
    if widest <= sheet.line_width {
        return (lines, style);
    }
    style.size *= sheet.line_width / widest;
    (set(style), style)
}

/// How many letters and digits of a page have a shape in its lines.
pub(super) fn letters_drawn(fonts: &mut Fonts, page: &Page, captions: &Captions, sheet: &Sheet) -> usize {
    let (lines, _) = set_lines(fonts, page, captions, sheet);
    let drawn = |(line, range): (&SetLine, &Range<usize>)| {
        let items = page.items.get(range.clone()).unwrap_or_default();
        let (text, _) = line_text(items, &captions.language, sheet.look.spaces);
        let letters = text.char_indices().filter(|(_, letter)| letter.is_alphanumeric());
        letters.filter(|(at, _)| line.shaped.draws_at(*at)).count()
    };
    lines.iter().zip(&page.lines).map(drawn).sum()
}

/// The words of a line that have visible letters.
fn word_shapes(
    (number, line): (usize, &SetLine),
    page: &Page,
    captions: &Captions,
    [leading, size]: [f32; 2],
) -> Vec<WordShape> {
    let baseline = line.top + leading / 2.0 + size * BASELINE_EM;
    let shape = |(offset, bytes): (usize, &Range<usize>)| {
        let letters = line.shaped.outline(bytes, line.left, baseline)?;
        let (from, to) = line.shaped.extent(bytes)?;
        let place = line.first + offset;
        let item = page.items.get(place)?;
        let before = place.checked_sub(1).and_then(|before| page.items.get(before));
        let right_to_left = runs_left(&line.shaped, bytes, captions);
        let mut tight = [
            offset > 0 && before.is_some_and(|before| !before.spaced),
            offset + 1 < line.words.len() && !item.spaced,
        ];
        if right_to_left {
            tight.reverse();
        }
        let mut end = bytes.start;
        let stops = item.text.graphemes(true).map(|part| {
            end += part.len();
            end
        });
        Some(WordShape {
            number: place,
            line: number,
            letters,
            area: [line.left + from, line.top, to - from, leading],
            right_to_left,
            tight,
            stops: if captions.preset == CaptionPreset::Typewriter {
                stops.collect()
            } else {
                Vec::new()
            },
        })
    };
    line.words.iter().enumerate().filter_map(shape).collect()
}

/// Whether the first letter of a word is its rightmost; a Latin word in an Arabic line is not.
fn runs_left(line: &ShapedLine, bytes: &Range<usize>, captions: &Captions) -> bool {
    let inside = || {
        line.glyphs
            .iter()
            .filter(|glyph| bytes.contains(&glyph.bytes.start))
    };
    let first = inside().min_by_key(|glyph| glyph.bytes.start);
    let last = inside().max_by_key(|glyph| glyph.bytes.start);
    match (first, last) {
        (Some(first), Some(last)) if first.bytes.start < last.bytes.start => first.left > last.left,
        _ => captions.language.is_right_to_left(),
    }
}

/// In the middle of the safe width, its own middle at a part of the height; `inset` of each side needs no safety.
fn place(sheet: &Sheet, (width, height): (u32, u32), inset: f64) -> (i32, i32) {
    let [left, top, room, tall] = sheet.area;
    let x = left + room / 2.0 - f64::from(width) / 2.0;
    let middle = f64::from(sheet.frame.1) * sheet.position_pct / 100.0;
    let highest = top - inset;
    let lowest = (top + tall + inset - f64::from(height)).max(highest);
    let y = (middle - f64::from(height) / 2.0).clamp(highest, lowest);
    (floor_i32(x), floor_i32(y))
}

fn shadow(base: &mut Pixmap, words: &[WordShape], (size, look): (f32, &Look), colour: Colour) -> Option<()> {
    let mut mask = Mask::new(base.width(), base.height())?;
    let drop = Transform::from_translate(0.0, size * SHADOW_DROP_EM);
    // Letters without an outline need a little more than their own shape behind them.
    let stroke = outline_stroke(size * look.outline_em.max(0.1));
    for word in words {
        if let Some(body) = word.letters.stroke(&stroke, 1.0) {
            mask.fill_path(&body, FillRule::Winding, true, drop);
        }
    }
    let radius = index(round_u32(f64::from(size * look.shadow_blur_em)).max(1));
    soften(mask.data_mut(), index(base.width()), radius);
    for (pixel, cover) in base.data_mut().chunks_exact_mut(4).zip(mask.data()) {
        let alpha = f64::from(*cover) * look.shadow_alpha;
        let premultiplied =
            [colour.red, colour.green, colour.blue].map(|part| byte(f64::from(part) * alpha / 255.0));
        let values = premultiplied.into_iter().chain([byte(alpha)]);
        for (target, value) in pixel.iter_mut().zip(values) {
            *target = value;
        }
    }
    Some(())
}

/// Up to the next even number of pixels.
pub(super) fn even(length: f32) -> u32 {
    round_u32(f64::from((length / 2.0).ceil())) * 2
}

#[cfg(test)]
mod tests;
