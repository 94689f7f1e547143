//! Subtitle files: their syntax, and the same pages as on the image.

use super::*;
use crate::composition::{CaptionPreset, Captions, Word};
use crate::testing;

fn cues() -> Subtitles {
    let cue = |start_ms, end_ms, lines: &[&str]| Cue {
        start_ms,
        end_ms,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    };
    Subtitles {
        cues: vec![
            cue(0, 1_250, &["Salt & pepper", "<3"]),
            cue(3_723_004, 3_724_000, &["End"]),
        ],
    }
}

fn composition(preset: CaptionPreset) -> Composition {
    let text = "Most people get honey completely wrong. It never spoils.";
    let words = text
        .split(' ')
        .zip((0_u64..).step_by(300))
        .map(|(word, at)| Word {
            text: word.into(),
            start_ms: at,
            end_ms: at + 300,
        });
    let captions = Captions {
        preset,
        ..Captions::new(testing::language("en"), words.collect())
    };
    let document = serde_json::json!({
        "version": 1, "width": 1080, "height": 1920, "scenes": [{"image": "a.png", "start_ms": 0, "duration_ms": 6000}],
    });
    Composition {
        captions: Some(captions),
        ..serde_json::from_value(document).unwrap()
    }
}

#[test]
fn subrip_numbers_its_cues_and_has_commas() {
    let wanted =
        "1\n00:00:00,000 --> 00:00:01,250\nSalt & pepper\n<3\n\n2\n01:02:03,004 --> 01:02:04,000\nEnd\n\n";
    assert_eq!(cues().to_srt(), wanted);
}

#[test]
fn webvtt_has_a_header_and_escapes() {
    let wanted = "WEBVTT\n\n00:00:00.000 --> 00:00:01.250\nSalt &amp; pepper\n&lt;3\n\n\
                  01:02:03.004 --> 01:02:04.000\nEnd\n\n";
    assert_eq!(cues().to_vtt(), wanted);
}

#[test]
fn the_cues_are_the_pages_on_the_image() {
    let tools = testing::tools();
    for preset in CaptionPreset::ALL {
        let composition = composition(preset);
        let cues = subtitles(&tools, &composition).unwrap().cues;
        let mut fonts = testing::fonts("en");
        let mut track = CaptionTrack::new(&mut fonts, &composition, composition.captions.as_ref().unwrap());
        assert_eq!(cues.len(), track.count(), "{preset:?}");
        for cue in &cues {
            let at = |moment: u64| crate::number::real_u64(moment);
            let first = track.at(&mut fonts, at(cue.start_ms));
            assert!(first.is_some(), "{preset:?}");
            let before = cue
                .start_ms
                .checked_sub(1)
                .and_then(|moment| track.at(&mut fonts, at(moment)));
            assert!(before.is_none_or(|before| !std::sync::Arc::ptr_eq(&before, first.as_ref().unwrap())));
        }
        let spoken: Vec<String> = cues.into_iter().flat_map(|cue| cue.lines).collect();
        assert_eq!(
            spoken.join(" "),
            "Most people get honey completely wrong. It never spoils."
        );
    }
}

#[test]
fn without_captions_there_are_no_cues() {
    let mut silent = composition(CaptionPreset::Classic);
    silent.captions = None;
    assert_eq!(subtitles(&testing::tools(), &silent).unwrap().cues, []);
}
