//! Cuts a stream of timed words into captions of at most two even lines.

use std::iter::{once, repeat_n};
use std::ops::Range;

use serde::Serialize;

use crate::captions::long_word::{SHRINK_MAX, halves};
use crate::captions::{Sheet, sentences};
use crate::composition::Captions;
use crate::fonts::Fonts;
use crate::language::{Breaking, Language};
use crate::lines::{Measure, Piece, balance, is_unspaced, joins_without_space, narrowed, pieces};
use crate::number::{real, real_u64, round_u64, single};

/// More than two lines cover the image.
pub(super) const LINES_MAX: usize = 2;
/// A pause this long ends a caption.
const PAUSE_MS: u64 = 700;
/// A caption stays so long after its last word, unless the next one comes.
const LINGER_MS: u64 = 350;
/// A caption that is seen for less cannot be read; it joins a neighbour.
const CUE_MS_MIN: u64 = 1_000;
/// How often each caption may be looked at before short ones are left as they are.
const TRIES_EACH: usize = 4;
/// A longer word of a script without spaces is a phrase that the voice did not cut.
const UNSPACED_CHARS_MAX: usize = 4;
/// Width of a space in em, where the script has spaces; every family of ours is within 0.02 of it.
const SPACE_EM: f32 = 0.26;

/// A word, or a part of one, as it is laid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Item {
    pub(super) text: String,
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
    /// Whether a space follows on the same line.
    pub(super) spaced: bool,
}

/// A caption: what is on screen at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    /// Ranges of `items`.
    pub(super) lines: Vec<Range<usize>>,
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
}

impl Page {
    /// The last item that has begun.
    pub(super) fn begun(&self, now_ms: f64) -> Option<usize> {
        self.items
            .partition_point(|item| real_u64(item.start_ms) <= now_ms)
            .checked_sub(1)
    }

    /// The item being spoken; a word keeps its highlight through a short gap before the next one.
    pub(super) fn active(&self, now_ms: f64) -> Option<usize> {
        let number = self.begun(now_ms)?;
        let item = self.items.get(number)?;
        let last_ms = match self.items.get(number + 1) {
            Some(next) if next.start_ms.saturating_sub(item.end_ms) <= LINGER_MS => next.start_ms,
            _ => item.end_ms,
        };
        (now_ms < real_u64(last_ms)).then_some(number)
    }
}

/// Cuts all words into pages; a scene begins at each of `scenes_ms`.
///
/// # Promises
/// Every item is on exactly one page, in order; pages do not overlap in time, and none has words of two scenes.
pub(super) fn paginate(
    fonts: &mut Fonts,
    captions: &Captions,
    sheet: &Sheet,
    scenes_ms: &[u64],
) -> Vec<Page> {
    let Set {
        items,
        measures,
        glued,
    } = Set::of(fonts, captions, sheet);
    let cut = Cut {
        items: &items,
        measures: &measures,
        width: sheet.line_width,
    };
    let mut pages = Vec::new();
    for group in groups(&items, &glued, scenes_ms) {
        let mut ranges = Vec::new();
        for sentence in cut.sentences(group) {
            let widths = measures.get(sentence.clone()).unwrap_or_default();
            let parts = balance(widths, sheet.page_width, usize::MAX)
                .unwrap_or_else(|| once(0..widths.len()).collect());
            for part in parts {
                cut.fitting(
                    &mut ranges,
                    sentence.start + part.start..sentence.start + part.end,
                );
            }
        }
        cut.lengthen(&mut ranges);
        pages.extend(ranges.into_iter().filter_map(|range| cut.page(range)));
    }
    settle_times(&mut pages);
    pages
}

/// Stretches that no caption reaches across: scenes, pauses, and a word that is cut in two.
fn groups(items: &[Item], glued: &[bool], scenes_ms: &[u64]) -> Vec<Range<usize>> {
    let scene = |item: &Item| scenes_ms.partition_point(|start_ms| *start_ms <= item.start_ms);
    let is_glued = |number: usize| glued.get(number).copied().unwrap_or_default();
    let mut ranges = Vec::new();
    let mut start = 0;
    for (number, item) in items.iter().enumerate() {
        let next = items.get(number + 1);
        let apart = next.is_none_or(|next| {
            next.start_ms.saturating_sub(item.end_ms) > PAUSE_MS
                || scene(next) != scene(item)
                || !is_glued(number + 1) && (is_glued(number) || is_glued(number + 2))
        });
        if apart {
            ranges.push(start..number + 1);
            start = number + 1;
        }
    }
    ranges
}

/// Items with their widths, and what fits.
struct Cut<'a> {
    items: &'a [Item],
    measures: &'a [Measure],
    width: f32,
}

impl Cut<'_> {
    /// The sentences of a stretch; one that is over in a blink is joined to the next.
    fn sentences(&self, group: Range<usize>) -> Vec<Range<usize>> {
        let items = self.items.get(group.clone()).unwrap_or_default();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut start = group.start;
        for (offset, end) in sentences::ends(items).into_iter().enumerate() {
            let range = start..group.start + offset + 1;
            if end && (self.shown_ms(&range) >= CUE_MS_MIN || range.end == group.end) {
                start = range.end;
                ranges.push(range);
            }
        }
        ranges
    }

    /// How long a caption is seen: until the next one when that is near.
    fn shown_ms(&self, range: &Range<usize>) -> u64 {
        let first = self.items.get(range.start).map_or(0, |item| item.start_ms);
        let last = range.end.checked_sub(1).and_then(|number| self.items.get(number));
        let linger_ms = last.map_or(0, |item| item.end_ms.saturating_add(LINGER_MS));
        let end_ms = match self.items.get(range.end) {
            Some(next) if next.start_ms <= linger_ms.saturating_add(LINGER_MS) => next.start_ms,
            _ => linger_ms,
        };
        end_ms.saturating_sub(first)
    }

    fn lines(&self, range: &Range<usize>) -> Option<Vec<Range<usize>>> {
        balance(self.measures.get(range.clone())?, self.width, LINES_MAX)
    }

    /// Adds one range, or two halves when the text does not fit on a page.
    fn fitting(&self, ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
        if self.lines(&range).is_none() && range.len() > 1 {
            let middle = range.start + range.len() / 2;
            self.fitting(ranges, range.start..middle);
            self.fitting(ranges, middle..range.end);
        } else if !range.is_empty() {
            ranges.push(range);
        }
    }

    /// Joins a caption that is over in a blink to a neighbour, or shares its neighbour's words with it.
    fn lengthen(&self, ranges: &mut Vec<Range<usize>>) {
        let mut number = 0;
        // Two captions may both be too short for their three words: enough is enough.
        let mut tries = ranges.len() * TRIES_EACH;
        while let Some(range) = ranges.get(number).cloned().filter(|_| tries > 0) {
            tries -= 1;
            let neighbours = [number.checked_sub(1), Some(number)];
            let short = self.shown_ms(&range) < CUE_MS_MIN;
            let mended = short
                && neighbours
                    .into_iter()
                    .flatten()
                    .any(|left| self.mend(ranges, left));
            // A caption that took from the one before it may have left that too short.
            number = if mended {
                number.saturating_sub(1)
            } else {
                number + 1
            };
        }
    }

    /// Puts something better in the place of a caption and the next one, if there is anything.
    fn mend(&self, ranges: &mut Vec<Range<usize>>, left: usize) -> bool {
        let pair = ranges.get(left).cloned().zip(ranges.get(left + 1).cloned());
        let better = pair.and_then(|(one, other)| self.mended(&one, &other));
        let found = better.is_some();
        if let Some(better) = better {
            ranges.splice(left..left + 2, better);
        }
        found
    }

    /// Two neighbours as one caption, or cut where the shorter one is seen longest; `None` when that mends nothing.
    fn mended(&self, one: &Range<usize>, other: &Range<usize>) -> Option<Vec<Range<usize>>> {
        let both = one.start..other.end;
        if self.lines(&both).is_some() {
            return Some(once(both).collect());
        }
        let shorter = |cut: usize| {
            let halves = [both.start..cut, cut..both.end];
            let fit = halves.iter().all(|half| self.lines(half).is_some());
            fit.then(|| halves.iter().map(|half| self.shown_ms(half)).min())
                .flatten()
        };
        let (shown_ms, cut) = (both.start + 1..both.end)
            .filter_map(|cut| Some((shorter(cut)?, cut)))
            .max_by_key(|(shown_ms, cut)| (*shown_ms, cut.abs_diff(one.end) == 0))?;
        let known_ms = self.shown_ms(one).min(self.shown_ms(other));
        (shown_ms > known_ms).then(|| vec![both.start..cut, cut..both.end])
    }

    fn page(&self, range: Range<usize>) -> Option<Page> {
        let lines = self.lines(&range);
        let items = self.items.get(range)?.to_vec();
        let (start_ms, end_ms) = (items.first()?.start_ms, items.last()?.end_ms);
        let count = items.len();
        Some(Page {
            items,
            lines: lines.unwrap_or_else(|| once(0..count).collect()),
            start_ms,
            end_ms,
        })
    }
}

/// Lets each page linger, but never into the next one.
fn settle_times(pages: &mut [Page]) {
    let starts: Vec<u64> = pages.iter().skip(1).map(|page| page.start_ms).collect();
    for (number, page) in pages.iter_mut().enumerate() {
        let linger_ms = page.end_ms.saturating_add(LINGER_MS);
        page.end_ms = match starts.get(number) {
            // A caption that vanishes for a blink before the next one flickers.
            Some(next) if *next <= linger_ms.saturating_add(LINGER_MS) => *next,
            _ => linger_ms,
        };
    }
}

/// Words as items, cut where a script has no spaces or a word is much wider than a line, with their widths.
#[derive(Default)]
struct Set {
    items: Vec<Item>,
    measures: Vec<Measure>,
    /// Whether an item is the second part of the word before it.
    glued: Vec<bool>,
}

impl Set {
    fn of(fonts: &mut Fonts, captions: &Captions, sheet: &Sheet) -> Self {
        let mut set = Self::default();
        for (number, word) in captions.words.iter().enumerate() {
            let text = fonts.drawable(word.text.trim());
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let next = captions.words.get(number + 1);
            let spaced = next.is_some_and(|next| is_spaced(text, next.text.trim(), &captions.language));
            let whole = Piece {
                text: text.to_owned(),
                spaced,
            };
            let (parts, cut) = parts(fonts, whole, (captions, sheet));
            // Some providers let words overlap; parts of one must not come after the next one has begun.
            let next_ms = next.map_or(u64::MAX, |next| next.start_ms);
            let items = timed(parts, word.start_ms..word.end_ms.min(next_ms));
            set.glued.extend((0..items.len()).map(|part| cut && part > 0));
            set.measures
                .extend(items.iter().map(|item| measure(fonts, item, sheet)));
            set.items.extend(items);
        }
        set
    }
}

/// The width of an item; what is wider than a line is set in smaller type.
fn measure(fonts: &mut Fonts, item: &Item, sheet: &Sheet) -> Measure {
    let gap = if item.spaced {
        sheet.style.size * SPACE_EM * single(real(sheet.look.spaces))
    } else {
        0.0
    };
    Measure {
        width: fonts.width(&item.text, sheet.style).min(sheet.line_width),
        gap,
    }
}

/// Whether a space stands between two words on one line.
fn is_spaced(left: &str, right: &str, language: &Language) -> bool {
    let touches = |letter: Option<char>| letter.is_some_and(is_unspaced);
    let without = language.breaking() != Breaking::Words
        && (touches(left.chars().next_back()) || touches(right.chars().next()));
    !(without || joins_without_space(left, right))
}

/// A word in the parts that a caption may be cut into, and whether it is one word that was cut in two.
fn parts(fonts: &mut Fonts, whole: Piece, (captions, sheet): (&Captions, &Sheet)) -> (Vec<Piece>, bool) {
    let (text, spaced) = (whole.text.as_str(), whole.spaced);
    if text.chars().any(is_unspaced) {
        let mut parts = if text.chars().count() > UNSPACED_CHARS_MAX {
            pieces(text, &captions.language)
        } else {
            vec![whole.clone()]
        };
        if let Some(last) = parts.last_mut() {
            last.spaced = spaced;
        }
        let mut is_wide = |part: &Piece| fonts.width(&part.text, sheet.style) > sheet.line_width;
        let parts = parts.into_iter().flat_map(|part| narrowed(part, &mut is_wide));
        return (parts.collect(), false);
    }
    if fonts.width(text, sheet.style) <= sheet.line_width * SHRINK_MAX {
        return (vec![whole], false);
    }
    let halves = halves(text, &captions.language);
    let last = halves.len().saturating_sub(1);
    let cut = last > 0;
    let parts = halves.into_iter().enumerate().map(|(number, text)| Piece {
        text,
        spaced: spaced && number == last,
    });
    (parts.collect(), cut)
}

/// Shares a word's time among its parts by their number of characters.
fn timed(parts: Vec<Piece>, span: Range<u64>) -> Vec<Item> {
    let total: usize = parts.iter().map(|part| part.text.chars().count()).sum();
    let length_ms = real_u64(span.end.saturating_sub(span.start));
    let at = |chars: usize| span.start + round_u64(length_ms * real(chars) / real(total.max(1)));
    let mut done = 0;
    parts
        .into_iter()
        .map(|part| {
            let start_ms = at(done);
            done += part.text.chars().count();
            Item {
                text: part.text,
                start_ms,
                end_ms: at(done),
                spaced: part.spaced,
            }
        })
        .collect()
}

/// The text of a line and where each of its items lies in it, in bytes.
pub(super) fn line_text(items: &[Item], language: &Language, spaces: usize) -> (String, Vec<Range<usize>>) {
    // The mark keeps a line that begins with a Latin word in the direction of its language.
    let mut text = if language.is_right_to_left() {
        String::from('\u{200f}')
    } else {
        String::new()
    };
    let mut ranges = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let start = text.len();
        text.push_str(&item.text);
        ranges.push(start..text.len());
        if item.spaced && number + 1 < items.len() {
            text.extend(repeat_n(' ', spaces));
        }
    }
    (text, ranges)
}

/// The largest distance of baselines, in em.
pub(super) const LEADING_EM_MAX: f32 = 1.5;

/// Distance of baselines: marks above and below the letters need room.
pub(super) fn leading(size: f32, language: &Language) -> f32 {
    let tall = language.is_right_to_left() || language.stacks_marks();
    if tall { size * LEADING_EM_MAX } else { size * 1.3 }
}

#[cfg(test)]
mod tests;
