//! A place in a text, with what stands before and behind it.

/// A place in a text; a copy looks ahead without moving the original.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan<'a> {
    chars: &'a [char],
    pub(crate) at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) const fn new(chars: &'a [char]) -> Self {
        Self { chars, at: 0 }
    }

    /// The character so many places ahead.
    pub(crate) fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at.saturating_add(ahead)).copied()
    }

    /// The characters from here on.
    pub(crate) fn ahead(&self, count: usize) -> &'a [char] {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        rest.get(..count).unwrap_or(rest)
    }

    /// The character right before.
    pub(crate) fn before(&self) -> Option<char> {
        self.at
            .checked_sub(1)
            .and_then(|place| self.chars.get(place).copied())
    }

    pub(crate) const fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    /// Takes a text when it stands here.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let mut count = 0;
        for wanted in text.chars() {
            if self.peek(count) != Some(wanted) {
                return false;
            }
            count = count.saturating_add(1);
        }
        self.skip(count);
        count > 0
    }

    /// Takes one of the characters.
    pub(crate) fn eat_one(&mut self, of: &[char]) -> Option<char> {
        let found = self.peek(0).filter(|letter| of.contains(letter))?;
        self.skip(1);
        Some(found)
    }

    /// Takes ASCII digits.
    pub(crate) fn digits(&mut self) -> String {
        self.take_while(|letter| letter.is_ascii_digit())
    }

    /// Takes characters of a kind.
    pub(crate) fn take_while(&mut self, is: fn(char) -> bool) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let taken: String = rest.iter().copied().take_while(|letter| is(*letter)).collect();
        self.skip(taken.chars().count());
        taken
    }

    /// Takes spaces on the same line; whether there were any.
    pub(crate) fn spaces(&mut self) -> bool {
        !self.take_while(is_blank).is_empty()
    }

    /// The word behind any spaces.
    pub(crate) fn word_after(mut self) -> String {
        self.spaces();
        self.take_while(char::is_alphabetic)
    }

    /// The word before any spaces and one full stop, which an abbreviation has.
    pub(crate) fn word_before(&self) -> String {
        let before = self.chars.get(..self.at).unwrap_or_default();
        let mut letters: Vec<char> = before
            .iter()
            .rev()
            .copied()
            .skip_while(|letter| is_blank(*letter))
            .take_while(|letter| letter.is_alphabetic())
            .collect();
        letters.reverse();
        letters.into_iter().collect()
    }

    /// Whether a word begins here: what stands before is no letter and no digit.
    pub(crate) fn begins_word(&self) -> bool {
        !self.before().is_some_and(char::is_alphanumeric)
    }

    /// Whether a letter of a script with spaces, or a digit, stands right before.
    pub(crate) fn inside_word(&self) -> bool {
        self.before()
            .is_some_and(|before| before.is_ascii_digit() || continues('a', before) || continues('я', before))
    }

    /// Whether a word ends here.
    pub(crate) fn ends_word(&self) -> bool {
        !self.peek(0).is_some_and(char::is_alphanumeric)
    }

    /// Whether nothing but blanks stands before on the line.
    pub(crate) fn begins_line(&self) -> bool {
        let before = self.chars.get(..self.at).unwrap_or_default();
        let last = before.iter().rev().find(|letter| !is_blank(**letter));
        last.is_none_or(|letter| *letter == '\n')
    }

    /// Where a character stands behind this place.
    pub(crate) fn find(&self, wanted: char) -> Option<usize> {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        rest.iter().position(|letter| *letter == wanted)
    }
}

/// A space, also one that does not break a line.
pub(crate) const fn is_blank(letter: char) -> bool {
    matches!(
        letter,
        ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}'
    )
}

/// Whether a sign and a letter are of the same script, so that the letter would make another word of it.
pub(crate) fn continues(sign: char, letter: char) -> bool {
    if letter.is_ascii_digit() {
        return sign.is_alphabetic();
    }
    let group = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => 1,
        '\u{400}'..='\u{52f}' => 2,
        _ => 0,
    };
    group(sign) != 0 && group(sign) == group(letter)
}
