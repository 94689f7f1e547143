//! Where lines break: the pieces a text may be cut into, and the cut that gives lines of even length.

use std::ops::Range;

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;

use crate::language::{Breaking, Language};

/// A part of a text that stays on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// Whether a space stands between it and the next one on the same line.
    pub(crate) spaced: bool,
}

/// Cuts a text at every place where a line may break.
pub(crate) fn pieces(text: &str, language: &Language) -> Vec<Piece> {
    let words = word_ends(text);
    let mut pieces = Vec::new();
    let mut start = 0;
    for (end, kind) in breaks(text, &words) {
        let Some(part) = text.get(start..end) else {
            continue;
        };
        let at_space = part.ends_with(char::is_whitespace) || kind == BreakOpportunity::Mandatory;
        let at_hyphen = part.ends_with('-') || part.ends_with('–') || part.ends_with('—');
        let allowed = match language.breaking() {
            // Korean may break between any two syllables by the Unicode rules, but reads badly that way.
            Breaking::Words if !at_hyphen && part.chars().next_back().is_some_and(is_hangul) => false,
            Breaking::Words | Breaking::Characters => keeps_words(text, end, &words),
            Breaking::Phrases => ends_phrase(text, end) && keeps_words(text, end, &words),
        };
        if allowed || at_space || end == text.len() {
            let trimmed = part.trim();
            if !trimmed.is_empty() {
                pieces.push(Piece {
                    text: trimmed.to_owned(),
                    spaced: at_space,
                });
            }
            start = end;
        }
    }
    pieces
}

/// The stretches of a text that no line breaks in, spaces aside together the text: words of a script without spaces,
/// numbers with what they count.
pub fn unbroken(text: &str, language: &Language) -> Vec<String> {
    pieces(text, language)
        .into_iter()
        .map(|piece| piece.text)
        .collect()
}

/// Where the words of a text end, in bytes: by a dictionary of Chinese and Japanese, by a model of Thai.
fn word_ends(text: &str) -> Vec<usize> {
    // Latin, Cyrillic or Hangul need neither.
    if text.chars().any(is_unspaced) {
        let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
        segmenter.segment_str(text).collect()
    } else {
        Vec::new()
    }
}

/// Where a line may break by the Unicode rules, which leave Thai to those who know its words.
fn breaks(text: &str, words: &[usize]) -> Vec<(usize, BreakOpportunity)> {
    let thai = words.iter().filter(|at| is_between_thai_words(text, **at));
    let mut breaks: Vec<_> = linebreaks(text)
        .chain(thai.map(|at| (*at, BreakOpportunity::Allowed)))
        .collect();
    // Stable, so a place that both name keeps what the rules say of it.
    breaks.sort_by_key(|(at, _)| *at);
    breaks.dedup_by_key(|(at, _)| *at);
    breaks
}

fn around(text: &str, at: usize) -> Option<(char, char)> {
    let (left, right) = text.split_at_checked(at)?;
    Some((left.chars().next_back()?, right.chars().next()?))
}

fn is_between_thai_words(text: &str, at: usize) -> bool {
    // The signs of repetition and of abbreviation belong to the word before them.
    around(text, at).is_some_and(|(left, right)| {
        left.script() == Script::Thai && right.script() == Script::Thai && !matches!(right, 'ๆ' | 'ฯ')
    })
}

/// Chinese words that lean on the one before; a line that begins with one reads like a stumble.
const LEANING: [&str; 12] = [
    "的", "了", "吗", "嗎", "呢", "吧", "啊", "嘛", "们", "們", "着", "過",
];

/// Last characters of a number that is written out.
const NUMERALS: &str = "〇零一二三四五六七八九十百千万萬亿億两兩几幾半";

/// First characters of what a number in digits counts.
const COUNTERS: &str = "个個只本次天杯条條件位种種岁歲元块塊米年月日号號点點分秒倍度人克斤万萬亿億千百折层層楼樓章页頁届期步步周小回名";

/// Whether a break at this place of a text without spaces tears no word apart.
fn keeps_words(text: &str, at: usize, words: &[usize]) -> bool {
    let Some((left, right)) = around(text, at).filter(|(_, right)| is_han_or_kana(*right)) else {
        return true;
    };
    if left.is_ascii_digit() && COUNTERS.contains(right) {
        return false;
    }
    if !is_han_or_kana(left) && !left.is_ascii_digit() {
        return true;
    }
    let Ok(number) = words.binary_search(&at) else {
        return false;
    };
    let next = words.get(number + 1).and_then(|end| text.get(at..*end));
    !next.is_some_and(|word| LEANING.contains(&word) || counts(text, at, word))
}

/// Whether a word of one character is what the number before it counts.
fn counts(text: &str, at: usize, word: &str) -> bool {
    let number = text.get(..at).and_then(|before| before.chars().next_back());
    number.is_some_and(|last| NUMERALS.contains(last)) && word.chars().count() == 1
}

fn is_han_or_kana(letter: char) -> bool {
    matches!(letter.script(), Script::Han | Script::Hiragana | Script::Katakana)
}

/// Cuts a piece that is wider than a line between its words, and a word that still is into what readers see as single
/// characters.
pub(crate) fn narrowed(piece: Piece, is_wide: &mut dyn FnMut(&Piece) -> bool) -> Vec<Piece> {
    if !is_wide(&piece) {
        return vec![piece];
    }
    let mut start = 0;
    let mut words = Vec::new();
    for end in word_ends(&piece.text) {
        words.extend(piece.text.get(start..end).filter(|word| !word.is_empty()));
        start = end;
    }
    if words.len() < 2 {
        return graphemes(&piece);
    }
    let words = parts_of(&piece, &words);
    let cut = words.into_iter().flat_map(|word| {
        if is_wide(&word) {
            graphemes(&word)
        } else {
            vec![word]
        }
    });
    cut.collect()
}

fn graphemes(piece: &Piece) -> Vec<Piece> {
    parts_of(piece, &piece.text.graphemes(true).collect::<Vec<_>>())
}

/// Only the last part is followed by what follows the whole.
fn parts_of(piece: &Piece, texts: &[&str]) -> Vec<Piece> {
    let mut parts: Vec<Piece> = texts
        .iter()
        .map(|part| Piece {
            text: (*part).to_owned(),
            spaced: false,
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        last.spaced = piece.spaced;
    }
    parts
}

/// Whether two neighbouring words are written without a space between them.
pub(crate) fn joins_without_space(left: &str, right: &str) -> bool {
    let (Some(left), Some(right)) = (left.chars().next_back(), right.chars().next()) else {
        return true;
    };
    is_unspaced(left) && is_unspaced(right)
        || is_fullwidth_mark(left) && !right.is_ascii_alphanumeric()
        || is_fullwidth_mark(right)
}

/// Whether the script of a character is written without spaces between words.
pub(crate) fn is_unspaced(letter: char) -> bool {
    is_fullwidth_mark(letter)
        || matches!(
            letter.script(),
            Script::Han | Script::Hiragana | Script::Katakana | Script::Thai
        )
}

/// Whether a reader would pause at this place of a Japanese text.
fn ends_phrase(text: &str, at: usize) -> bool {
    let Some((left, right)) = around(text, at) else {
        return false;
    };
    is_fullwidth_mark(left) || left.script() == Script::Hiragana && right.script() != Script::Hiragana
}

fn is_fullwidth_mark(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{30fc}')
}

fn is_hangul(letter: char) -> bool {
    letter.script() == Script::Hangul
}

/// Widths of what goes on lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measure {
    pub(crate) width: f32,
    /// Space before the next one, when that one is on the same line.
    pub(crate) gap: f32,
}

/// Puts items on as few lines as fit, and among those ways takes the one with the most even lines.
///
/// # Promises
/// The ranges cover every item once, in order; no line is wider than `width_max`.
///
/// # Limits
/// `None` when it needs more than `lines_max` lines or one item alone is too wide.
pub(crate) fn balance(items: &[Measure], width_max: f32, lines_max: usize) -> Option<Vec<Range<usize>>> {
    let mut best: Vec<Option<Way>> = vec![None; items.len() + 1];
    if let Some(first) = best.first_mut() {
        *first = Some(Way {
            lines: 0,
            slack: 0.0,
            start: 0,
        });
    }
    for start in 0..items.len() {
        let Some(Some(way)) = best.get(start).copied() else {
            continue;
        };
        let mut width = 0.0;
        let mut gap = 0.0;
        for (end, item) in items.iter().enumerate().skip(start) {
            width += gap + item.width;
            gap = item.gap;
            if width > width_max {
                break;
            }
            let next = Way {
                lines: way.lines + 1,
                slack: way.slack + (width_max - width).powi(2),
                start,
            };
            if let Some(slot) = best.get_mut(end + 1)
                && slot.is_none_or(|known| next.is_better_than(known))
            {
                *slot = Some(next);
            }
        }
    }
    let mut lines = Vec::new();
    let mut end = items.len();
    while end > 0 {
        let way = best.get(end).copied().flatten()?;
        lines.push(way.start..end);
        end = way.start;
    }
    lines.reverse();
    (lines.len() <= lines_max).then_some(lines)
}

/// The best way found to place the items before some position.
#[derive(Clone, Copy, Debug)]
struct Way {
    lines: usize,
    /// Sum of the squared free space of its lines.
    slack: f32,
    /// Where its last line starts.
    start: usize,
}

impl Way {
    fn is_better_than(self, other: Self) -> bool {
        (self.lines, self.slack) < (other.lines, other.slack)
    }
}

#[cfg(test)]
mod tests;
