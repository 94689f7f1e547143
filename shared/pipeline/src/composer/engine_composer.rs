//! The real composer: our own engine, with its blocking work on a thread of its own.

use std::path::{Path, PathBuf};

use domain::ports::Work;
use domain::settings::Colour;
use domain::{ErrorCode, Failure};
use engine::{
    Audio, CaptionColours, CaptionPreset, Captions, Composition, EngineError, Expectation, Language, Scene,
    Tools, Transition, TransitionKind, Visual, Word,
};
use ledger::VIDEO_VENDOR;
use tokio::task;

use crate::composer::{Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, scene_file};
use crate::plan::{MOTION_PERCENT, Motion, VideoPlan};

/// Raised when the same plan should look or sound different: stored videos then no longer count.
const VERSION: &str = "engine-1";
/// Frames per second.
const FPS: u32 = 30;
/// To black at the end, milliseconds; at the start there is none: the first frame has to hold a viewer.
const FADE_OUT_MS: u64 = 500;
/// Middle of the captions, percent of the height, and their size; the product's defaults.
const CAPTION_POSITION_PERCENT: f64 = 75.0;
const CAPTION_FONT_PX: f64 = 48.0;
/// Longest text that the engine takes as one word.
const WORD_CHARS_MAX: usize = 200;
/// What a brand colour needs against the captions' dark outline to be read (WCAG AA for large text).
const CONTRAST_MIN: f64 = 3.0;

/// Composes with `engine`.
#[derive(Debug, Clone)]
pub struct EngineComposer {
    tools: Tools,
}

impl EngineComposer {
    /// A composer over the tools at these paths; whether they are there is found at the first use.
    pub fn new(ffmpeg: PathBuf, fonts_dir: PathBuf) -> Self {
        Self {
            tools: Tools { ffmpeg, fonts_dir },
        }
    }
}

impl Composer for EngineComposer {
    fn vendor(&self) -> &str {
        VIDEO_VENDOR
    }

    fn version(&self) -> &str {
        VERSION
    }

    fn render<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Rendered, Failure>> {
        let tools = self.tools.clone();
        let composition = composition(plan, folder);
        let (video, thumbnail) = (folder.join(VIDEO_FILE), folder.join(THUMBNAIL_FILE));
        Box::pin(async move {
            let report = blocking(move || {
                let report = engine::compose(&tools, &composition, &video, &mut drop)?;
                engine::thumbnail(&tools, &video, &thumbnail)?;
                Ok(report)
            })
            .await?;
            tracing::info!(
                video.frames = report.frames,
                video.size_bytes = report.size_bytes,
                stages.audio_ms = report.stages.audio_ms,
                stages.captions_ms = report.stages.captions_ms,
                stages.frames_ms = report.stages.frames_ms,
                stages.draw_ms = report.stages.draw_ms,
                stages.measure_ms = report.stages.measure_ms,
                "the video is composed"
            );
            Ok(Rendered {
                duration_ms: u32::try_from(report.duration_ms).unwrap_or(u32::MAX),
                loudness_centi_lufs: report
                    .loudness
                    .map_or(0, |loudness| centi(loudness.integrated_lufs)),
            })
        })
    }

    fn check<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Vec<Finding>, Failure>> {
        let tools = self.tools.clone();
        let composition = composition(plan, folder);
        let (video, thumbnail) = (folder.join(VIDEO_FILE), folder.join(THUMBNAIL_FILE));
        Box::pin(async move {
            let report = blocking(move || {
                let wanted = Expectation::of(&composition).with_thumbnail(&thumbnail);
                engine::check(&tools, &video, &wanted)
            })
            .await?;
            Ok(report.findings.into_iter().map(finding).collect())
        })
    }
}

fn finding(finding: engine::Finding) -> Finding {
    Finding {
        code: finding.code.to_owned(),
        ok: finding.ok,
        measured: finding.measured,
        wanted: finding.wanted,
    }
}

/// Runs the engine beside the event loop; a panic in it is its failure and not the sandbox's.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, Failure> {
    match task::spawn_blocking(work).await {
        Ok(outcome) => outcome.map_err(failed),
        Err(panicked) => Err(Failure::new(ErrorCode::RenderEngineFailed).because(panicked)),
    }
}

fn failed(cause: EngineError) -> Failure {
    Failure::new(ErrorCode::RenderEngineFailed).because(cause)
}

/// The engine's document of a plan, with the files where a step puts them.
fn composition(plan: &VideoPlan, folder: &Path) -> Composition {
    let (width, height) = plan.aspect.pixels();
    let duration_ms = u64::from(plan.duration_ms());
    let captions = captions(plan, duration_ms);
    Composition {
        fps: FPS,
        audio: Audio {
            voice: Some(folder.join(VOICE_FILE)),
            ..Audio::default()
        },
        fade_out_ms: FADE_OUT_MS.min(duration_ms / 2),
        ..Composition::of_scenes((width, height), scenes(plan, folder), captions)
    }
}

fn scenes(plan: &VideoPlan, folder: &Path) -> Vec<Scene> {
    plan.scenes
        .iter()
        .enumerate()
        .map(|(index, scene)| Scene {
            motion: motion(scene.motion),
            transition_in: transition(scene.fade_in_ms),
            ..Scene::new(
                Visual::Image(folder.join(scene_file(index))),
                u64::from(scene.start_ms),
                u64::from(scene.duration_ms),
            )
        })
        .collect()
}

fn motion(motion: Motion) -> engine::Motion {
    let kind = match motion {
        Motion::ZoomIn => engine::MotionKind::ZoomIn,
        Motion::ZoomOut => engine::MotionKind::ZoomOut,
        Motion::PanLeft => engine::MotionKind::PanLeft,
        Motion::PanRight => engine::MotionKind::PanRight,
    };
    engine::Motion {
        kind,
        amount: f64::from(MOTION_PERCENT) / 100.0,
    }
}

fn transition(fade_in_ms: u32) -> Transition {
    if fade_in_ms == 0 {
        return Transition::default();
    }
    Transition {
        kind: TransitionKind::Fade,
        duration_ms: u64::from(fade_in_ms),
        ..Transition::default()
    }
}

/// Captions of the voice's words, in the order of time; a voice without words has none.
fn captions(plan: &VideoPlan, duration_ms: u64) -> Option<Captions> {
    let mut words: Vec<Word> = plan
        .words
        .iter()
        .map(|word| Word {
            text: word.text.trim().chars().take(WORD_CHARS_MAX).collect(),
            start_ms: u64::from(word.start_ms),
            end_ms: u64::from(word.end_ms.max(word.start_ms)),
        })
        .filter(|word| !word.text.is_empty() && word.start_ms < duration_ms)
        .collect();
    words.sort_by_key(|word| word.start_ms);
    let language = Language::parse(plan.language.as_str()).unwrap_or_else(Language::english);
    (!words.is_empty()).then(|| Captions {
        preset: CaptionPreset::Classic,
        position_pct: CAPTION_POSITION_PERCENT,
        font_px: CAPTION_FONT_PX,
        colours: caption_colours(&plan.colours),
        ..Captions::new(language, words)
    })
}

/// The spoken word in the first brand colour that can be read on the dark outline.
fn caption_colours(brand: &[Colour]) -> CaptionColours {
    let standard = CaptionColours::default();
    let active = brand
        .iter()
        .filter_map(|colour| engine::Colour::parse(colour.as_str()))
        .find(|colour| colour.contrast(standard.outline) >= CONTRAST_MIN);
    CaptionColours {
        active: active.unwrap_or(standard.active),
        ..standard
    }
}

/// Hundredths, rounded.
fn centi(value: f64) -> i32 {
    // Through text: the workspace allows no `as`, and there is no other way from a float to an integer.
    format!("{:.0}", value * 100.0).parse().unwrap_or(0)
}

#[cfg(test)]
mod tests;
