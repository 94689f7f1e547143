//! What lies over all scenes of a composition: texts, logo, progress bar, vignette.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::colour::Colour;
use crate::composition::{Corner, defaults};

/// A line of text that comes and goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LowerThird {
    /// 1 to 120 characters.
    pub text: String,
    /// When it comes.
    pub start_ms: u64,
    /// When it goes; at least 500 ms later.
    pub end_ms: u64,
    /// Height of its middle, in percent of the frame; 5 to 95.
    #[serde(default = "defaults::lower_third_position")]
    pub position_pct: f64,
}

/// A block of text at a place of the frame: a headline, a label, a ticker's line.
///
/// # Promises
/// It is set as large as asked, or smaller, so that it fits its width and its lines; it never leaves the frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextBlock {
    /// 1 to 300 characters.
    pub text: String,
    /// When it comes.
    pub start_ms: u64,
    /// When it goes; at least 500 ms later.
    pub end_ms: u64,
    /// Its middle from the left, in percent of the frame; 0 to 100.
    #[serde(default = "defaults::middle")]
    pub x_pct: f64,
    /// Its middle from the top, in percent of the frame; 0 to 100.
    #[serde(default = "defaults::middle")]
    pub y_pct: f64,
    /// Room for its lines, in percent of the frame; 10 to 100.
    #[serde(default = "defaults::text_width")]
    pub width_pct: f64,
    /// Size of the letters when the shorter side of the frame is 1080 pixels; 16 to 240.
    #[serde(default = "defaults::text_px")]
    pub font_px: f64,
    /// 100 to 900; a family without that weight gives its nearest.
    #[serde(default = "defaults::text_weight")]
    pub weight: u16,
    /// 1 to 8; a longer text is set smaller.
    #[serde(default = "defaults::text_lines")]
    pub lines_max: usize,
    /// Letters.
    #[serde(default = "defaults::white")]
    pub colour: Colour,
    /// Where lines begin.
    #[serde(default)]
    pub align: Align,
    /// A plate behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<Plate>,
    /// How it comes and goes.
    #[serde(default)]
    pub entrance: Entrance,
}

/// Where the lines of a [`TextBlock`] begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Around the middle.
    #[default]
    Centre,
    /// At the side on which the language starts.
    Start,
}

/// A plate behind a [`TextBlock`]; letters without one have a soft shadow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plate {
    /// The colour.
    pub colour: Colour,
    /// 0 to 1.
    #[serde(default = "defaults::plate_opacity")]
    pub opacity: f64,
    /// Whether it fills the room instead of hugging the text.
    #[serde(default)]
    pub full_width: bool,
}

/// How a [`TextBlock`] comes; it goes with a fade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    /// It fades in.
    #[default]
    Fade,
    /// It fades in while it rises a little.
    Rise,
    /// It is there from one frame to the next.
    Cut,
}

/// A brand's mark in a corner, inside of the captions' safe area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logo {
    /// A PNG, usually with transparency, or a JPEG.
    pub path: PathBuf,
    /// Where it is.
    #[serde(default)]
    pub corner: Corner,
    /// Its longer side in percent of the frame's shorter side; 3 to 50.
    #[serde(default = "defaults::logo_size")]
    pub size_pct: f64,
    /// 0 to 1.
    #[serde(default = "defaults::logo_opacity")]
    pub opacity: f64,
}

/// A bar along an edge that grows with the video.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgressBar {
    /// Colour of the part that has been played.
    #[serde(default = "defaults::accent")]
    pub colour: Colour,
    /// Height when the shorter side of the frame is 1080 pixels; 2 to 60.
    #[serde(default = "defaults::bar_px")]
    pub height_px: f64,
    /// Where it is.
    #[serde(default)]
    pub edge: Edge,
}

/// An edge of the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Edge {
    Top,
    #[default]
    Bottom,
}
