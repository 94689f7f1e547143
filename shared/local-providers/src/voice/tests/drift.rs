//! What the voice says when, against the frames on which it is read.

use domain::settings::Language;
use engine::{Composition, check_composition, compose};
use providers::Speech;
use serde_json::{Value, json};

use super::{brief, spoken};
use crate::testing::tools;

/// One frame in a phone's full size, with images that move behind the words.
fn composition(speech: &Speech, language: Language, voice: &std::path::Path) -> Composition {
    let half_ms = speech.duration_ms / 2;
    let scene = |start_ms: u32, length_ms: u32, colours: [&str; 2]| {
        json!({
            "card": {"top": colours[0], "foot": colours[1]}, "start_ms": start_ms, "duration_ms": length_ms,
            "motion": {"kind": "zoom_in", "amount": 0.1},
        })
    };
    let words: Vec<Value> = speech
        .words
        .iter()
        .map(|word| json!({"text": word.text.trim(), "start_ms": word.start_ms, "end_ms": word.end_ms}))
        .collect();
    let document = json!({
        "version": 1, "width": 1080, "height": 1920,
        "scenes": [
            scene(0, half_ms, ["#1b4332", "#d8f3dc"]),
            scene(half_ms, speech.duration_ms - half_ms, ["#f4a261", "#264653"]),
        ],
        "captions": {"language": language, "preset": "classic", "words": words},
        "audio": {"voice": voice},
    });
    Composition::from_json(&document.to_string()).unwrap()
}

/// `95 % of 24 words within 17 ms`.
fn numbers(measured: &str) -> Vec<u64> {
    measured.split(' ').filter_map(|part| part.parse().ok()).collect()
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures are read with `--nocapture`")]
async fn each_word_is_read_when_it_is_spoken_within_80_ms_at_the_full_size() {
    let texts = [
        (
            Language::English,
            "Most people get honey wrong. It never spoils, and it was found, still good, in tombs that are three thousand years old.",
        ),
        (
            Language::Korean,
            "꿀은 상하지 않습니다. 삼천 년 된 무덤에서 나온 꿀도 아직 먹을 수 있었습니다.",
        ),
        (
            Language::Chinese,
            "蜂蜜不会变质。三千年前的古墓里出土的蜂蜜现在还可以吃。",
        ),
        (
            Language::Russian,
            "Мёд не портится. Его находили в гробницах, которым три тысячи лет, и он был ещё хорош.",
        ),
    ];
    let tools = tools();
    let tools = engine::Tools {
        ffmpeg: tools.ffmpeg,
        fonts_dir: tools.fonts_dir,
    };
    for (language, text) in texts {
        let folder = tempfile::tempdir().unwrap();
        let speech = spoken(&brief(language, &[text])).await;
        let (voice, video) = (folder.path().join("voice.wav"), folder.path().join("video.mp4"));
        std::fs::write(&voice, &speech.wav).unwrap();
        let composition = composition(&speech, language, &voice);
        compose(&tools, &composition, &video, &mut |_| {}).unwrap();
        let report = check_composition(&tools, &video, &composition, None).unwrap();
        let drift = report
            .findings
            .iter()
            .find(|finding| finding.code == "caption_drift")
            .unwrap();
        println!("{language}: {}", drift.measured);
        let [_, words, drift_ms] = numbers(&drift.measured)[..] else {
            panic!("{}", drift.measured)
        };
        assert!(words >= 8, "{language}: {words} words could be told apart");
        assert!(drift_ms <= 80, "{language}: {drift_ms} ms");
        assert!(
            report.passed,
            "{language}: {:?}",
            report.failures().collect::<Vec<_>>()
        );
    }
}
