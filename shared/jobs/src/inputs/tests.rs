//! What jobs need and leave.

use domain::job::StepProgress;

use super::*;
use crate::samples;

fn done(mut job: Job) -> Job {
    for progress in job.steps.values_mut() {
        *progress = StepProgress {
            state: StepState::Done,
            ..StepProgress::default()
        };
    }
    job
}

fn missing(kind: JobKind, project: &Project) -> serde_json::Value {
    let failure = inputs(kind, project).unwrap_err();
    assert_eq!(failure.code, ErrorCode::InputMissing);
    failure.details.unwrap()["missing"].clone()
}

#[test]
fn a_single_step_says_what_it_lacks() {
    let empty = samples::project();
    assert_eq!(missing(JobKind::GenerateImages, &empty), json!(["script"]));
    assert_eq!(missing(JobKind::GenerateVoice, &empty), json!(["script"]));
    assert_eq!(
        missing(JobKind::ComposeVideo, &empty),
        json!(["script", "images", "voice"])
    );
    assert_eq!(inputs(JobKind::GenerateAll, &empty).unwrap(), Outputs::default());
}

#[test]
fn results_made_for_another_number_of_scenes_do_not_count() {
    let mut project = samples::project();
    project.outputs = samples::outputs();
    project.outputs.script = Some(samples::made(samples::script(3), "longer script"));
    assert_eq!(
        missing(JobKind::ComposeVideo, &project),
        json!(["images", "voice"])
    );
}

#[test]
fn a_job_takes_only_what_it_does_not_make() {
    let mut project = samples::project();
    project.outputs = samples::outputs();
    project.outputs.video = Some(samples::video());
    assert_eq!(
        inputs(JobKind::GenerateAll, &project).unwrap(),
        Outputs::default()
    );
    let images = inputs(JobKind::GenerateImages, &project).unwrap();
    assert!(images.script.is_some() && images.images.is_empty() && images.voice.is_none());
    assert_eq!(
        inputs(JobKind::ComposeVideo, &project).unwrap(),
        samples::outputs()
    );
}

#[test]
fn a_job_is_delivered_when_each_step_is_done_and_whole() {
    let mut job = done(samples::job(JobKind::GenerateAll));
    assert!(!is_delivered(&job));
    job.outputs = samples::outputs();
    assert!(!is_delivered(&job), "no video");
    job.outputs.video = Some(samples::video());
    assert!(is_delivered(&job));
    job.outputs.images.remove(&1);
    assert!(!is_delivered(&job), "an image is missing");
    job.outputs.images.insert(1, samples::image(1));
    job.steps.insert(Step::Composition, StepProgress::default());
    assert!(!is_delivered(&job), "the check has not passed");
}

#[test]
fn a_new_script_takes_the_place_of_what_was_made_for_the_old_one() {
    let mut before = samples::outputs();
    before.video = Some(samples::video());
    let mut job = samples::job(JobKind::GenerateScript);
    job.outputs.script = Some(samples::made(samples::script(3), "new"));
    let after = delivered(before.clone(), &job);
    assert_eq!(after.script, job.outputs.script);
    assert!(after.images.is_empty() && after.voice.is_none());
    assert_eq!(after.video, before.video);
    job.outputs.script = Some(samples::made(samples::script(2), "the same words"));
    assert_eq!(delivered(before.clone(), &job).images, before.images);
}

#[test]
fn a_video_is_added_to_what_the_project_has() {
    let mut job = samples::job(JobKind::ComposeVideo);
    job.outputs.video = Some(samples::video());
    let after = delivered(samples::outputs(), &job);
    assert_eq!(
        after,
        Outputs {
            video: Some(samples::video()),
            ..samples::outputs()
        }
    );
}

#[test]
fn a_voice_is_quoted_by_the_script_that_is_there_and_not_by_settings_changed_since() {
    let mut settings = samples::settings();
    settings.duration_s = 5;
    let mut script = samples::script(24);
    for section in &mut script.sections {
        section.narration = "Bees carry nectar home and fan it until it is honey. ".repeat(20);
    }
    let known = known(
        JobKind::GenerateVoice,
        &settings,
        Some(&script),
        &BTreeMap::new(),
        None,
    );
    assert_eq!(known.scenes, Some(24));
    // 24 times 20 sentences of about four seconds.
    assert!((1500..3000).contains(&known.seconds), "{known:?}");
    // Digits are said in words, so a short text may be a long speech.
    script.sections.truncate(1);
    script.sections[0].narration = "777 ".repeat(300);
    let known = super::known(
        JobKind::GenerateVoice,
        &settings,
        Some(&script),
        &BTreeMap::new(),
        None,
    );
    assert!(known.seconds >= 400, "{known:?}");
}

#[test]
fn a_video_is_quoted_by_the_voice_that_is_there() {
    let voice = samples::voice(&[0, 90_000, 180_000], 180_000);
    let script = samples::script(2);
    let known = known(
        JobKind::ComposeVideo,
        &samples::settings(),
        Some(&script),
        &BTreeMap::new(),
        Some(&voice.value),
    );
    assert_eq!((known.scenes, known.seconds), (Some(2), 182));
}

#[test]
fn a_job_that_writes_its_own_script_is_quoted_by_its_settings() {
    let voice = samples::voice(&[0, 90_000, 180_000], 180_000);
    let script = samples::script(2);
    let known = known(
        JobKind::GenerateAll,
        &samples::settings(),
        Some(&script),
        &BTreeMap::new(),
        Some(&voice.value),
    );
    assert_eq!((known.scenes, known.seconds), (Some(2), 0));
}
