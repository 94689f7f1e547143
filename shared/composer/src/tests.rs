//! From a plan to the engine's document.

use domain::outputs::{self, InputHash, MediaKey};
use domain::settings::{Aspect, Language};
use jobs::CHUNK_MS_MAX;

use super::*;

/// Two scenes of two seconds and a bit, with a word over the first.
fn plan() -> VideoPlan {
    let key = |name: &str| MediaKey::new(name.to_owned());
    let hash = |name: &str| InputHash::of("test", &name).unwrap();
    let scene = |name: &str, start_ms, duration_ms| PlannedScene {
        image: key(name),
        image_hash: hash(name),
        start_ms,
        duration_ms,
    };
    let word = outputs::Word {
        text: "Narration".to_owned(),
        start_ms: 100,
        end_ms: 500,
        scene: 0,
    };
    VideoPlan {
        aspect: Aspect::Portrait,
        language: Language::English,
        scenes: vec![scene("image 0", 0, 2000), scene("image 1", 2000, 2700)],
        voice: key("voice.wav"),
        voice_hash: hash("voice"),
        words: vec![word],
        template: domain::settings::Template::Default,
        template_version: 1,
        colours: Vec::new(),
    }
}

#[test]
fn every_look_of_a_project_is_a_template_for_narration() {
    for template in domain::settings::Template::ALL {
        let known = Template::named(template.as_str()).unwrap();
        assert!(known.is_for_narration(), "{template}");
        let planned = jobs::plan::template_version(*template);
        assert_eq!(planned, known.version, "{template}");
    }
}

fn document(plan: &VideoPlan) -> Composition {
    composition(plan, Path::new("/folder")).unwrap()
}

#[test]
fn every_plan_is_a_document_that_the_engine_takes() {
    let document = document(&plan());
    document.validate().unwrap();
    assert_eq!(document.duration_ms(), u64::from(plan().duration_ms()));
    assert_eq!(
        document.scenes[1].visual.file(),
        Some(Path::new("/folder/scene-01"))
    );
    assert_eq!(
        document.scenes[1].transition_in.kind,
        engine::TransitionKind::Fade
    );
    assert_eq!((document.width, document.height, document.fps), (1080, 1920, 30));
}

#[test]
fn words_that_the_engine_would_refuse_are_mended() {
    let mut plan = plan();
    let word = |text: &str, start_ms, end_ms| outputs::Word {
        text: text.to_owned(),
        start_ms,
        end_ms,
        scene: 0,
    };
    plan.words = vec![
        word("late", 900, 800),
        word(" early ", 100, 300),
        word("   ", 400, 500),
        word("after the end", 99_000, 99_500),
    ];
    let document = document(&plan);
    document.validate().unwrap();
    let words: Vec<String> = document
        .captions
        .unwrap()
        .words
        .into_iter()
        .map(|w| w.text)
        .collect();
    assert_eq!(words, ["early", "late"]);
}

#[test]
fn a_voice_without_words_has_no_captions() {
    let mut plan = plan();
    plan.words.clear();
    assert!(document(&plan).captions.is_none());
}

#[test]
fn a_brand_colour_is_used_only_when_it_can_be_read() {
    let colour = |text| Colour::parse(text).unwrap();
    let dark_then_light = [colour("#101010"), colour("#80ffaa")];
    assert_eq!(accent(&dark_then_light), engine::Colour::parse("#80ffaa"));
    assert_eq!(accent(&[colour("#101010")]), None);
}

#[test]
fn loudness_is_kept_in_hundredths() {
    assert_eq!(centi(-14.034), -1403);
    assert_eq!(centi(-13.996), -1400);
    assert_eq!(centi(f64::NAN), 0);
}

#[test]
fn the_usual_look_is_what_a_video_had_before_there_were_others() {
    let document = document(&plan());
    let captions = document.captions.unwrap();
    assert_eq!(captions.preset, engine::CaptionPreset::Classic);
    assert_eq!((captions.position_pct, captions.font_px), (75.0, 48.0));
    assert_eq!(captions.colours, CaptionColours::default());
    let first = &document.scenes[0];
    assert_eq!(
        (first.motion.kind, first.motion.amount),
        (engine::MotionKind::ZoomIn, 0.1)
    );
    assert_eq!((document.fade_in_ms, document.fade_out_ms), (0, 500));
    assert_eq!(
        document.audio.voice.as_deref(),
        Some(Path::new("/folder").join(VOICE_FILE).as_path())
    );
}

#[test]
fn every_look_in_every_shape_is_a_document_that_the_engine_takes() {
    for template in domain::settings::Template::ALL {
        for aspect in Aspect::ALL {
            let mut plan = plan();
            (plan.template, plan.aspect) = (*template, *aspect);
            let document = document(&plan);
            assert_eq!((document.width, document.height), aspect.pixels());
            assert_eq!(document.duration_ms(), u64::from(plan.duration_ms()));
        }
    }
}

#[test]
fn each_failure_of_the_engine_is_laid_at_the_right_door() {
    let io = |kind: std::io::ErrorKind| EngineError::Io {
        action: "write",
        path: "/folder/video.mp4".into(),
        source: kind.into(),
    };
    let media = || EngineError::Media {
        path: "/folder/voice.wav".into(),
        reason: "its end is missing".to_owned(),
    };
    let stopped = EngineError::TimedOut {
        tool: "ffmpeg",
        limit: std::time::Duration::from_mins(1),
    };
    let failure = failed(media());
    assert_eq!(failure.code, ErrorCode::MediaUnusable);
    assert!(failure.public.ends_with("It is voice.wav."), "{}", failure.public);
    assert_eq!(failed(stopped).code, ErrorCode::StepTimedOut);
    assert_eq!(
        failed(io(std::io::ErrorKind::StorageFull)).code,
        ErrorCode::Unavailable
    );
    assert_eq!(
        failed(EngineError::Internal("x")).code,
        ErrorCode::RenderEngineFailed
    );
}

#[test]
fn chunks_of_a_plan_follow_one_another_and_know_their_images() {
    let mut plan = plan();
    for (index, scene) in plan.scenes.iter_mut().enumerate() {
        scene.start_ms = u32::try_from(index).unwrap() * 70_000;
        scene.duration_ms = 70_000;
    }
    let composer = EngineComposer::new(PathBuf::from("ffmpeg"), PathBuf::from("fonts"));
    let chunks = composer.chunks(&plan, CHUNK_MS_MAX).unwrap();
    let mut next = 0;
    for (number, chunk) in (0..).zip(&chunks) {
        assert_eq!((chunk.number, chunk.first_frame), (number, next));
        assert!(chunk.frames <= 30 * 60, "{chunk:?}");
        next += chunk.frames;
    }
    assert_eq!(next, 30 * 140);
    let seen: Vec<Vec<usize>> = chunks
        .iter()
        .map(|chunk| chunk.scenes.iter().copied().collect())
        .collect();
    // The second scene fades in over the first.
    assert_eq!(seen, [vec![0], vec![0, 1], vec![1]]);
}
