//! The rules of a scene, each with the JSON path of its field.

use crate::composition::validate::{DURATION_MS_MAX, file, rule, within};
use crate::composition::{
    Direction, Layout, MotionKind, Scene, TitleCard, Transition, TransitionKind, Visual,
};
use crate::error::EngineError;

/// Shorter images are flicker.
const SCENE_MS_MIN: u64 = 100;
/// Beyond this a bilinear zoom shows its softness.
const AMOUNT_MAX: f64 = 0.5;
/// A day: far behind the end of anything that is uploaded.
const CLIP_MS_MAX: u64 = 86_400_000;
/// A name, a topic.
const LABEL_CHARS_MAX: usize = 60;
/// A quotation that can be read in the time of a scene.
const TITLE_CHARS_MAX: usize = 300;
/// A sentence.
const SUBTITLE_CHARS_MAX: usize = 160;

/// `start_ms` is where it must start, `before_ms` the length of the scene before, 0 for the first.
pub(super) fn scene(field: &str, scene: &Scene, start_ms: u64, before_ms: u64) -> Result<(), EngineError> {
    visual(field, &scene.visual)?;
    layout(field, &scene.layout)?;
    rule(
        scene.start_ms == start_ms,
        format!("{field}.start_ms"),
        format!("must be {start_ms}, where the scene before ends"),
    )?;
    within(
        format!("{field}.duration_ms"),
        scene.duration_ms,
        SCENE_MS_MIN..=DURATION_MS_MAX,
    )?;
    let amount = format!("{field}.motion.amount");
    within(&amount, scene.motion.amount, 0.0..=AMOUNT_MAX)?;
    let moves = scene.motion.kind != MotionKind::None;
    rule(
        !moves || scene.motion.amount > 0.0,
        amount,
        "must be above 0 for a motion",
    )?;
    if let Some(tint) = scene.tint {
        within(format!("{field}.tint.opacity"), tint.opacity, 0.0..=1.0)?;
    }
    transition(
        &format!("{field}.transition_in"),
        scene.transition_in,
        (scene.duration_ms, before_ms),
    )
}

fn transition(
    field: &str,
    transition: Transition,
    (own_ms, before_ms): (u64, u64),
) -> Result<(), EngineError> {
    let directed = matches!(transition.kind, TransitionKind::Slide | TransitionKind::Wipe);
    rule(
        directed || transition.direction == Direction::Left,
        format!("{field}.direction"),
        "only a slide or a wipe has a direction",
    )?;
    let field = format!("{field}.duration_ms");
    if transition.kind == TransitionKind::Cut {
        return rule(transition.duration_ms == 0, field, "a cut takes no time");
    }
    rule(
        transition.duration_ms > 0,
        &field,
        "must be above 0 for all but a cut",
    )?;
    rule(
        before_ms > 0,
        &field,
        "the first scene has none to come from; use fade_in_ms",
    )?;
    let longest_ms = own_ms.min(before_ms);
    rule(
        transition.duration_ms <= longest_ms,
        &field,
        format!("must be at most {longest_ms}, the shorter scene"),
    )
}

fn layout(field: &str, layout: &Layout) -> Result<(), EngineError> {
    let (name, second) = match layout {
        Layout::Full => return Ok(()),
        Layout::Split(split) => ("split", &split.second),
        Layout::PictureInPicture(inset) => {
            let size = format!("{field}.layout.picture_in_picture.size_pct");
            within(size, inset.size_pct, 10.0..=60.0)?;
            ("picture_in_picture", &inset.second)
        }
        Layout::BeforeAfter(pair) => ("before_after", &pair.second),
    };
    visual(&format!("{field}.layout.{name}.second"), second)
}

fn visual(field: &str, visual: &Visual) -> Result<(), EngineError> {
    match visual {
        Visual::Image(path) => file(&format!("{field}.image"), path),
        Visual::Clip(clip) => {
            file(&format!("{field}.clip.path"), &clip.path)?;
            within(format!("{field}.clip.from_ms"), clip.from_ms, 0..=CLIP_MS_MAX)?;
            if let Some(sound) = clip.sound {
                within(format!("{field}.clip.sound.gain_db"), sound.gain_db, -60.0..=12.0)?;
            }
            let length_ms = clip.length_ms.unwrap_or(SCENE_MS_MIN);
            within(
                format!("{field}.clip.length_ms"),
                length_ms,
                SCENE_MS_MIN..=CLIP_MS_MAX,
            )
        }
        Visual::Card(card) => self::card(&format!("{field}.card"), card),
    }
}

fn card(field: &str, card: &TitleCard) -> Result<(), EngineError> {
    let texts = [
        ("label", &card.label, LABEL_CHARS_MAX),
        ("title", &card.title, TITLE_CHARS_MAX),
        ("subtitle", &card.subtitle, SUBTITLE_CHARS_MAX),
    ];
    for (name, text, chars_max) in texts {
        let count = text.as_deref().unwrap_or_default().chars().count();
        within(format!("{field}.{name}"), count, 0..=chars_max)?;
    }
    Ok(())
}
