//! What a change makes outdated, and what it does not.

use catalogue::{Capability, Catalogue, LOCAL};
use domain::outputs::InputHash;
use domain::settings::{Language, Template};

use super::*;
use crate::samples;

/// A project whose results are those of its script and its settings, made by the models of the catalogue.
fn project() -> Project {
    let mut project = samples::project();
    let settings = project.settings.clone();
    let mut outputs = samples::outputs();
    let name = |resource| Catalogue::standard().default_row(resource, LOCAL).unwrap().name();
    let script = outputs.script.as_mut().unwrap();
    let by = name(Capability::Script.resource());
    script.input_hash = script_hash((&by).into(), &script_settings(&settings)).unwrap();
    let words = script.value.clone();
    let by = name(Capability::Image.resource());
    for (scene, made) in &mut outputs.images {
        let brief = ImageBrief::of(&settings, &words, *scene).unwrap();
        made.input_hash = image_hash((&by).into(), &brief).unwrap();
    }
    let by = name(Capability::Voice.resource());
    let made = outputs.voice.as_mut().unwrap();
    made.input_hash = voice_hash((&by).into(), &VoiceBrief::of(&settings, &words)).unwrap();
    let mut video = samples::video();
    let plan = VideoPlan::of_outputs(&settings, &outputs).unwrap();
    video.input_hash = video_hash((&ledger::video_model()).into(), &plan).unwrap();
    outputs.video = Some(video);
    project.outputs = outputs;
    project
}

fn outdated(project: &Project) -> Outdated {
    Outdated::of(project, Catalogue::standard()).unwrap()
}

#[test]
fn nothing_is_outdated_until_something_changes() {
    assert_eq!(outdated(&project()), Outdated::default());
    assert_eq!(outdated(&samples::project()), Outdated::default());
}

#[test]
fn another_sentence_makes_voice_and_video_outdated_and_no_image() {
    let mut edited = project();
    let script = edited.outputs.script.as_mut().unwrap();
    "Other words.".clone_into(&mut script.value.sections[1].narration);
    assert_eq!(outdated(&edited).steps(), [Step::Voice, Step::Composition]);
    let refused = outdated(&edited).check(JobKind::ComposeVideo, None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputOutdated);
    assert_eq!(refused.details, Some(json!({"outdated": ["voice"]})));
    for free in [
        JobKind::GenerateVoice,
        JobKind::GenerateImages,
        JobKind::GenerateAll,
    ] {
        outdated(&edited).check(free, None).unwrap();
    }
}

#[test]
fn another_look_makes_the_video_outdated_and_is_no_reason_to_refuse_one() {
    let mut bold = project();
    bold.settings.template = Template::Bold;
    let outdated = outdated(&bold);
    assert_eq!(outdated.steps(), [Step::Composition]);
    let script = bold.outputs.script.as_ref().map(|made| &made.value);
    outdated.check(JobKind::ComposeVideo, script).unwrap();
}

#[test]
fn one_image_prompt_makes_one_image_outdated() {
    let mut edited = project();
    let script = edited.outputs.script.as_mut().unwrap();
    "A tall hive".clone_into(&mut script.value.sections[0].image_prompt);
    let outdated = outdated(&edited);
    assert_eq!(outdated.images, BTreeSet::from([0]));
    assert!(!outdated.voice && outdated.video);
}

#[test]
fn a_script_in_another_language_is_not_spoken_drawn_or_composed() {
    let mut translated = project();
    let made = translated.outputs.script.clone().unwrap();
    let at = translated.created_at;
    translated.take_script(made, Some(Language::English), at);
    assert_eq!(outdated(&translated), Outdated::default());
    translated.settings.language = Language::Korean;
    let outdated = outdated(&translated);
    assert!(outdated.script && outdated.voice && outdated.images.len() == 2 && outdated.video);
    let script = translated.outputs.script.as_ref().map(|made| &made.value);
    for (kind, steps) in [
        (JobKind::GenerateVoice, json!(["script"])),
        (JobKind::GenerateImages, json!(["script"])),
        (JobKind::ComposeVideo, json!(["script", "images", "voice"])),
    ] {
        let refused = outdated.check(kind, script).unwrap_err();
        assert_eq!(refused.details, Some(json!({ "outdated": steps })), "{kind:?}");
    }
}

#[test]
fn another_tone_makes_the_script_outdated_and_refuses_nothing() {
    let mut humorous = project();
    humorous.settings.tone = domain::settings::Tone::Humorous;
    let outdated = outdated(&humorous);
    assert_eq!(outdated.steps(), [Step::Script]);
    for kind in [JobKind::GenerateVoice, JobKind::ComposeVideo] {
        outdated.check(kind, None).unwrap();
    }
}

#[test]
fn what_a_customer_brought_is_never_outdated() {
    let mut own = project();
    let images = &mut own.outputs.images;
    let hash = InputHash::of("own-image", &"bytes").unwrap();
    let mine = Produced::by_customer(images[&0].value.clone(), hash.clone());
    images.insert(0, mine.clone());
    // Also one of a scene that the script does not have any more.
    images.insert(9, mine);
    let voice = own.outputs.voice.take().unwrap();
    own.outputs.voice = Some(Produced::by_customer(voice.value, hash));
    own.settings.aspect = domain::settings::Aspect::Square;
    own.settings.speed_percent = 150;
    let outdated = outdated(&own);
    assert_eq!(outdated.images, BTreeSet::from([1]));
    assert!(!outdated.voice, "{outdated:?}");
}

#[test]
fn a_model_of_another_deployment_makes_nothing_outdated() {
    let mut older = project();
    let made = older.outputs.voice.as_mut().unwrap();
    let script = &older.outputs.script.as_ref().unwrap().value;
    let by = ModelRef {
        provider: LOCAL,
        model: "voice-of-last-year",
    };
    made.model = Some(by.model.to_owned());
    made.input_hash = voice_hash(by, &VoiceBrief::of(&older.settings, script)).unwrap();
    assert!(!outdated(&older).voice);
}

#[test]
fn a_video_whose_parts_do_not_fit_any_more_is_outdated() {
    let mut longer = project();
    longer.outputs.script = Some(samples::made(samples::script(3), "longer"));
    assert!(outdated(&longer).video);
}
