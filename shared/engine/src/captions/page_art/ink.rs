//! The colours of a page in one state, layer by layer.

use tiny_skia::{Path as Outline, Pixmap, Transform};

use crate::captions::brush::{Brush, Window};
use crate::captions::page_art::{PageArt, SetLine, WordShape};
use crate::captions::state::{FILL_STEPS, POP_CURVE, State, share};
use crate::colour::Colour;
use crate::composition::{CaptionColours, CaptionPreset};
use crate::number::single;
use crate::shape::rounded;

/// WCAG AA for large text.
const PILL_CONTRAST: f64 = 4.5;
/// From the letters to the pill's end, where spaces are and where the neighbour is close.
const PILL_PAD_EM: f32 = 0.17;
const PILL_PAD_TIGHT_EM: f32 = 0.04;
/// Largest growth of a word that pops.
const POP_GROWTH: f32 = 0.24;
/// How far its ends may go where spaces are, and where the neighbour is close: further they would cover it.
const POP_REACH_EM: f32 = 0.28;
const POP_REACH_TIGHT_EM: f32 = 0.05;
/// Strength of the plate behind typed letters.
const PLATE_ALPHA: f64 = 0.82;
const PLATE_PAD_EM: f32 = 0.3;
/// The cursor: gap, width and height.
const CURSOR_EM: [f32; 3] = [0.07, 0.09, 0.86];

impl PageArt {
    /// A window of the drawing in one state; `None` when the window is empty.
    ///
    /// # Promises
    /// The pixels do not depend on the window: a patch fits into what is around it.
    pub(in crate::captions) fn paint(&self, state: State, window: Window) -> Option<Pixmap> {
        let mut brush = Brush::copy_of(&self.base, window)?;
        if self.preset == CaptionPreset::Typewriter {
            self.typed(&mut brush, state);
            return Some(brush.finish());
        }
        let colours = self.colours;
        let stroke = self.size * self.look.outline_em;
        let popped = |word: &&WordShape| self.preset == CaptionPreset::Pop && state.word == Some(word.number);
        for word in self.words.iter().filter(|word| !popped(word)) {
            brush.stroke(&word.letters, colours.outline, stroke);
        }
        if self.preset == CaptionPreset::Pill {
            let active = self.words.iter().filter(|word| state.word == Some(word.number));
            for pill in active.filter_map(|word| self.pill(word)) {
                brush.fill(&pill, colours.active, 1.0);
            }
        }
        // The outline of a word that pops lies under its neighbours' letters: where there are no spaces, it reaches them.
        let grown: Vec<Outline> = self
            .words
            .iter()
            .filter(popped)
            .filter_map(|word| {
                let (growth, about_x) = self.growth(word, state.step);
                let letters = grown(word, growth, about_x)?;
                brush.stroke(&letters, colours.outline, stroke * growth);
                Some(letters)
            })
            .collect();
        for word in self.words.iter().filter(|word| !popped(word)) {
            self.fill(&mut brush, word, state);
        }
        for letters in &grown {
            brush.fill(letters, colours.active, 1.0);
        }
        Some(brush.finish())
    }

    fn fill(&self, brush: &mut Brush, word: &WordShape, state: State) {
        let colours = self.colours;
        let active = state.word == Some(word.number);
        let ink = match self.preset {
            CaptionPreset::Classic if active => colours.active,
            CaptionPreset::Pill if active => pill_ink(colours),
            CaptionPreset::Karaoke if state.word.is_some_and(|last| word.number < last) => colours.active,
            _ => colours.text,
        };
        brush.fill(&word.letters, ink, 1.0);
        if active && self.preset == CaptionPreset::Karaoke {
            brush.fill_between(&word.letters, colours.active, self.sung(word, state.step));
        }
    }

    /// The columns of a word that are sung; a little wider than it at its start, where marks may hang over.
    fn sung(&self, word: &WordShape, step: usize) -> [f32; 2] {
        let [left, _, width, _] = word.area;
        let over = if step == 0 { 0.0 } else { self.size * 0.2 };
        let end_over = if step == FILL_STEPS { over } else { 0.0 };
        let done = width * single(share(step, FILL_STEPS));
        if word.right_to_left {
            [left + width - done - end_over, left + width + over]
        } else {
            [left - over, left + done + end_over]
        }
    }

    fn pill(&self, word: &WordShape) -> Option<Outline> {
        let [left, top, width, height] = word.area;
        let pad = if word.tight.contains(&true) {
            self.size * PILL_PAD_TIGHT_EM
        } else {
            self.size * PILL_PAD_EM
        };
        rounded(
            [left - pad, top + height * 0.03],
            [width + 2.0 * pad, height * 0.94],
            self.size * 0.3,
        )
    }

    /// How large a word is while it pops, and the column that stays where it is.
    fn growth(&self, word: &WordShape, step: usize) -> (f32, f32) {
        let [to_left, to_right] = word.tight.map(|is_tight| {
            let reach_em = if is_tight {
                POP_REACH_TIGHT_EM
            } else {
                POP_REACH_EM
            };
            reach_em * self.size
        });
        let [left, _, width, _] = word.area;
        let reach = to_left + to_right;
        let curve = POP_CURVE.get(step).copied().unwrap_or_default();
        let growth = POP_GROWTH.min(reach / width.max(1.0));
        (1.0 + growth * curve, left + width * to_left / reach)
    }

    /// Letters one after the other on a plate that grows with them.
    fn typed(&self, brush: &mut Brush, state: State) {
        let Some(last) = state.word else { return };
        for (number, line) in self.lines.iter().enumerate() {
            let begun = || {
                self.words
                    .iter()
                    .filter(|word| word.line == number && word.number <= last)
            };
            let shown: Vec<(&WordShape, usize)> = begun()
                .filter_map(|word| Some((word, Self::shown_until(word, state)?)))
                .collect();
            let ends = shown
                .iter()
                .filter_map(|(word, stop)| line.shaped.extent(&(first_byte(word, line)..*stop)));
            let Some((from, to)) = ends.reduce(|known, own| (known.0.min(own.0), known.1.max(own.1))) else {
                continue;
            };
            self.plate(brush, line, [line.left + from, line.left + to]);
            for (word, stop) in &shown {
                self.letters(brush, line, (word, *stop));
            }
            if let Some((word, stop)) = shown.iter().find(|(word, _)| word.number == last) {
                self.cursor(brush, line, (word, *stop));
            }
        }
    }

    /// The first letters of a word.
    fn letters(&self, brush: &mut Brush, line: &SetLine, (word, stop): (&WordShape, usize)) {
        let bytes = first_byte(word, line)..stop;
        if let Some(letters) = line.shaped.outline(&bytes, line.left, self.baseline(word)) {
            brush.fill(&letters, self.colours.text, 1.0);
        }
    }

    /// Where the letters of a word that can be seen end, in bytes of its line.
    fn shown_until(word: &WordShape, state: State) -> Option<usize> {
        let letters = if state.word == Some(word.number) {
            state.step.min(word.stops.len())
        } else {
            word.stops.len()
        };
        word.stops.get(letters.checked_sub(1)?).copied()
    }

    fn plate(&self, brush: &mut Brush, line: &SetLine, [from, to]: [f32; 2]) {
        let pad = self.size * PLATE_PAD_EM;
        let height = self.line_height();
        let plate = rounded(
            [from - pad, line.top],
            [to - from + 2.0 * pad, height],
            self.size * 0.16,
        );
        if let Some(plate) = plate {
            brush.fill(&plate, self.colours.outline, PLATE_ALPHA);
        }
    }

    fn cursor(&self, brush: &mut Brush, line: &SetLine, (word, stop): (&WordShape, usize)) {
        let Some((from, to)) = line.shaped.extent(&(first_byte(word, line)..stop)) else {
            return;
        };
        let [gap, width, height] = CURSOR_EM.map(|part| part * self.size);
        let x = if word.right_to_left {
            line.left + from - gap - width
        } else {
            line.left + to + gap
        };
        let top = line.top + (self.line_height() - height) / 2.0;
        if let Some(bar) = rounded([x, top], [width, height], width / 2.0) {
            brush.fill(&bar, self.colours.active, 1.0);
        }
    }

    fn baseline(&self, word: &WordShape) -> f32 {
        word.area[1] + word.area[3] / 2.0 + self.size * super::BASELINE_EM
    }

    fn line_height(&self) -> f32 {
        self.words.first().map_or(0.0, |word| word.area[3])
    }
}

fn first_byte(word: &WordShape, line: &SetLine) -> usize {
    word.number
        .checked_sub(line.first)
        .and_then(|offset| line.words.get(offset))
        .map_or(0, |bytes| bytes.start)
}

/// The letters of a word, larger around a column and the middle of its line.
fn grown(word: &WordShape, growth: f32, x: f32) -> Option<Outline> {
    let [_, top, _, height] = word.area;
    let y = top + height / 2.0;
    let about = Transform::from_translate(-x, -y)
        .post_scale(growth, growth)
        .post_translate(x, y);
    word.letters.clone().transform(about)
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
