//! The rules of a composition, each with the JSON path of its field.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::composition::{
    COMPOSITION_VERSION, Captions, Composition, Logo, LowerThird, Output, ProgressBar, TextBlock, Word,
};
use crate::composition::{scene_rules, sound_rules};
use crate::error::EngineError;

/// 4K; libx264 takes more, a Lambda's memory does not.
const SIDE_MAX: u32 = 4096;
/// Smaller frames cannot hold a readable caption.
const SIDE_MIN: u32 = 64;
/// What phones play back.
const FPS_MAX: u32 = 60;
/// One scene every three seconds of the longest video.
const SCENES_MAX: usize = 600;
/// The longest video of any plan.
pub(super) const DURATION_MS_MAX: u64 = 1_800_000;
/// Eleven words a second over the longest video.
const WORDS_MAX: usize = 20_000;
/// Half an hour behind the end of the longest video: a provider's slip is taken, and no sum of times overflows.
const WORD_END_MS_MAX: u64 = 2 * DURATION_MS_MAX;
/// A whole sentence of a provider that does not split them still fits.
const WORD_CHARS_MAX: usize = 200;
/// One line.
const LOWER_THIRD_CHARS_MAX: usize = 120;
/// It fades for 250 ms on either side.
const LOWER_THIRD_MS_MIN: u64 = 500;
/// Each is held as a drawing for the whole video.
const TEXTS_MAX: usize = 100;
/// More cannot be read from a frame.
const TEXT_CHARS_MAX: usize = 300;

pub(super) fn composition(composition: &Composition) -> Result<(), EngineError> {
    within(
        "version",
        composition.version,
        COMPOSITION_VERSION..=COMPOSITION_VERSION,
    )?;
    for (field, side) in [("width", composition.width), ("height", composition.height)] {
        within(field, side, SIDE_MIN..=SIDE_MAX)?;
        rule(
            side % 2 == 0,
            field,
            "must be even, because colour has half the resolution",
        )?;
    }
    within("fps", composition.fps, 1..=FPS_MAX)?;
    within("scenes.length", composition.scenes.len(), 1..=SCENES_MAX)?;
    let mut start_ms: u64 = 0;
    let mut before_ms = 0;
    for (number, scene) in composition.scenes.iter().enumerate() {
        scene_rules::scene(&format!("scenes[{number}]"), scene, start_ms, before_ms)?;
        start_ms = start_ms.saturating_add(scene.duration_ms);
        before_ms = scene.duration_ms;
    }
    within("scenes", start_ms, 1..=DURATION_MS_MAX)?;
    let fades_ms = composition.fade_in_ms.saturating_add(composition.fade_out_ms);
    rule(
        fades_ms <= start_ms,
        "fade_out_ms",
        "both fades together are longer than the video",
    )?;
    if let Some(captions) = &composition.captions {
        self::captions(captions, start_ms)?;
    }
    if let Some(lower_third) = &composition.lower_third {
        self::lower_third(lower_third, start_ms)?;
    }
    overlays(composition, start_ms)?;
    sound_rules::audio(&composition.audio, start_ms)?;
    output(&composition.output)
}

fn captions(captions: &Captions, duration_ms: u64) -> Result<(), EngineError> {
    within("captions.position_pct", captions.position_pct, 10.0..=90.0)?;
    within("captions.font_px", captions.font_px, 12.0..=200.0)?;
    within("captions.words.length", captions.words.len(), 0..=WORDS_MAX)?;
    let mut before_ms = 0;
    for (number, word) in captions.words.iter().enumerate() {
        self::word(&format!("captions.words[{number}]"), word, before_ms, duration_ms)?;
        before_ms = word.start_ms;
    }
    Ok(())
}

fn word(field: &str, word: &Word, before_ms: u64, duration_ms: u64) -> Result<(), EngineError> {
    let text = format!("{field}.text");
    within(&text, word.text.chars().count(), 1..=WORD_CHARS_MAX)?;
    rule(!word.text.trim().is_empty(), text, "must not be blank")?;
    let start = format!("{field}.start_ms");
    rule(
        word.start_ms >= before_ms,
        &start,
        "must not be before the word before it",
    )?;
    rule(
        word.start_ms < duration_ms,
        start,
        format!("must be before the end of the video, {duration_ms}"),
    )?;
    let end = format!("{field}.end_ms");
    rule(word.end_ms >= word.start_ms, &end, "must not be before start_ms")?;
    within(end, word.end_ms, 0..=WORD_END_MS_MAX)
}

fn lower_third(lower_third: &LowerThird, duration_ms: u64) -> Result<(), EngineError> {
    within(
        "lower_third.text",
        lower_third.text.chars().count(),
        1..=LOWER_THIRD_CHARS_MAX,
    )?;
    within("lower_third.position_pct", lower_third.position_pct, 5.0..=95.0)?;
    let shown_ms = lower_third.end_ms.saturating_sub(lower_third.start_ms);
    within("lower_third.end_ms", shown_ms, LOWER_THIRD_MS_MIN..=duration_ms)
}

fn overlays(composition: &Composition, duration_ms: u64) -> Result<(), EngineError> {
    within("vignette", composition.vignette, 0.0..=1.0)?;
    within("texts.length", composition.texts.len(), 0..=TEXTS_MAX)?;
    for (number, text) in composition.texts.iter().enumerate() {
        self::text(&format!("texts[{number}]"), text, duration_ms)?;
    }
    if let Some(Logo {
        path,
        corner: _,
        size_pct,
        opacity,
    }) = &composition.logo
    {
        file("logo.path", path)?;
        within("logo.size_pct", *size_pct, 3.0..=50.0)?;
        within("logo.opacity", *opacity, 0.0..=1.0)?;
    }
    if let Some(ProgressBar {
        colour: _,
        height_px,
        edge: _,
    }) = composition.progress_bar
    {
        within("progress_bar.height_px", height_px, 2.0..=60.0)?;
    }
    Ok(())
}

fn text(field: &str, block: &TextBlock, duration_ms: u64) -> Result<(), EngineError> {
    let text = format!("{field}.text");
    within(&text, block.text.chars().count(), 1..=TEXT_CHARS_MAX)?;
    rule(!block.text.trim().is_empty(), text, "must not be blank")?;
    let end = format!("{field}.end_ms");
    let shown_ms = block.end_ms.saturating_sub(block.start_ms);
    rule(
        shown_ms >= LOWER_THIRD_MS_MIN && block.start_ms < duration_ms,
        end,
        format!("must be {LOWER_THIRD_MS_MIN} ms or more after a start_ms inside of the video"),
    )?;
    for (name, value) in [("x_pct", block.x_pct), ("y_pct", block.y_pct)] {
        within(format!("{field}.{name}"), value, 0.0..=100.0)?;
    }
    within(format!("{field}.width_pct"), block.width_pct, 10.0..=100.0)?;
    within(format!("{field}.font_px"), block.font_px, 16.0..=240.0)?;
    within(format!("{field}.weight"), block.weight, 100..=900)?;
    within(format!("{field}.lines_max"), block.lines_max, 1..=8)?;
    match block.plate {
        Some(plate) => within(format!("{field}.plate.opacity"), plate.opacity, 0.0..=1.0),
        None => Ok(()),
    }
}

fn output(output: &Output) -> Result<(), EngineError> {
    within("output.crf", output.crf, 10..=40)?;
    within("output.audio_kbps", output.audio_kbps, 48..=320)
}

pub(super) fn file(field: &str, path: &Path) -> Result<(), EngineError> {
    rule(!path.as_os_str().is_empty(), field, "must name a file")
}

/// A float that is not a number is in no range, so it is refused here too.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a range literal reads best at the call"
)]
pub(super) fn within<T: PartialOrd + Display>(
    field: impl Into<String>,
    value: T,
    allowed: RangeInclusive<T>,
) -> Result<(), EngineError> {
    let (low, high) = (allowed.start(), allowed.end());
    rule(
        allowed.contains(&value),
        field,
        format!("is {value}, must be {low} to {high}"),
    )
}

#[expect(
    clippy::fn_params_excessive_bools,
    reason = "the flag is the rule itself, written out at the call"
)]
pub(super) fn rule(
    holds: bool,
    field: impl Into<String>,
    reason: impl Into<String>,
) -> Result<(), EngineError> {
    if holds {
        Ok(())
    } else {
        Err(EngineError::bad(field, reason))
    }
}
