//! The variables of a template: their types, and whether a value is of one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::colour::Colour;
use crate::composition::Word;
use crate::language::Language;

/// What a gap of a template is filled with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The type and its limits.
    #[serde(rename = "type")]
    pub kind: VariableKind,
    /// For people.
    pub description: String,
    /// Whether it must be given.
    #[serde(default)]
    pub required: bool,
    /// What an absent one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// The type of a [`Variable`].
///
/// # Shape
/// In JSON the word alone, or the word with its limits: `"colour"`, `{"text": {"chars_max": 80}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum VariableKind {
    /// A line or a few.
    Text {
        /// Longest.
        chars_max: usize,
    },
    /// `"#rrggbb"`.
    Colour,
    /// A number in a range.
    Number {
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// One of some words.
    Choice {
        /// The words.
        options: Vec<String>,
    },
    /// A BCP 47 tag.
    Language,
    /// The name of a JPEG or PNG file.
    Image,
    /// The name of a video file.
    Video,
    /// The name of a file with sound.
    Audio,
    /// Names of video files, shown for equal parts of the time.
    Videos {
        /// Most of them.
        count_max: usize,
    },
    /// Words with their times from the start of the voice.
    Words,
    /// Images and how long each is shown: `[{"image": "a.png", "duration_ms": 4000}]`.
    Scenes,
}

/// One of [`VariableKind::Scenes`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneImage {
    image: String,
    duration_ms: u64,
}

impl VariableKind {
    /// The word that stands for it in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Colour => "colour",
            Self::Number { .. } => "number",
            Self::Choice { .. } => "choice",
            Self::Language => "language",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Videos { .. } => "videos",
            Self::Words => "words",
            Self::Scenes => "scenes",
        }
    }
}

impl Variable {
    /// Whether a value is of its type.
    ///
    /// # Errors
    /// The rule that it breaks, in words.
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        match &self.kind {
            VariableKind::Text { chars_max } => {
                let count = text(value)?.trim().chars().count();
                rule((1..=*chars_max).contains(&count), || {
                    format!("must have 1 to {chars_max} characters, has {count}")
                })
            }
            VariableKind::Colour => rule(Colour::parse(text(value)?).is_some(), || {
                "must be a colour like \"#1e90ff\"".to_owned()
            }),
            VariableKind::Language => rule(Language::parse(text(value)?).is_some(), || {
                "must be a language tag like \"en\"".to_owned()
            }),
            VariableKind::Number { min, max } => rule(
                value
                    .as_f64()
                    .is_some_and(|number| (*min..=*max).contains(&number)),
                || format!("must be a number from {min} to {max}"),
            ),
            VariableKind::Choice { options } => {
                let word = text(value)?;
                rule(options.iter().any(|option| option == word), || {
                    format!("must be one of: {}", options.join(", "))
                })
            }
            VariableKind::Image | VariableKind::Video | VariableKind::Audio => {
                rule(!text(value)?.is_empty(), || "must name a file".to_owned())
            }
            VariableKind::Videos { count_max } => {
                let files: Vec<String> = read(value)?;
                rule(
                    (1..=*count_max).contains(&files.len()) && files.iter().all(|file| !file.is_empty()),
                    || format!("must name 1 to {count_max} files"),
                )
            }
            VariableKind::Words => read::<Vec<Word>>(value).map(drop),
            VariableKind::Scenes => {
                let scenes: Vec<SceneImage> = read(value)?;
                let whole = scenes
                    .iter()
                    .all(|scene| !scene.image.is_empty() && scene.duration_ms > 0);
                rule(!scenes.is_empty() && whole, || {
                    "must be one or more images, each with a file and a duration".to_owned()
                })
            }
        }
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "must be a text".to_owned())
}

fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

#[expect(clippy::fn_params_excessive_bools, reason = "the condition is what a rule is")]
fn rule(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}
