//! What a creator asks for: keyword, tone, language, length, shape, voice and brand.
//!
//! [`SettingsDraft`] is the wire form; [`Settings`] exists only when every rule holds.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::Invalid;

mod brand;
mod change;

pub use brand::Brand;
pub use change::SettingsChange;

/// Longest keyword, in characters: a topic, not a script; providers' prompts stay far below their limits.
pub const KEYWORD_CHARS_MAX: usize = 200;
/// Shortest video in seconds: a hook, one point and a call to action still fit.
pub const DURATION_S_MIN: u32 = 5;
/// Longest video in seconds; above it a short form is no longer one, and a job must end inside its time-outs.
pub const DURATION_S_MAX: u32 = 180;
/// Length when none is asked, in seconds.
pub const DURATION_S_DEFAULT: u32 = 30;
/// Slowest and fastest speech, in hundredths of the voice's own speed.
pub const SPEED_PERCENT: (u32, u32) = (50, 200);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $field:literal { $($(#[$vdoc:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word used on the wire.
            ///
            /// # Errors
            /// [`Invalid`] with rule `unknown_value` that lists the known words.
            pub fn parse(word: &str) -> Result<Self, Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Invalid::new($field, "unknown_value", concat!("must be one of:", $(" ", $word,)+))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// How the script speaks.
    Tone, "tone" {
        /// Facts first, no jokes.
        Professional = "professional",
        /// As to a friend.
        Casual = "casual",
        /// Light, with a wink.
        Humorous = "humorous",
        /// As a good teacher.
        Educational = "educational",
    }
}

words! {
    /// The language that is written, spoken and captioned (BCP 47 primary subtag).
    Language, "language" {
        /// English, `en`.
        English = "en",
        /// Korean, `ko`.
        Korean = "ko",
        /// Chinese, simplified characters, Mandarin voice.
        Chinese = "zh",
        /// Russian, `ru`.
        Russian = "ru",
    }
}

words! {
    /// Shape of the image.
    Aspect, "aspect" {
        /// 1080 x 1920.
        Portrait = "9:16",
        /// 1920 x 1080.
        Landscape = "16:9",
        /// 1080 x 1080.
        Square = "1:1",
    }
}

words! {
    /// The look of the composed video.
    Template, "template" {
        /// Gentle moves, cross-fades, classic captions.
        Default = "default",
        /// Quick slides, large captions that pop, a progress bar.
        Bold = "bold",
        /// Slow moves, dark corners, changes out of focus.
        Cinematic = "cinematic",
    }
}

impl Template {
    /// What an absent one is.
    const fn standard() -> Self {
        Self::Default
    }

    /// The usual look is left out of what is stored and shown, so that it reads like settings from before there was
    /// another one.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
    fn is_standard(&self) -> bool {
        *self == Self::standard()
    }
}

impl Language {
    /// The first supported language of an `Accept-Language` header, by its order; English when none is.
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.trim().split(['-', ';', '_']).next())
            .find_map(|tag| Self::parse(&tag.to_ascii_lowercase()).ok())
            .unwrap_or(Self::English)
    }
}

impl Aspect {
    /// Width and height in pixels.
    pub const fn pixels(self) -> (u32, u32) {
        match self {
            Self::Portrait => (1080, 1920),
            Self::Landscape => (1920, 1080),
            Self::Square => (1080, 1080),
        }
    }
}

/// The topic of a video: normalised (NFC), trimmed, one line, 1 to [`KEYWORD_CHARS_MAX`] characters, at least one of
/// them a letter or a digit: emoji alone can be neither spoken nor drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Keyword(String);

impl Keyword {
    /// Reads a keyword as a person typed it.
    ///
    /// # Errors
    /// [`Invalid`] when it is empty, too long, holds control characters, or neither a letter nor a digit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let keyword = parse_line(text, "keyword", KEYWORD_CHARS_MAX)?;
        if keyword.chars().any(char::is_alphanumeric) {
            Ok(Self(keyword))
        } else {
            Err(Invalid::new(
                "keyword",
                "letters",
                "must have a letter or a digit",
            ))
        }
    }

    /// The keyword, normalised and trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads one line of text from a person: NFC, white space folded, no control characters.
///
/// # Errors
/// [`Invalid`] with rule `required`, `too_long` or `control_character`.
pub fn parse_line(text: &str, field: &str, chars_max: usize) -> Result<String, Invalid> {
    // Bounded before it is normalised: NFC of a megabyte is work that nobody asked for.
    if text
        .chars()
        .take(chars_max.saturating_mul(4).saturating_add(1))
        .count()
        > chars_max.saturating_mul(4)
    {
        return Err(too_long(field, chars_max));
    }
    let folded = text
        .nfc()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if folded.chars().all(is_invisible) {
        return Err(Invalid::new(field, "required", "must not be empty"));
    }
    if folded.chars().count() > chars_max {
        return Err(too_long(field, chars_max));
    }
    if folded.chars().any(|c| c.is_control() || turns_text(c)) {
        return Err(Invalid::new(
            field,
            "control_character",
            "must not hold control characters",
        ));
    }
    Ok(folded)
}

/// A character that changes the direction of the text around it (UAX 9, explicit embeddings, overrides and isolates):
/// with one, a name can be shown as another one. Right-to-left letters need none.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A character that takes no ink: a text of these alone is an empty one. Among letters they are kept, because
/// Arabic, Persian and emoji are joined by them.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{ad}'
            | '\u{115f}'..='\u{1160}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
    )
}

fn too_long(field: &str, chars_max: usize) -> Invalid {
    Invalid::new(
        field,
        "too_long",
        &format!("must have at most {chars_max} characters"),
    )
}

/// A colour as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Colour(String);

impl Colour {
    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// [`Invalid`] with rule `colour`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Invalid::new("colour", "colour", "must be #rrggbb"))
        }
    }

    /// The text, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Settings as a person sends them: words and numbers that may be wrong or absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsDraft {
    /// Topic, 1 to 200 characters; a new project must have one.
    #[schema(min_length = 1, max_length = 200, example = "How bees make honey")]
    pub keyword: Option<String>,
    /// Default `casual`.
    #[schema(value_type = Option<Tone>)]
    pub tone: Option<String>,
    /// Default from `Accept-Language`.
    #[schema(value_type = Option<Language>)]
    pub language: Option<String>,
    /// Seconds, 5 to 180; default 30.
    #[schema(minimum = 5, maximum = 180)]
    pub duration_s: Option<i64>,
    /// Default `9:16`.
    #[schema(value_type = Option<Aspect>)]
    pub aspect: Option<String>,
    /// A voice of `GET /v1/config/voices`; default the language's first.
    pub voice_id: Option<String>,
    /// Speech speed 0.5 to 2.0; default 1.0.
    #[schema(minimum = 0.5, maximum = 2.0)]
    pub speed: Option<f64>,
    /// A template of `GET /v1/config/templates` that is for narration; default `default`.
    #[schema(value_type = Option<Template>)]
    pub template: Option<String>,
    /// How the brand looks and speaks.
    pub brand: Option<Brand>,
}

/// Settings that hold every rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// Topic of the video.
    pub keyword: Keyword,
    /// Tone of the script.
    pub tone: Tone,
    /// Language of script, voice and captions.
    pub language: Language,
    /// Seconds, [`DURATION_S_MIN`] to [`DURATION_S_MAX`].
    pub duration_s: u32,
    /// Shape of the image.
    pub aspect: Aspect,
    /// Voice, or the language's default.
    pub voice_id: Option<String>,
    /// Speech speed in hundredths, 50 to 200.
    pub speed_percent: u32,
    /// Look of the composed video; absent when it is `default`.
    #[serde(default = "Template::standard", skip_serializing_if = "Template::is_standard")]
    pub template: Template,
    /// How the brand looks and speaks.
    pub brand: Brand,
}

impl Settings {
    /// Checks a draft; absent parts take their default, the language that of the request.
    ///
    /// # Errors
    /// [`Invalid`] for the first part that breaks its rule.
    pub fn parse(draft: SettingsDraft, request_language: Language) -> Result<Self, Invalid> {
        let keyword = draft
            .keyword
            .as_deref()
            .ok_or_else(|| Invalid::new("keyword", "required", "is required"))?;
        Ok(Self {
            keyword: Keyword::parse(keyword)?,
            tone: draft.tone.as_deref().map_or(Ok(Tone::Casual), Tone::parse)?,
            language: draft
                .language
                .as_deref()
                .map_or(Ok(request_language), Language::parse)?,
            duration_s: parse_duration(draft.duration_s)?,
            aspect: draft
                .aspect
                .as_deref()
                .map_or(Ok(Aspect::Portrait), Aspect::parse)?,
            voice_id: draft
                .voice_id
                .map(|id| parse_line(&id, "voice_id", 64))
                .transpose()?,
            speed_percent: draft.speed.map_or(Ok(100), parse_speed)?,
            template: draft
                .template
                .as_deref()
                .map_or(Ok(Template::standard()), Template::parse)?,
            brand: draft
                .brand
                .unwrap_or_default()
                .checked()
                .map_err(|e| e.within("brand"))?,
        })
    }

    /// Most scenes a script of this length may have: one per started five seconds and one more, 3 to 24.
    ///
    /// The hold is made for this many images; a script writer may use fewer, never more.
    pub fn scenes_max(&self) -> u32 {
        self.duration_s.div_ceil(5).saturating_add(1).clamp(3, 24)
    }
}

fn parse_duration(seconds: Option<i64>) -> Result<u32, Invalid> {
    let Some(seconds) = seconds else {
        return Ok(DURATION_S_DEFAULT);
    };
    u32::try_from(seconds)
        .ok()
        .filter(|s| (DURATION_S_MIN..=DURATION_S_MAX).contains(s))
        .ok_or_else(|| {
            let message = format!("must be {DURATION_S_MIN} to {DURATION_S_MAX} seconds");
            Invalid::new("duration_s", "range", &message)
        })
}

/// The one float of the wire: 0.5 to 2.0, kept as whole hundredths.
#[expect(
    clippy::float_arithmetic,
    reason = "a speed factor, not money; it leaves as an integer"
)]
fn parse_speed(speed: f64) -> Result<u32, Invalid> {
    let (min, max) = SPEED_PERCENT;
    (min..=max)
        .find(|percent| (f64::from(*percent) - speed * 100.0_f64).abs() <= 0.5_f64)
        .ok_or_else(|| Invalid::new("speed", "range", "must be 0.5 to 2.0"))
}

#[cfg(test)]
mod tests;
