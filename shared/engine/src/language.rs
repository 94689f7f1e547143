//! The language of a text, as far as drawing needs it: direction, Han style, and where a line may break.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A BCP 47 language tag such as `en`, `ko`, `zh-TW`.
///
/// # Limits
/// At most 35 bytes of ASCII letters, digits and hyphens; unknown languages are accepted and drawn
/// left to right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(String);

/// Longest tag accepted; the longest registered ones in use are under 30.
const TAG_BYTES_MAX: usize = 35;

/// How much of a text stays together when a line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breaking {
    /// Only at spaces and after hyphens: Latin, Cyrillic, Hangul and most others.
    Words,
    /// Between any two words, which are written without spaces: Chinese.
    Characters,
    /// After a particle or an ending, that is where Hiragana meets another script: Japanese.
    Phrases,
}

impl Language {
    /// English, for texts without a stated language.
    pub fn english() -> Self {
        Self("en".into())
    }

    /// Reads a tag; `None` when it is not one.
    pub fn parse(tag: &str) -> Option<Self> {
        let well_formed = (2..=TAG_BYTES_MAX).contains(&tag.len())
            && tag.split('-').all(|part| {
                (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
            && tag.split('-').next().is_some_and(|first| {
                (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
        well_formed.then(|| Self(tag.to_ascii_lowercase()))
    }

    /// The tag in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether text runs from right to left.
    pub fn is_right_to_left(&self) -> bool {
        matches!(
            self.primary(),
            "ar" | "he" | "iw" | "fa" | "ur" | "yi" | "ps" | "ckb" | "sd" | "ug" | "dv"
        )
    }

    /// Whether marks above and below the letters need wider lines.
    pub(crate) fn stacks_marks(&self) -> bool {
        matches!(self.primary(), "th" | "hi" | "mr" | "ne" | "sa")
    }

    /// The code that an MP4 track carries; `und` for languages that this table does not hold.
    ///
    /// # Source
    /// ISO 639-2/T.
    pub(crate) fn iso_639_2(&self) -> &'static str {
        match self.primary() {
            "ar" => "ara",
            "de" => "deu",
            "en" => "eng",
            "es" => "spa",
            "fa" => "fas",
            "fr" => "fra",
            "he" | "iw" => "heb",
            "hi" => "hin",
            "id" => "ind",
            "it" => "ita",
            "ja" => "jpn",
            "ko" => "kor",
            "pl" => "pol",
            "pt" => "por",
            "ru" => "rus",
            "th" => "tha",
            "tr" => "tur",
            "uk" => "ukr",
            "ur" => "urd",
            "vi" => "vie",
            "zh" | "yue" => "zho",
            _ => "und",
        }
    }

    /// The OpenType language whose Han shapes this language reads.
    pub(crate) fn han_tag(&self) -> [u8; 4] {
        match self.primary() {
            "ja" => *b"JAN ",
            "ko" => *b"KOR ",
            _ if self.is_traditional_chinese() => *b"ZHT ",
            _ => *b"ZHS ",
        }
    }

    pub(crate) fn breaking(&self) -> Breaking {
        match self.primary() {
            "zh" | "yue" => Breaking::Characters,
            "ja" => Breaking::Phrases,
            _ => Breaking::Words,
        }
    }

    fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    fn is_traditional_chinese(&self) -> bool {
        self.primary() == "yue"
            || self
                .0
                .split('-')
                .any(|part| matches!(part, "tw" | "hk" | "mo" | "hant"))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Self::parse(&tag)
            .ok_or_else(|| de::Error::custom(format!("{tag:?} is not a language tag like \"en\"")))
    }
}

#[cfg(test)]
mod tests;
