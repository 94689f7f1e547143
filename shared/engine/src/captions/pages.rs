//! Cuts a stream of timed words into captions of at most two even lines.

use std::iter::{once, repeat_n};
use std::ops::Range;

use serde::Serialize;

use crate::captions::Sheet;
use crate::composition::Captions;
use crate::fonts::Fonts;
use crate::language::Language;
use crate::lines::{Measure, Piece, balance, is_unspaced, joins_without_space, narrowed, pieces};
use crate::number::{real, real_u64, round_u64, single};

/// More than two lines cover the image.
pub(super) const LINES_MAX: usize = 2;
/// A pause this long ends a caption.
const PAUSE_MS: u64 = 700;
/// A caption stays so long after its last word, unless the next one comes.
const LINGER_MS: u64 = 350;
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

/// Cuts all words into pages.
///
/// # Promises
/// Every item is on exactly one page, in order; pages do not overlap in time.
pub(super) fn paginate(fonts: &mut Fonts, captions: &Captions, sheet: &Sheet) -> Vec<Page> {
    let (items, measures) = measured_items(fonts, captions, sheet);
    let mut pages = Vec::new();
    for sentence in sentences(&items) {
        let widths = measures.get(sentence.clone()).unwrap_or_default();
        let parts =
            balance(widths, sheet.page_width, usize::MAX).unwrap_or_else(|| once(0..widths.len()).collect());
        for part in parts {
            let whole = sentence.start + part.start..sentence.start + part.end;
            add_pages(&mut pages, &items, &measures, (whole, sheet.line_width));
        }
    }
    settle_times(&mut pages);
    pages
}

/// Adds one page, or two halves when the text does not fit on it.
fn add_pages(
    pages: &mut Vec<Page>,
    items: &[Item],
    measures: &[Measure],
    (range, width): (Range<usize>, f32),
) {
    let own = measures.get(range.clone()).unwrap_or_default();
    let lines = balance(own, width, LINES_MAX);
    let middle = range.start + own.len() / 2;
    if lines.is_none() && own.len() > 1 {
        add_pages(pages, items, measures, (range.start..middle, width));
        add_pages(pages, items, measures, (middle..range.end, width));
        return;
    }
    let items = items.get(range).unwrap_or_default().to_vec();
    if let (Some(first), Some(last)) = (items.first(), items.last()) {
        let (start_ms, end_ms) = (first.start_ms, last.end_ms);
        let count = items.len();
        pages.push(Page {
            items,
            lines: lines.unwrap_or_else(|| once(0..count).collect()),
            start_ms,
            end_ms,
        });
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

fn sentences(items: &[Item]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (number, item) in items.iter().enumerate() {
        let pause_ms = items
            .get(number + 1)
            .map(|next| next.start_ms.saturating_sub(item.end_ms));
        if pause_ms.is_none_or(|pause_ms| pause_ms > PAUSE_MS) || ends_sentence(&item.text) {
            ranges.push(start..number + 1);
            start = number + 1;
        }
    }
    ranges
}

fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '\'', '”', '’', ')', '»', '」', '』', '）']);
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', '۔'])
}

/// Words as items, cut where a script has no spaces or a word is wider than a line, with their widths.
fn measured_items(fonts: &mut Fonts, captions: &Captions, sheet: &Sheet) -> (Vec<Item>, Vec<Measure>) {
    let mut items = Vec::new();
    let mut measures = Vec::new();
    for (number, word) in captions.words.iter().enumerate() {
        let text = fonts.drawable(word.text.trim());
        if text.trim().is_empty() {
            continue;
        }
        let spaced = captions
            .words
            .get(number + 1)
            .is_some_and(|next| !joins_without_space(&text, next.text.trim()));
        let sentence = text.chars().count() > UNSPACED_CHARS_MAX;
        let mut parts = if sentence && text.chars().any(is_unspaced) {
            pieces(&text, &captions.language)
        } else {
            vec![Piece { text, spaced }]
        };
        if let Some(last) = parts.last_mut() {
            last.spaced = spaced;
        }
        let mut is_wide = |part: &Piece| fonts.width(&part.text, sheet.style) > sheet.line_width;
        let parts: Vec<Piece> = parts
            .into_iter()
            .flat_map(|part| narrowed(part, &mut is_wide))
            .collect();
        // Some providers let words overlap; parts of one must not come after the next one has begun.
        let next_ms = captions
            .words
            .get(number + 1)
            .map_or(u64::MAX, |next| next.start_ms);
        for item in timed(parts, word.start_ms..word.end_ms.min(next_ms)) {
            let gap = if item.spaced {
                sheet.style.size * SPACE_EM * single(real(sheet.look.spaces))
            } else {
                0.0
            };
            measures.push(Measure {
                width: fonts.width(&item.text, sheet.style),
                gap,
            });
            items.push(item);
        }
    }
    (items, measures)
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
