//! The outputs that a job starts from, and whether it has delivered all that was asked.

use std::collections::BTreeMap;

use domain::job::{JobKind, Step, StepState};
use domain::outputs::{Image, Outputs, Produced, VoiceTrack};
use domain::project::Project;
use domain::script::Script;
use domain::settings::Settings;
use domain::{ErrorCode, Failure, Job};
use ledger::{Known, Likely};
use providers::{VoiceBrief, pace};
use serde_json::json;

use crate::plan::{SCENE_MS_MIN, TAIL_MS};

/// A voice track may be longer than planned by this part of the plan: 1/4, several times the measured error.
const PLAN_MARGIN: u32 = 4;

/// The steps whose results a job of this kind works from.
pub const fn needs(kind: JobKind) -> &'static [Step] {
    match kind {
        JobKind::GenerateAll | JobKind::GenerateScript => &[],
        JobKind::GenerateImages | JobKind::GenerateVoice => &[Step::Script],
        JobKind::ComposeVideo => &[Step::Script, Step::Images, Step::Voice],
    }
}

/// The project's outputs that a job of this kind uses without making them again.
///
/// # Errors
/// `input_missing` with `details.missing`: the names of the steps to run first.
pub fn inputs(kind: JobKind, project: &Project) -> Result<Outputs, Failure> {
    let have = &project.outputs;
    let needs = needs(kind);
    let script = have.script.as_ref().map(|made| &made.value);
    let missing: Vec<&str> = needs
        .iter()
        .filter(|step| !has(have, script, **step))
        .map(|step| step.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(Failure::new(ErrorCode::InputMissing).with_details(json!({ "missing": missing })));
    }
    let takes = |step: Step| needs.contains(&step);
    // A new script has other scenes, so the customer's own images are used only when the script stays.
    let keeps_own = kind.runs(Step::Images) && takes(Step::Script);
    Ok(Outputs {
        script: have.script.clone().filter(|_| takes(Step::Script)),
        images: have
            .images
            .clone()
            .into_iter()
            .filter(|(_, made)| takes(Step::Images) || keeps_own && made.is_customers())
            .collect(),
        voice: have.voice.clone().filter(|_| takes(Step::Voice)),
        video: None,
    })
}

/// Number of scenes for which the customer has uploaded an image that a job of this kind uses.
fn own_images(kind: JobKind, images: &BTreeMap<u32, Produced<Image>>, script: Option<&Script>) -> u32 {
    let scenes = script.map_or(0, Script::scenes);
    if !kind.runs(Step::Images) || kind.runs(Step::Script) {
        return 0;
    }
    let own = images.range(..scenes).filter(|(_, made)| made.is_customers());
    u32::try_from(own.count()).unwrap_or(u32::MAX)
}

/// What a quote may rely on: the script, the customer's own images and the voice track that the project has.
///
/// # Promises
/// A job that writes its own script is quoted by its settings alone: the script was written for them.
pub fn known(
    kind: JobKind,
    settings: &Settings,
    script: Option<&Script>,
    images: &BTreeMap<u32, Produced<Image>>,
    voice: Option<&VoiceTrack>,
) -> Known {
    let scenes = script.map(Script::scenes);
    let ms = match (script, voice) {
        _ if kind.runs(Step::Script) => 0,
        (Some(script), _) if kind.runs(Step::Voice) => {
            let planned = VoiceBrief::of(settings, script).planned_ms();
            planned.saturating_add(planned / PLAN_MARGIN)
        }
        (_, Some(voice)) => voice
            .duration_ms
            .saturating_add(TAIL_MS)
            .saturating_add(scenes.unwrap_or(0).saturating_mul(SCENE_MS_MIN)),
        _ => 0,
    };
    Known {
        scenes,
        own_images: own_images(kind, images, script),
        seconds: ms.div_ceil(1000),
        likely: likely(kind, settings, script, voice),
    }
}

/// What the work will likely come to, by the same plans as its hold, without their margins.
fn likely(kind: JobKind, settings: &Settings, script: Option<&Script>, voice: Option<&VoiceTrack>) -> Likely {
    let started = |ms: u32| Some(ms.div_ceil(1000));
    match (script, voice) {
        _ if kind.runs(Step::Script) => {
            let video_ms = settings.duration_s.saturating_mul(1000);
            Likely {
                scenes: Some(pace::likely_scenes(settings)),
                voice_s: started(video_ms.saturating_sub(TAIL_MS)),
                video_s: started(video_ms),
            }
        }
        (Some(script), _) if kind.runs(Step::Voice) => {
            let brief = VoiceBrief::of(settings, script);
            let planned_ms = brief.planned_ms();
            Likely {
                voice_s: started(brief.length_ms_max.map_or(planned_ms, |max| max.min(planned_ms))),
                ..Likely::default()
            }
        }
        (_, Some(voice)) => {
            let end_ms = voice.scene_marks_ms.last().copied().unwrap_or_default();
            Likely {
                video_s: started(end_ms.max(voice.duration_ms).saturating_add(TAIL_MS)),
                ..Likely::default()
            }
        }
        _ => Likely::default(),
    }
}

/// Whether the outputs hold a step's whole result for this script.
pub fn has(outputs: &Outputs, script: Option<&Script>, step: Step) -> bool {
    let scenes = script.map_or(0, Script::scenes);
    match step {
        Step::Script => outputs.script.is_some(),
        Step::Images => scenes > 0 && (0..scenes).all(|scene| outputs.images.contains_key(&scene)),
        Step::Voice => outputs
            .voice
            .as_ref()
            .is_some_and(|made| fits(&made.value, scenes)),
        Step::Composition => outputs.video.is_some(),
    }
}

/// Whether the track was made for so many scenes; with another number it was made for another script.
fn fits(voice: &VoiceTrack, scenes: u32) -> bool {
    scenes > 0 && u32::try_from(voice.scene_marks_ms.len()).ok() == scenes.checked_add(1)
}

/// Whether every step of the job's kind is done and has its whole result; the composition is done once its check passed.
pub fn is_delivered(job: &Job) -> bool {
    job.kind.steps().iter().all(|step| {
        let done = job
            .steps
            .get(step)
            .is_some_and(|progress| progress.state == StepState::Done);
        done && has(&job.outputs, job.script(), *step)
    })
}

/// The project's results once the job has delivered its own.
///
/// # Promises
/// A new script removes the images and the voice track that were made for the old one; the finished video stays until
/// there is a new one.
pub fn delivered(project: Outputs, job: &Job) -> Outputs {
    let made = &job.outputs;
    let text = |outputs: &Outputs| outputs.script.as_ref().map(|script| script.value.clone());
    let rewritten = made.script.is_some() && text(&project) != text(made);
    let mut result = project;
    if rewritten {
        result.images.clear();
        result.voice = None;
    }
    if job.kind.runs(Step::Images) {
        result.images.clone_from(&made.images);
    }
    result.script = made.script.clone().or(result.script);
    result.voice = made.voice.clone().or(result.voice);
    result.video = made.video.clone().or(result.video);
    result
}

#[cfg(test)]
mod tests;
