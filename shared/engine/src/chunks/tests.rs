//! Long videos in chunks: the same as in one piece.

use serde_json::json;

use super::*;
use crate::compose::compose_cached;
use crate::segments::tests::packets;
use crate::testing;

/// 47 s at 10 frames: two scenes, the first longer than a chunk.
fn composition(folder: &Path) -> Composition {
    let voice = folder.join("voice.wav");
    testing::voice(&voice, 46_000, 0.4);
    let words: Vec<_> = (0..40)
        .map(|number| json!({"text": format!("word{number}"), "start_ms": 1_100 * number, "end_ms": 1_100 * number + 900}))
        .collect();
    let document = json!({
        "version": 1, "width": 128, "height": 96, "fps": 10,
        "scenes": [
            {"card": {"top": "#204060", "foot": "#806040"}, "start_ms": 0, "duration_ms": 41_000,
             "motion": {"kind": "pan_left", "amount": 0.3}},
            {"card": {"top": "#602040"}, "start_ms": 41_000, "duration_ms": 6_000,
             "transition_in": {"kind": "fade", "duration_ms": 800}},
        ],
        "captions": {"language": "en", "words": words, "font_px": 100.0},
        "audio": {"voice": voice}, "fade_out_ms": 400,
    });
    Composition::from_json(&document.to_string()).unwrap()
}

fn chunk(number: usize, first_frame: u64, frames: u64) -> Chunk {
    Chunk {
        number,
        first_frame,
        frames,
    }
}

#[test]
fn chunks_follow_one_another_and_none_is_longer_than_asked() {
    let folder = testing::folder();
    let composition = composition(folder.path());
    let planned = plan_chunks(&composition, 20_000).unwrap();
    assert_eq!(
        planned,
        [chunk(0, 0, 136), chunk(1, 136, 137), chunk(2, 273, 197)]
    );
    assert_eq!(plan_chunks(&composition, 60_000).unwrap(), [chunk(0, 0, 470)]);
    let refused = plan_chunks(&composition, 19_999).unwrap_err();
    assert!(matches!(refused, EngineError::BadInput { field, .. } if field == "chunk_ms"));
}

#[test]
fn joined_chunks_have_the_packets_of_the_video_that_is_made_in_one_piece() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let composition = composition(folder.path());
    let cache = SegmentCache::open(&folder.path().join("cache"), 100_000_000).unwrap();
    let mut chunks = Vec::new();
    // The last one first: nobody waits for another.
    for chunk in plan_chunks(&composition, 20_000).unwrap().into_iter().rev() {
        let out = folder.path().join(format!("{}.flv", chunk.number));
        let report = render_chunk(&tools, &composition, chunk, None, &out).unwrap();
        assert_eq!((report.chunk, report.segments.rendered > 0), (chunk, true));
        chunks.insert(0, (chunk, out));
    }
    let [joined, whole] = ["joined.mp4", "whole.mp4"].map(|name| folder.path().join(name));
    let report = join_chunks(&tools, &composition, &chunks, &joined, &mut |_| {}).unwrap();
    let in_one = compose_cached(&tools, &composition, &cache, &whole, &mut |_| {}).unwrap();
    assert_eq!(
        (report.frames, report.captions_shown, report.loudness),
        (470, in_one.captions_shown, in_one.loudness)
    );
    assert!(packets(&tools, &joined) == packets(&tools, &whole));
}

#[test]
fn chunks_that_are_not_those_of_the_video_are_refused_by_name() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let composition = composition(folder.path());
    let out = folder.path().join("out.flv");
    let odd = render_chunk(&tools, &composition, chunk(0, 5, 100), None, &out).unwrap_err();
    assert!(matches!(odd, EngineError::BadInput { field, .. } if field == "chunks[0]"));
    let planned = plan_chunks(&composition, 20_000).unwrap();
    let joined = |numbers: &[usize]| {
        let chunks: Vec<(Chunk, PathBuf)> = numbers
            .iter()
            .map(|number| (planned[*number], out.clone()))
            .collect();
        join_chunks(
            &tools,
            &composition,
            &chunks,
            &folder.path().join("out.mp4"),
            &mut |_| {},
        )
        .map(drop)
        .map_err(|error| error.code())
    };
    assert_eq!(joined(&[0, 1]), Err("BadInput"), "one is missing");
    assert_eq!(joined(&[0, 2, 1]), Err("BadInput"), "another order");
    assert_eq!(joined(&[]), Err("BadInput"));
    assert_eq!(joined(&[0, 1, 2]), Err("Io"), "a stream is missing");
    assert!(!folder.path().join("out.mp4").exists());
}

#[test]
fn a_chunk_names_the_files_that_are_seen_in_it() {
    let document = json!({
        "version": 1, "width": 128, "height": 96, "fps": 10,
        "scenes": [
            {"image": "first.png", "start_ms": 0, "duration_ms": 20_000},
            {"image": "second.png", "start_ms": 20_000, "duration_ms": 40_000,
             "transition_in": {"kind": "fade", "duration_ms": 500}},
        ],
        "audio": {"voice": "voice.wav"}, "logo": {"path": "logo.png"},
    });
    let composition = Composition::from_json(&document.to_string()).unwrap();
    let named = |first_frame, frames| {
        let files = chunk_files(&composition, chunk(0, first_frame, frames));
        files
            .iter()
            .map(|file| file.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(named(0, 200), ["first.png", "logo.png"]);
    assert_eq!(
        named(200, 200),
        ["first.png", "second.png", "logo.png"],
        "one fades into the other"
    );
    assert_eq!(named(400, 200), ["second.png", "logo.png"]);
}
