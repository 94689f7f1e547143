//! Real videos: made, measured, looked at, and made again.

use std::path::PathBuf;

use super::*;
use crate::blend::FULL;
use crate::captions::CaptionTrack;
use crate::cards::{self, Card, CardKind};
use crate::check::{Expectation, check};
use crate::composition::{
    Audio, Captions, LowerThird, Motion, MotionKind, Music, Scene, Transition, TransitionKind, Visual, Word,
};
use crate::testing;
use crate::thumbnail::thumbnail;
use crate::yuv_image::YuvImage;

const SIZE: (u32, u32) = (360, 640);

/// Two cards, a voice, captions; three seconds.
fn composition(folder: &Path, tag: &str, sentence: &str) -> Composition {
    let voice = folder.join("voice.wav");
    testing::voice(&voice, 2_800, 0.4);
    let scenes = [
        (CardKind::Hook, 0, 1_400),
        (CardKind::Point { number: 1 }, 1_400, 1_600),
    ];
    let scenes = scenes
        .into_iter()
        .enumerate()
        .map(|(number, (kind, start_ms, duration_ms))| {
            let transition_in = match number {
                0 => Transition::default(),
                _ => Transition {
                    kind: TransitionKind::Fade,
                    duration_ms: 400,
                    ..Transition::default()
                },
            };
            let image = folder.join(format!("{number}.png"));
            draw_card(&image, kind, tag, sentence);
            Scene {
                motion: Motion::gentle(number),
                transition_in,
                ..Scene::new(Visual::Image(image), start_ms, duration_ms)
            }
        });
    Composition {
        audio: Audio {
            voice: Some(voice),
            ..Audio::default()
        },
        fade_out_ms: 200,
        ..Composition::of_scenes(SIZE, scenes.collect(), Some(captions(tag, sentence)))
    }
}

fn draw_card(path: &Path, kind: CardKind, tag: &str, headline: &str) {
    let card = Card {
        width: SIZE.0,
        height: SIZE.1,
        seed: 5,
        kind,
        headline: headline.into(),
        body: None,
        keyword: None,
        colours: Vec::new(),
        language: testing::language(tag),
    };
    cards::save_png(&cards::draw(&mut testing::fonts(tag), &card).unwrap(), path).unwrap();
}

/// The words of a sentence, evenly over 2.8 s.
fn captions(tag: &str, sentence: &str) -> Captions {
    let words: Vec<&str> = sentence.split(' ').collect();
    let moment = |part| testing::at_share(2_800, part, words.len());
    let timed = |(number, word): (usize, &&str)| Word {
        text: (*word).into(),
        start_ms: moment(number),
        end_ms: moment(number + 1),
    };
    let words = words.iter().enumerate().map(timed).collect();
    let plain = serde_json::json!({"language": tag, "words": [], "font_px": 64.0});
    Captions {
        words,
        ..serde_json::from_value(plain).unwrap()
    }
}

fn assert_good_video(tag: &str, sentence: &str) {
    let (tools, folder) = (testing::tools(), testing::folder());
    let composition = composition(folder.path(), tag, sentence);
    let out = folder.path().join("out.mp4");
    let mut heard = Vec::new();
    let report = compose(&tools, &composition, &out, &mut |percent| heard.push(percent)).unwrap();
    assert_eq!(
        (report.duration_ms, report.frames, report.width, report.height),
        (3_000, 90, SIZE.0, SIZE.1)
    );
    assert_eq!(report.size_bytes, fs::metadata(&out).unwrap().len());
    assert!(report.captions_shown >= 1);
    assert!(
        heard.windows(2).all(|pair| pair[0] < pair[1]) && heard.last() == Some(&100),
        "{heard:?}"
    );

    let cover = folder.path().join("cover.jpg");
    thumbnail(&tools, &out, &cover).unwrap();
    assert_eq!(image::image_dimensions(&cover).unwrap(), (1_080, 1_920));
    let checked = check(
        &tools,
        &out,
        &Expectation::of(&composition).with_thumbnail(&cover),
    )
    .unwrap();
    assert_eq!(
        checked.failures().collect::<Vec<_>>(),
        Vec::<&crate::check::Finding>::new()
    );
    let files: Vec<PathBuf> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 5, "only inputs and outputs are left: {files:?}");
}

#[test]
fn an_english_video_keeps_every_promise() {
    assert_good_video("en", "Bees make honey from the nectar of flowers.");
}

#[test]
fn a_korean_video_keeps_every_promise() {
    assert_good_video("ko", "여름 휴가 짐은 돌돌 말아서 싸세요.");
}

/// Share of the pixels of the caption band that are as bright as caption text.
fn caption_share(composition: &Composition, now_ms: f64) -> f64 {
    let mut fonts = testing::fonts("en");
    let mut frame = YuvImage::black(composition.width, composition.height);
    let mut track = CaptionTrack::new(&mut fonts, composition, composition.captions.as_ref().unwrap());
    if let Some(overlay) = track.at(&mut fonts, now_ms) {
        overlay.blend(&mut frame, FULL);
    }
    let width = frame.width;
    let [luma, ..] = frame.planes();
    let band = &luma[width * frame.height * 65 / 100..width * frame.height * 85 / 100];
    let bright = band.iter().filter(|value| **value > 170).count();
    crate::number::real(bright) / crate::number::real(band.len())
}

#[test]
fn captions_are_on_screen_exactly_while_they_are_spoken() {
    let folder = testing::folder();
    let composition = composition(folder.path(), "en", "Bees make honey from the nectar of flowers.");
    assert!(caption_share(&composition, 1_000.0) > 0.02);
    assert!(caption_share(&composition, 2_999.0) > 0.02);
    assert!(caption_share(&composition, 3_300.0) < 1e-9);
}

#[test]
fn the_same_composition_gives_the_same_file_twice() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let mut composition = composition(folder.path(), "en", "Once and again.");
    composition.lower_third = Some(LowerThird {
        text: "Reelsmith".into(),
        start_ms: 100,
        end_ms: 1_500,
        position_pct: 60.0,
    });
    let videos = ["a.mp4", "b.mp4"].map(|name| {
        let out = folder.path().join(name);
        compose(&tools, &composition, &out, &mut |_| {}).unwrap();
        fs::read(&out).unwrap()
    });
    assert!(videos[0] == videos[1]);
}

#[test]
fn music_and_voice_together_meet_the_loudness() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let mut composition = composition(folder.path(), "en", "With music under it.");
    let path = folder.path().join("music.wav");
    testing::voice(&path, 700, 0.9);
    composition.audio.music = Some(Music {
        gain_db: -12.0,
        ..Music::new(&path)
    });
    let report = compose(&tools, &composition, &folder.path().join("out.mp4"), &mut |_| {}).unwrap();
    let loudness = report.loudness.unwrap();
    assert!((loudness.integrated_lufs + 14.0).abs() <= 1.0, "{loudness:?}");
    assert!(loudness.true_peak_dbtp <= -1.0, "{loudness:?}");
}

#[test]
fn a_silent_video_without_captions_is_fine() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let mut composition = composition(folder.path(), "en", "Nothing is said.");
    composition.captions = None;
    composition.audio.voice = None;
    let out = folder.path().join("out.mp4");
    let report = compose(&tools, &composition, &out, &mut |_| {}).unwrap();
    assert_eq!((report.loudness, report.captions_shown), (None, 0));
    assert!(
        check(&tools, &out, &Expectation::of(&composition))
            .unwrap()
            .passed
    );
}

#[test]
fn each_missing_thing_has_its_own_error_and_leaves_no_video() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let good = composition(folder.path(), "en", "Never seen.");
    let out = folder.path().join("out.mp4");
    let code = |tools: &Tools, composition: &Composition| {
        compose(tools, composition, &out, &mut |_| {}).unwrap_err().code()
    };
    let mut no_image = good.clone();
    no_image.scenes[1].visual = Visual::Image(folder.path().join("gone.png"));
    assert_eq!(code(&tools, &no_image), "Io");
    let mut no_voice = good.clone();
    no_voice.audio.voice = Some(folder.path().join("gone.wav"));
    assert_eq!(code(&tools, &no_voice), "Io");
    let mut wrong = good.clone();
    wrong.scenes[1].motion = Motion {
        kind: MotionKind::ZoomIn,
        amount: 9.0,
    };
    assert_eq!(code(&tools, &wrong), "BadInput");
    let no_ffmpeg = Tools {
        ffmpeg: "/no/ffmpeg".into(),
        ..tools.clone()
    };
    assert_eq!(code(&no_ffmpeg, &good), "ToolMissing");
    let dying = Tools {
        ffmpeg: "/bin/false".into(),
        ..tools
    };
    assert_eq!(code(&dying, &good), "ToolFailed");
    assert!(!out.exists());
}
