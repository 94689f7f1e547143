//! What changes a hash, and what does not.

use domain::job::JobKind;

use super::*;
use crate::samples;

const MAKER: ModelRef<'_> = ModelRef {
    provider: "local",
    model: "1",
};

/// Stored outputs of the local models are found by these: a change here makes every customer's work anew.
#[test]
fn hashes_under_which_outputs_are_stored_stay() {
    let (settings, script) = (samples::settings(), samples::script(2));
    let local = |model| ModelRef {
        provider: "local",
        model,
    };
    let image = ImageBrief::of(&settings, &script, 0).unwrap();
    let hashes = [
        script_hash(local("outline-1"), &script_settings(&settings)),
        image_hash(local("cards-2"), &image),
        voice_hash(local("espeak-ng-2"), &VoiceBrief::of(&settings, &script)),
    ];
    assert_eq!(
        hashes.map(|hash| hash.unwrap().to_string()),
        [
            "f1eadd7ac33a5213ca75413d937309ba14698b8452a94d21e3821271e0b130a4",
            "638301277b269190ab9f0de34f828d829b0afce854a6fc248a6ddb10d4e87196",
            "e96b7bc169c6027bcfda6e61bf88b18fa6b2c101c4604f9c748c1f55739def91",
        ]
    );
}

fn of_script(settings: &Settings) -> InputHash {
    script_hash(MAKER, &script_settings(settings)).unwrap()
}

#[test]
fn another_voice_colour_or_shape_keeps_the_script() {
    let plain = samples::settings();
    let mut other = plain.clone();
    other.voice_id = Some("local-en-male-1".to_owned());
    other.aspect = Aspect::Landscape;
    other.template = Template::Bold;
    other.brand.colours = vec![Colour::parse("#102030").unwrap()];
    assert_eq!(of_script(&plain), of_script(&other));
}

#[test]
fn another_length_tone_or_model_is_another_script() {
    let plain = samples::settings();
    let mut longer = plain.clone();
    longer.duration_s = 60;
    assert_ne!(of_script(&plain), of_script(&longer));
    let newer = ModelRef { model: "2", ..MAKER };
    assert_ne!(
        of_script(&plain),
        script_hash(newer, &script_settings(&plain)).unwrap()
    );
}

#[test]
fn an_edited_sentence_is_another_voice_and_the_same_image() {
    let settings = samples::settings();
    let script = samples::script(2);
    let mut edited = script.clone();
    edited.sections[0].narration = "Other words.".to_owned();
    let image = |script| image_hash(MAKER, &ImageBrief::of(&settings, script, 0).unwrap()).unwrap();
    let voice = |script| voice_hash(MAKER, &VoiceBrief::of(&settings, script)).unwrap();
    assert_eq!(image(&script), image(&edited));
    assert_ne!(voice(&script), voice(&edited));
}

#[test]
fn a_video_depends_on_what_its_files_were_made_from_and_not_on_where_they_lie() {
    let mut job = samples::job(JobKind::ComposeVideo);
    job.inputs = samples::outputs();
    let video = |job: &domain::Job| video_hash(MAKER, &VideoPlan::of(job).unwrap()).unwrap();
    let before = video(&job);
    if let Some(image) = job.inputs.images.get_mut(&0) {
        image.value.key = samples::key("elsewhere.png");
    }
    assert_eq!(video(&job), before);
    job.inputs
        .images
        .insert(0, samples::made(samples::image(0).value, "another image"));
    assert_ne!(video(&job), before);
}

#[test]
fn another_look_or_a_newer_version_of_it_is_another_video() {
    let mut job = samples::job(JobKind::ComposeVideo);
    job.inputs = samples::outputs();
    let plain = VideoPlan::of(&job).unwrap();
    job.settings.template = Template::Cinematic;
    let mut other = VideoPlan::of(&job).unwrap();
    assert_ne!(
        video_hash(MAKER, &plain).unwrap(),
        video_hash(MAKER, &other).unwrap()
    );
    let before = video_hash(MAKER, &other).unwrap();
    other.template_version += 1;
    assert_ne!(before, video_hash(MAKER, &other).unwrap());
}

fn chunk(scenes: &[usize]) -> Chunk {
    Chunk {
        number: 1,
        first_frame: 30,
        frames: 60,
        scenes: scenes.iter().copied().collect(),
    }
}

fn of_chunk(plan: &VideoPlan, chunk: &Chunk) -> InputHash {
    chunk_hash(MAKER, plan, chunk).unwrap()
}

#[test]
fn a_chunk_depends_on_the_images_that_are_seen_in_it_and_not_on_the_sound() {
    let mut job = samples::job(JobKind::ComposeVideo);
    job.inputs = samples::outputs();
    let plain = VideoPlan::of(&job).unwrap();
    let [first, second] = [chunk(&[0]), chunk(&[1])];
    assert_ne!(of_chunk(&plain, &first), of_chunk(&plain, &second));
    let mut other = plain.clone();
    other.scenes[1].image_hash = InputHash::of("image", &"another").unwrap();
    other.voice_hash = InputHash::of("voice", &"louder").unwrap();
    assert_eq!(of_chunk(&plain, &first), of_chunk(&other, &first));
    assert_ne!(of_chunk(&plain, &second), of_chunk(&other, &second));
}

#[test]
fn another_time_word_look_place_or_version_is_another_chunk() {
    let mut job = samples::job(JobKind::ComposeVideo);
    job.inputs = samples::outputs();
    let plain = VideoPlan::of(&job).unwrap();
    let first = chunk(&[0]);
    let before = of_chunk(&plain, &first);
    let changes: [fn(&mut VideoPlan); 7] = [
        |plan| plan.scenes[1].duration_ms += 1,
        |plan| plan.words[0].end_ms += 1,
        |plan| plan.template = Template::Bold,
        |plan| plan.template_version += 1,
        |plan| plan.aspect = Aspect::Square,
        |plan| plan.language = Language::Korean,
        |plan| plan.colours.push(Colour::parse("#102030").unwrap()),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut other = plain.clone();
        change(&mut other);
        assert_ne!(of_chunk(&other, &first), before, "change {number}");
    }
    let later = Chunk {
        first_frame: 31,
        ..first.clone()
    };
    assert_ne!(of_chunk(&plain, &later), before);
    let newer = ModelRef { model: "2", ..MAKER };
    assert_ne!(chunk_hash(newer, &plain, &first).unwrap(), before);
}
