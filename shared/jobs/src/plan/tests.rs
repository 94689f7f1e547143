//! Plans of videos.

use domain::job::JobKind;

use super::*;
use crate::samples;

fn plan(marks_ms: &[u32], voice_ms: u32) -> VideoPlan {
    let mut job = samples::job(JobKind::GenerateAll);
    let scenes = u32::try_from(marks_ms.len() - 1).unwrap();
    job.outputs.script = Some(samples::made(samples::script(scenes), "script"));
    job.outputs.images = (0..scenes).map(|scene| (scene, samples::image(scene))).collect();
    job.outputs.voice = Some(samples::voice(marks_ms, voice_ms));
    VideoPlan::of(&job).unwrap()
}

#[test]
fn scenes_follow_the_voice_without_a_gap_and_the_last_one_stays_a_moment() {
    let plan = plan(&[0, 2100, 4000], 4000);
    let spans: Vec<(u32, u32)> = plan.scenes.iter().map(|s| (s.start_ms, s.duration_ms)).collect();
    assert_eq!(spans, [(0, 2100), (2100, 1900 + TAIL_MS)]);
    assert_eq!(plan.duration_ms(), 4000 + TAIL_MS);
}

#[test]
fn the_first_image_is_there_while_the_voice_takes_a_breath() {
    let plan = plan(&[250, 2000, 4000], 4000);
    assert_eq!(plan.scenes[0].start_ms, 0);
    assert_eq!(plan.scenes[0].duration_ms, 2000);
}

#[test]
fn a_scene_too_short_to_be_seen_is_stretched() {
    let plan = plan(&[0, 1000, 1000, 1050], 1050);
    assert!(
        plan.scenes.iter().all(|scene| scene.duration_ms >= SCENE_MS_MIN),
        "{:?}",
        plan.scenes
    );
    for pair in plan.scenes.windows(2) {
        assert_eq!(pair[0].start_ms + pair[0].duration_ms, pair[1].start_ms);
    }
}

#[test]
fn the_video_is_never_shorter_than_its_voice() {
    assert_eq!(plan(&[0, 2000, 3000], 5000).duration_ms(), 5000 + TAIL_MS);
}

#[test]
fn a_missing_image_or_a_track_of_another_script_is_named() {
    let mut job = samples::job(JobKind::ComposeVideo);
    job.inputs = samples::outputs();
    job.inputs.images.remove(&1);
    let failure = VideoPlan::of(&job).unwrap_err();
    assert_eq!(failure.details.unwrap()["missing"], json!(["images"]));
    job.inputs = samples::outputs();
    job.inputs.voice = Some(samples::voice(&[0, 4000], 4000));
    assert_eq!(
        VideoPlan::of(&job).unwrap_err().details.unwrap()["missing"],
        json!(["voice"])
    );
}
