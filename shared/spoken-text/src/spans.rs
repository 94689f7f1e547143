//! Which shown characters a spoken stretch stands for.

use std::ops::Range;

/// A stretch of the spoken text and the stretch of the shown text that it says, both in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Characters of the shown text.
    pub shown: Range<usize>,
    /// Characters of the spoken text.
    pub spoken: Range<usize>,
}

/// A text as a voice says it, with the way back to what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spoken {
    /// What the voice is given.
    pub text: String,
    /// In order of both texts; together they cover both.
    pub spans: Vec<Span>,
}

impl Spoken {
    /// The shown character that is said at a character of the spoken text.
    ///
    /// # Promises
    /// Never falls when its argument grows. Inside a stretch of other words the place is shared out by length.
    pub fn shown_at(&self, spoken: usize) -> usize {
        let after = self.spans.partition_point(|span| span.spoken.start <= spoken);
        let Some(span) = after.checked_sub(1).and_then(|index| self.spans.get(index)) else {
            return 0;
        };
        let passed = spoken.min(span.spoken.end).saturating_sub(span.spoken.start);
        let share = passed
            .saturating_mul(span.shown.len())
            .checked_div(span.spoken.len())
            .unwrap_or(0);
        span.shown.start.saturating_add(share)
    }
}

/// Collects a spoken text.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    spoken: Spoken,
    shown: usize,
    length: usize,
    /// Whether the last stretch was put in place of other characters.
    replaced: bool,
}

impl Builder {
    /// The next shown character is said as it is.
    pub(crate) fn keep(&mut self, letter: char) {
        let grows = !self.replaced;
        self.spoken.text.push(letter);
        match self.spoken.spans.last_mut() {
            Some(span) if grows => {
                span.shown.end = span.shown.end.saturating_add(1);
                span.spoken.end = span.spoken.end.saturating_add(1);
            }
            _ => self.spoken.spans.push(Span {
                shown: self.shown..self.shown.saturating_add(1),
                spoken: self.length..self.length.saturating_add(1),
            }),
        }
        self.shown = self.shown.saturating_add(1);
        self.length = self.length.saturating_add(1);
        self.replaced = false;
    }

    /// The next shown characters are said in other words, or not at all.
    ///
    /// Where the last shown word is among what is said ("$2.3 billion"), each part leads back to its own.
    pub(crate) fn put(&mut self, shown: &[char], words: &str) {
        let last = shown
            .rsplit(|letter| letter.is_whitespace())
            .next()
            .unwrap_or_default();
        let word: String = last.iter().collect();
        let split = (last.len() < shown.len() && !word.is_empty())
            .then(|| words.find(&word).and_then(|at| words.split_at_checked(at)))
            .flatten();
        match split {
            Some((head, tail)) => {
                self.stretch(shown.len().saturating_sub(last.len()), head);
                self.stretch(last.len(), tail);
            }
            None => self.stretch(shown.len(), words),
        }
    }

    fn stretch(&mut self, shown: usize, words: &str) {
        let length = words.chars().count();
        self.spoken.text.push_str(words);
        self.spoken.spans.push(Span {
            shown: self.shown..self.shown.saturating_add(shown),
            spoken: self.length..self.length.saturating_add(length),
        });
        self.shown = self.shown.saturating_add(shown);
        self.length = self.length.saturating_add(length);
        self.replaced = true;
    }

    /// The last spoken character.
    pub(crate) fn last(&self) -> Option<char> {
        self.spoken.text.chars().next_back()
    }

    /// Whether the last thing said was put in place of something else.
    pub(crate) const fn is_replaced(&self) -> bool {
        self.replaced
    }

    pub(crate) fn finish(self) -> Spoken {
        self.spoken
    }
}
