//! Shapes one line of text into outlines; breaking into lines is `lines`.

use std::ops::Range;
use std::sync::Arc;

use cosmic_text::{
    Attrs, Buffer, CacheKeyFlags, Command, Family, LayoutGlyph, Metrics, Shaping, Weight, Wrap,
};
use tiny_skia::{Path as Outline, PathBuilder, Transform};

use crate::fonts::{BASE_FAMILY, Fonts};

/// How a line is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextStyle {
    /// Size of the em square in pixels.
    pub(crate) size: f32,
    /// 100 to 900; a family without that weight gives its nearest.
    pub(crate) weight: u16,
    /// Extra space between letters, in em; 0 keeps the joins of Arabic and Devanagari intact.
    pub(crate) tracking: f32,
}

impl TextStyle {
    pub(crate) fn new(size: f32, weight: u16) -> Self {
        Self {
            size,
            weight,
            tracking: 0.0,
        }
    }

    pub(crate) fn tracked(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }
}

/// A glyph of a shaped line.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    /// Filled shape around its own origin, y downwards; `None` for a space.
    pub(crate) outline: Option<Arc<Outline>>,
    /// Origin in the line, from its left end.
    pub(crate) x: f32,
    /// Offset from the baseline, downwards.
    pub(crate) y: f32,
    /// Left end of its advance.
    pub(crate) left: f32,
    /// Its advance.
    pub(crate) width: f32,
    /// Bytes of the text it stands for.
    pub(crate) bytes: Range<usize>,
    /// No font of the folder has it.
    missing: bool,
}

/// A line in visual order, its left end at 0, its baseline at y = 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShapedLine {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) width: f32,
}

impl ShapedLine {
    /// All glyphs of a byte range as one shape, moved by (`x`, `y`).
    pub(crate) fn outline(&self, bytes: &Range<usize>, x: f32, y: f32) -> Option<Outline> {
        let mut builder = PathBuilder::new();
        for glyph in self
            .glyphs
            .iter()
            .filter(|glyph| bytes.contains(&glyph.bytes.start))
        {
            let moved = glyph.outline.as_ref().and_then(|outline| {
                outline
                    .as_ref()
                    .clone()
                    .transform(Transform::from_translate(x + glyph.x, y + glyph.y))
            });
            if let Some(outline) = moved {
                builder.push_path(&outline);
            }
        }
        builder.finish()
    }

    /// Whether a glyph with a shape stands for the character at a byte.
    pub(crate) fn draws_at(&self, byte: usize) -> bool {
        let mut glyphs = self.glyphs.iter();
        glyphs.any(|glyph| glyph.outline.is_some() && glyph.bytes.contains(&byte))
    }

    /// Left and right end of a byte range, in pixels.
    pub(crate) fn extent(&self, bytes: &Range<usize>) -> Option<(f32, f32)> {
        let mut inside = self
            .glyphs
            .iter()
            .filter(|glyph| bytes.contains(&glyph.bytes.start));
        let first = inside.next()?;
        let ends = (first.left, first.left + first.width);
        Some(inside.fold(ends, |(low, high), glyph| {
            (low.min(glyph.left), high.max(glyph.left + glyph.width))
        }))
    }
}

/// The text as one paragraph; the shaper panics on a second one that is written in the other direction.
fn flat(text: &str) -> String {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    text.chars()
        .map(|letter| if breaks(letter) { ' ' } else { letter })
        .collect()
}

impl Fonts {
    /// Sets one line; line feeds, tabs and separators of paragraphs count as spaces.
    pub(crate) fn shape(&mut self, text: &str, style: TextStyle) -> ShapedLine {
        self.forget_outlines_when_many();
        let size = style.size.max(1.0);
        let flat = flat(text);
        let attributes = Attrs::new()
            .family(Family::Name(BASE_FAMILY))
            .weight(Weight(style.weight))
            .letter_spacing(style.tracking)
            .cache_key_flags(CacheKeyFlags::DISABLE_HINTING);
        let mut buffer = Buffer::new_empty(Metrics::new(size, size));
        // Without wrapping, cosmic-text 0.19 loses the number at the start of a line that runs to the left.
        buffer.set_wrap(if flat.chars().any(runs_left) {
            Wrap::Word
        } else {
            Wrap::None
        });
        buffer.set_size(None, None);
        buffer.set_text(&flat, &attributes, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.system, false);
        let mut line = ShapedLine::default();
        for run in buffer.layout_runs() {
            line.width = line.width.max(run.line_w);
            for glyph in run.glyphs {
                let shaped = self.glyph(glyph);
                line.glyphs.push(shaped);
            }
        }
        // A right-to-left line is placed at the right end of an unbounded box; bring its left end to 0.
        let left = line
            .glyphs
            .iter()
            .map(|glyph| glyph.left)
            .fold(f32::INFINITY, f32::min);
        if left.is_finite() {
            for glyph in &mut line.glyphs {
                glyph.left -= left;
                glyph.x -= left;
            }
        }
        line
    }

    /// Width of a line in pixels.
    pub(crate) fn width(&mut self, text: &str, style: TextStyle) -> f32 {
        self.shape(text, style).width
    }

    /// Whether a letter leaves a mark when it stands alone.
    pub(crate) fn draws(&mut self, letter: char) -> bool {
        let line = self.shape(letter.encode_utf8(&mut [0; 4]), TextStyle::new(16.0, 700));
        line.glyphs.iter().any(|glyph| glyph.outline.is_some())
    }

    /// The text without what no font of the folder can draw (emoji, private use), so that no box is ever shown, and
    /// without the blanks that this leaves: two in a row, one before a mark.
    pub(crate) fn drawable(&mut self, text: &str) -> String {
        let line = self.shape(text, TextStyle::new(16.0, 700));
        let missing: Vec<Range<usize>> = line
            .glyphs
            .iter()
            .filter(|glyph| glyph.missing)
            .map(|glyph| glyph.bytes.clone())
            .collect();
        if missing.is_empty() {
            return text.to_owned();
        }
        // Ranges are those of the flat text, whose spaces have one byte.
        let flat = flat(text);
        let letters = flat
            .char_indices()
            .filter(|(at, _)| !missing.iter().any(|range| range.contains(at)))
            .map(|(_, letter)| letter);
        without_holes(letters)
    }

    fn glyph(&mut self, glyph: &LayoutGlyph) -> Glyph {
        let key = glyph.physical((0.0, 0.0), 1.0).cache_key;
        let missing = glyph.glyph_id == 0;
        let outline = if missing {
            None
        } else if let Some(known) = self.outlines.get(&key) {
            known.clone()
        } else {
            let commands = self.scaler.get_outline_commands_uncached(&mut self.system, key);
            let outline = commands.and_then(|commands| outline(&commands)).map(Arc::new);
            self.outlines.insert(key, outline.clone());
            outline
        };
        Glyph {
            outline,
            x: glyph.x + glyph.font_size * glyph.x_offset,
            y: glyph.y - glyph.font_size * glyph.y_offset,
            left: glyph.x,
            width: glyph.w,
            bytes: glyph.start..glyph.end,
            missing,
        }
    }
}

/// Letters of Hebrew, Arabic and their relatives.
const fn runs_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// One blank where there were several, none before a mark that closes; joiners of what is gone go too.
fn without_holes(letters: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for letter in
        letters.filter(|letter| !matches!(letter, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}'))
    {
        let blank = letter == ' ';
        if blank && (text.is_empty() || text.ends_with(' ')) {
            continue;
        }
        if text.ends_with(' ') && matches!(letter, '.' | ',' | '!' | '?' | ';' | ':' | '…' | ')') {
            text.pop();
        }
        text.push(letter);
    }
    text
}

/// Fonts draw upwards, images downwards.
fn outline(commands: &[Command]) -> Option<Outline> {
    let mut builder = PathBuilder::new();
    for command in commands {
        match *command {
            Command::MoveTo(to) => builder.move_to(to.x, -to.y),
            Command::LineTo(to) => builder.line_to(to.x, -to.y),
            Command::QuadTo(control, to) => builder.quad_to(control.x, -control.y, to.x, -to.y),
            Command::CurveTo(one, two, to) => builder.cubic_to(one.x, -one.y, two.x, -two.y, to.x, -to.y),
            Command::Close => builder.close(),
        }
    }
    builder.finish()
}

#[cfg(test)]
mod tests;
