//! A scene of a composition: what is seen, how it moves, and how it follows the one before.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::colour::Colour;
use crate::composition::defaults;

/// What is seen, and the time for which it is.
///
/// # Shape
/// In JSON exactly one of `image`, `clip` and `card` stands beside the other fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SceneDocument", into = "SceneDocument")]
pub struct Scene {
    /// What is seen, or the first of two.
    pub visual: Visual,
    /// The sum of the durations before it.
    pub start_ms: u64,
    /// At least 100 ms.
    pub duration_ms: u64,
    /// How the camera moves.
    pub motion: Motion,
    /// How it follows the scene before.
    pub transition_in: Transition,
    /// A colour over it, so that text can be read.
    pub tint: Option<Tint>,
    /// Whether it shares the frame with a second one.
    pub layout: Layout,
}

/// An image, a video, or one that is drawn here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Visual {
    /// A JPEG or PNG file; cropped to its part of the frame around its middle.
    Image(PathBuf),
    /// A video file; cropped in the same way, and heard when it has a `sound`.
    Clip(Clip),
    /// A plain or a gradient ground with up to three texts: an intro, an outro, a quotation.
    Card(Box<TitleCard>),
}

/// A part of a video file.
///
/// # Units
/// Milliseconds of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    /// The file.
    pub path: PathBuf,
    /// Where the part begins.
    #[serde(default)]
    pub from_ms: u64,
    /// Its length, at least 100; to the file's end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_ms: Option<u64>,
    /// What follows when the part ends before its scene.
    #[serde(default)]
    pub at_end: AtEnd,
    /// How its own sound is heard for as long as it is seen; it is mute when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<ClipSound>,
}

/// The sound of a [`Clip`]; a file that has none stays mute.
///
/// # Promises
/// It fades with the transitions of its scene, and repeats with the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClipSound {
    /// Against the file's own level; -60 to 12.
    pub gain_db: f64,
    /// Whether someone speaks in it: then music with ducking steps back for it as for the voice.
    pub speech: bool,
}

/// What a [`Clip`] does when it ends before its scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtEnd {
    /// Its last frame stays.
    #[default]
    Hold,
    /// It begins again.
    Loop,
}

/// Texts around the middle of a coloured ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleCard {
    /// Ground, or its upper end.
    pub top: Colour,
    /// Lower end of a gradient; plain when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foot: Option<Colour>,
    /// A rule, the quotation mark and the small line above; made readable where it is not.
    #[serde(default = "defaults::accent")]
    pub accent: Colour,
    /// How the texts are set.
    #[serde(default)]
    pub style: CardStyle,
    /// A small line above, at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The large text, at most 300 characters; without it the card is only its ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Below, at most 160 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
}

/// How the texts of a [`TitleCard`] are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CardStyle {
    /// Large and few words.
    #[default]
    Title,
    /// A sentence or two under a quotation mark, with its author.
    Quote,
}

/// A colour laid evenly over a scene.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tint {
    /// The colour.
    pub colour: Colour,
    /// 0 is nothing, 1 hides the scene.
    pub opacity: f64,
}

/// Parts of the frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Layout {
    /// One scene in the whole frame.
    #[default]
    Full,
    /// Two halves: above each other in a tall or square frame, side by side in a wide one.
    Split(Split),
    /// The second one small in a corner of the first.
    PictureInPicture(Inset),
    /// The second one behind the first: a line sweeps over the frame from right to left, with a rest in the middle.
    BeforeAfter(BeforeAfter),
}

/// See [`Layout::Split`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Below or at the right.
    pub second: Visual,
    /// The line between the two.
    #[serde(default = "defaults::white")]
    pub divider: Colour,
}

/// See [`Layout::PictureInPicture`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inset {
    /// The small one; cropped to a square.
    pub second: Visual,
    /// Where it is.
    #[serde(default)]
    pub corner: Corner,
    /// Side in percent of the frame's shorter side, 10 to 60.
    #[serde(default = "defaults::inset_size")]
    pub size_pct: f64,
    /// A disc instead of a square with round corners.
    #[serde(default)]
    pub round: bool,
    /// The line around it.
    #[serde(default = "defaults::white")]
    pub border: Colour,
}

/// See [`Layout::BeforeAfter`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeforeAfter {
    /// What the line uncovers.
    pub second: Visual,
    /// The line.
    #[serde(default = "defaults::white")]
    pub divider: Colour,
}

/// A corner of the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Corner {
    TopLeft,
    #[default]
    TopRight,
    BottomLeft,
    BottomRight,
}

/// A camera movement over the whole time a scene can be seen; in both parts of a frame that is shared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Motion {
    /// Direction.
    pub kind: MotionKind,
    /// Part of the image's size: 0.12 zooms from 1.00 to 1.12 or travels over 12 %; 0 to 0.5.
    #[serde(default = "defaults::amount")]
    pub amount: f64,
}

/// Direction of a [`Motion`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MotionKind {
    /// Towards the middle.
    ZoomIn,
    /// Away from the middle.
    ZoomOut,
    /// The camera goes left.
    PanLeft,
    /// The camera goes right.
    PanRight,
    /// The camera goes up.
    PanUp,
    /// A still image.
    #[default]
    None,
}

/// The change from the scene before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The way of the change.
    pub kind: TransitionKind,
    /// Counted from the scene's start; the scene before goes on moving for so long.
    #[serde(default)]
    pub duration_ms: u64,
    /// Where a slide or a wipe goes; the others have none.
    #[serde(default, skip_serializing_if = "Direction::is_left")]
    pub direction: Direction,
}

/// The way of a [`Transition`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransitionKind {
    /// From one frame to the next.
    #[default]
    Cut,
    /// A cross-fade.
    Fade,
    /// The new scene pushes the old one out of the frame.
    Slide,
    /// A soft edge uncovers the new scene.
    Wipe,
    /// The old scene goes out of focus, the new one comes into it.
    Blur,
}

/// Where a [`Transition`] goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Direction {
    #[default]
    Left,
    Right,
    Up,
    Down,
}

impl Direction {
    /// Every direction, for tests and galleries.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// Serde skips the usual one.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
    fn is_left(&self) -> bool {
        *self == Self::Left
    }
}

impl Scene {
    /// A scene in the whole frame that stands still and follows with a cut.
    pub fn new(visual: Visual, start_ms: u64, duration_ms: u64) -> Self {
        Self {
            visual,
            start_ms,
            duration_ms,
            motion: Motion::default(),
            transition_in: Transition::default(),
            tint: None,
            layout: Layout::Full,
        }
    }

    /// What is seen: one, or two when the frame is shared.
    pub fn visuals(&self) -> impl Iterator<Item = &Visual> {
        [Some(&self.visual), self.layout.second()].into_iter().flatten()
    }
}

impl Visual {
    /// The file it comes from; a card has none.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Image(path) => Some(path),
            Self::Clip(clip) => Some(&clip.path),
            Self::Card(_) => None,
        }
    }
}

impl Layout {
    /// The second of two.
    pub fn second(&self) -> Option<&Visual> {
        match self {
            Self::Full => None,
            Self::Split(split) => Some(&split.second),
            Self::PictureInPicture(inset) => Some(&inset.second),
            Self::BeforeAfter(pair) => Some(&pair.second),
        }
    }

    fn is_full(&self) -> bool {
        *self == Self::Full
    }
}

impl Default for Motion {
    fn default() -> Self {
        Self {
            kind: MotionKind::None,
            amount: 0.0,
        }
    }
}

/// The wire form of a [`Scene`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneDocument {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clip: Option<Clip>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    card: Option<Box<TitleCard>>,
    start_ms: u64,
    duration_ms: u64,
    #[serde(default)]
    motion: Motion,
    #[serde(default)]
    transition_in: Transition,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tint: Option<Tint>,
    #[serde(default, skip_serializing_if = "Layout::is_full")]
    layout: Layout,
}

impl TryFrom<SceneDocument> for Scene {
    type Error = &'static str;

    fn try_from(document: SceneDocument) -> Result<Self, Self::Error> {
        let visual = match (document.image, document.clip, document.card) {
            (Some(image), None, None) => Visual::Image(image),
            (None, Some(clip), None) => Visual::Clip(clip),
            (None, None, Some(card)) => Visual::Card(card),
            _ => return Err("must have exactly one of `image`, `clip` and `card`"),
        };
        Ok(Self {
            visual,
            start_ms: document.start_ms,
            duration_ms: document.duration_ms,
            motion: document.motion,
            transition_in: document.transition_in,
            tint: document.tint,
            layout: document.layout,
        })
    }
}

impl From<Scene> for SceneDocument {
    fn from(scene: Scene) -> Self {
        let (image, clip, card) = match scene.visual {
            Visual::Image(image) => (Some(image), None, None),
            Visual::Clip(clip) => (None, Some(clip), None),
            Visual::Card(card) => (None, None, Some(card)),
        };
        Self {
            image,
            clip,
            card,
            start_ms: scene.start_ms,
            duration_ms: scene.duration_ms,
            motion: scene.motion,
            transition_in: scene.transition_in,
            tint: scene.tint,
            layout: scene.layout,
        }
    }
}
