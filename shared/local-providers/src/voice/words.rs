//! Words as they are written, with the times at which they are heard.
//!
//! The engine says when some characters start; the words of a caption are cut by us, and what lies between two known
//! times is shared out by letters.

use domain::outputs::Word;
use domain::settings::Language;

use super::process::Anchor;

/// Shortest time of a word, milliseconds: a frame of 30 a second and a bit.
const WORD_MS_MIN: u32 = 40;

/// A word with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As written, with its punctuation.
    pub(super) text: String,
    /// First letter, in characters from the start of the text.
    pub(super) start: usize,
}

/// The words of a text: between spaces, and in Chinese those of a dictionary.
///
/// # Promises
/// Together, spaces aside, they are the text. Marks that stand alone go with the word before them.
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut opening = String::new();
    for (start, piece) in pieces(text, language) {
        if piece.chars().any(char::is_alphanumeric) {
            let lead = if opening.is_empty() {
                String::new()
            } else {
                format!("{opening} ")
            };
            opening.clear();
            tokens.push(Token {
                text: format!("{lead}{piece}"),
                start,
            });
        } else if let Some(last) = tokens.last_mut() {
            last.text.push(' ');
            last.text.push_str(&piece);
        } else {
            opening.push_str(&piece);
        }
    }
    if tokens.is_empty() && !opening.is_empty() {
        tokens.push(Token {
            text: opening,
            start: 0,
        });
    }
    tokens
}

/// Stretches between spaces, and in Chinese smaller ones, with the index of their first character.
fn pieces(text: &str, language: Language) -> Vec<(usize, String)> {
    if language == Language::Chinese {
        return chinese_words(text);
    }
    let mut pieces: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (index, c) in text.chars().enumerate() {
        if c.is_whitespace() {
            open = false;
            continue;
        }
        match pieces.last_mut() {
            Some((_, piece)) if open => piece.push(c),
            _ => pieces.push((index, c.to_string())),
        }
        open = true;
    }
    pieces
}

/// Cuts Chinese where a line may break: between the words of a dictionary, never in a number; a quotation begins with
/// its mark.
fn chinese_words(text: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let Some(chinese) = engine::Language::parse(Language::Chinese.as_str()) else {
        return Vec::new();
    };
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    for piece in engine::unbroken(text, &chinese) {
        while chars.get(at).is_some_and(|letter| letter.is_whitespace()) {
            at += 1;
        }
        let mut fresh = true;
        for letter in piece.chars() {
            match words.last_mut() {
                Some((_, word)) if !fresh && (!is_opening(letter) || word.ends_with(is_opening)) => {
                    word.push(letter);
                }
                _ => words.push((at, letter.to_string())),
            }
            fresh = false;
            at += 1;
        }
    }
    words
}

fn is_opening(letter: char) -> bool {
    matches!(letter, '“' | '‘' | '《' | '（' | '「' | '『')
}

/// When the words of a text are heard that sounds from `from_ms` to `to_ms`.
///
/// # Promises
/// In order, without overlap, inside the two times; a word lasts until the next one begins.
pub(super) fn timed(
    text: &str,
    tokens: Vec<Token>,
    anchors: &[Anchor],
    (from_ms, to_ms): (u32, u32),
    scene: u32,
) -> Vec<Word> {
    let clock = Clock::new(text, anchors, from_ms, to_ms);
    let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX).max(1);
    let least = WORD_MS_MIN.min(to_ms.saturating_sub(from_ms) / count).max(1);
    let mut starts: Vec<u32> = Vec::with_capacity(tokens.len());
    for token in &tokens {
        let earliest = starts
            .last()
            .map_or(from_ms, |before| before.saturating_add(least));
        starts.push(clock.at(token.start).max(earliest));
    }
    let mut latest = to_ms;
    for start in starts.iter_mut().rev() {
        latest = latest.saturating_sub(least);
        *start = (*start).min(latest);
        latest = *start;
    }
    let ends: Vec<u32> = starts.iter().skip(1).copied().chain([to_ms]).collect();
    let times = starts.into_iter().zip(ends);
    tokens
        .into_iter()
        .zip(times)
        .map(|(token, (start_ms, end_ms))| Word {
            text: token.text,
            start_ms,
            end_ms,
            scene,
        })
        .collect()
}

/// Time by character: exact where the engine said, shared out by letters between.
struct Clock {
    /// Letters before each character; one entry more than there are characters.
    letters: Vec<u32>,
    /// In order of both character and time.
    anchors: Vec<Anchor>,
}

impl Clock {
    fn new(text: &str, said: &[Anchor], from_ms: u32, to_ms: u32) -> Self {
        let mut letters = vec![0_u32];
        for c in text.chars() {
            let so_far = letters.last().copied().unwrap_or(0);
            letters.push(so_far.saturating_add(u32::from(c.is_alphanumeric())));
        }
        let mut anchors = vec![Anchor {
            character: 0,
            at_ms: from_ms,
        }];
        for anchor in said {
            let in_order = anchors.last().is_some_and(|last| {
                (anchor.character > last.character || last.character == 0) && anchor.at_ms >= last.at_ms
            });
            if in_order && anchor.at_ms < to_ms && anchor.character < letters.len() {
                anchors.push(*anchor);
            }
        }
        anchors.push(Anchor {
            character: letters.len().saturating_sub(1),
            at_ms: to_ms,
        });
        Self { letters, anchors }
    }

    fn at(&self, character: usize) -> u32 {
        let letters = |index: usize| self.letters.get(index).copied().unwrap_or(0);
        let after = self
            .anchors
            .partition_point(|anchor| anchor.character <= character);
        let Some(low) = after.checked_sub(1).and_then(|index| self.anchors.get(index)) else {
            return 0;
        };
        let Some(high) = self.anchors.get(after) else {
            return low.at_ms;
        };
        let span = high.at_ms.saturating_sub(low.at_ms);
        let all = letters(high.character).saturating_sub(letters(low.character));
        let passed = letters(character).saturating_sub(letters(low.character));
        let share = span.saturating_mul(passed).checked_div(all).unwrap_or(0);
        low.at_ms.saturating_add(share)
    }
}

#[cfg(test)]
mod tests;
