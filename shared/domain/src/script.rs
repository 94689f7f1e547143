//! A script: typed sections with their words and their place in time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Invalid;
use crate::settings::parse_line;

/// Most sections of a script: one scene and one image each.
pub const SECTIONS_MAX: usize = 24;
/// Longest narration of one section, in characters.
pub const NARRATION_CHARS_MAX: usize = 1200;
/// Longest narration of a whole script, in characters.
///
/// The longest video at twice the usual pace, with room to spare; the times of its words must fit into a row of the
/// database, which takes 400 KB.
pub const NARRATION_CHARS_IN_ALL_MAX: usize = 6000;
/// Longest heading, in characters.
pub const HEADING_CHARS_MAX: usize = 120;

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// The first three seconds, which decide whether anyone stays.
    Hook,
    /// A numbered main point.
    Point,
    /// The end, with a call to action.
    Outro,
}

/// One scene's worth of script.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// Number of a main point, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Short title, shown on the image.
    pub heading: String,
    /// What the voice says.
    pub narration: String,
    /// What the image shows, in words.
    pub image_prompt: String,
    /// Planned start, milliseconds from the start of the video.
    pub start_ms: u32,
    /// Planned end, milliseconds; the next section starts here.
    pub end_ms: u32,
}

/// A whole script.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Title of the video.
    pub title: String,
    /// A hook, points, an outro; in order, without gaps.
    pub sections: Vec<Section>,
    /// Whether a person changed it after it was written.
    #[serde(default)]
    pub edited: bool,
}

impl Script {
    /// Number of scenes.
    pub fn scenes(&self) -> u32 {
        u32::try_from(self.sections.len()).unwrap_or(u32::MAX)
    }

    /// The section of a scene, counted from 0.
    pub fn section(&self, scene: u32) -> Option<&Section> {
        usize::try_from(scene)
            .ok()
            .and_then(|index| self.sections.get(index))
    }

    /// A script as a person edited it: checked, its texts folded, marked as edited.
    ///
    /// # Errors
    /// [`Invalid`] when there is no section or there are too many, a text is empty or too long, or times
    /// overlap, go backwards or leave a gap.
    pub fn edited(self) -> Result<Self, Invalid> {
        if self.sections.is_empty() || self.sections.len() > SECTIONS_MAX {
            let message = format!("must have 1 to {SECTIONS_MAX} entries");
            return Err(Invalid::new("sections", "count", &message).within("script"));
        }
        let title = parse_line(&self.title, "script.title", HEADING_CHARS_MAX)?;
        let mut sections = Vec::with_capacity(self.sections.len());
        let mut clock_ms = 0;
        for (index, section) in self.sections.into_iter().enumerate() {
            let section = section
                .checked(clock_ms)
                .map_err(|e| e.within(&format!("script.sections[{index}]")))?;
            clock_ms = section.end_ms;
            sections.push(section);
        }
        let spoken: usize = sections
            .iter()
            .map(|section| section.narration.chars().count())
            .sum();
        if spoken > NARRATION_CHARS_IN_ALL_MAX {
            let message =
                format!("must have at most {NARRATION_CHARS_IN_ALL_MAX} characters of narration in all");
            return Err(Invalid::new("sections", "too_long", &message).within("script"));
        }
        Ok(Self {
            title,
            sections,
            edited: true,
        })
    }
}

impl Section {
    fn checked(self, start_ms: u32) -> Result<Self, Invalid> {
        if self.start_ms != start_ms {
            return Err(Invalid::new(
                "start_ms",
                "gap",
                "must be where the section before it ends, or 0",
            ));
        }
        if self.end_ms <= self.start_ms {
            return Err(Invalid::new("end_ms", "range", "must be after start_ms"));
        }
        Ok(Self {
            heading: parse_line(&self.heading, "heading", HEADING_CHARS_MAX)?,
            narration: parse_line(&self.narration, "narration", NARRATION_CHARS_MAX)?,
            image_prompt: parse_line(&self.image_prompt, "image_prompt", NARRATION_CHARS_MAX)?,
            ..self
        })
    }
}

#[cfg(test)]
mod tests;
