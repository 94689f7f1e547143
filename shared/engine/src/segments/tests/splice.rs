//! Streams joined, and those that do not belong together.

use std::fs;
use std::path::Path;

use crate::audio::mix;
use crate::composition::Composition;
use crate::mux::SoundForm;
use crate::segments::{Job, Splicer, stream};
use crate::testing;

fn composition(width: u32) -> Composition {
    let document = serde_json::json!({
        "version": 1, "width": width, "height": 64,
        "scenes": [{"card": {"top": "#204060"}, "start_ms": 0, "duration_ms": 1_000}],
    });
    Composition::from_json(&document.to_string()).unwrap()
}

fn encoded(folder: &Path, width: u32, frames: u64) -> Vec<u8> {
    let (tools, composition) = (testing::tools(), composition(width));
    let job = Job {
        tools: &tools,
        composition: &composition,
        cache: None,
    };
    let out = folder.join("part.flv");
    let part = 0..frames;
    stream(job, std::slice::from_ref(&part), &out, &mut |_| true).unwrap();
    fs::read(out).unwrap()
}

#[test]
fn a_segment_of_any_number_of_frames_can_be_joined() {
    let folder = testing::folder();
    let out = folder.path().join("joined.flv");
    let mut joined = Splicer::create(&out).unwrap();
    for frames in [1, 2, 3, 4, 5, 1, 17] {
        let part = encoded(folder.path(), 64, frames);
        joined.append(part.as_slice(), frames).unwrap();
    }
    joined.finish().unwrap();
    let sound = folder.path().join("sound.wav");
    testing::voice(&sound, 1_100, 0.3);
    let mut composition = Composition {
        scenes: vec![crate::Scene {
            duration_ms: 1_100,
            ..composition(64).scenes[0].clone()
        }],
        ..composition(64)
    };
    composition.audio.voice = Some(sound);
    let video = folder.path().join("joined.mp4");
    let encoded = folder.path().join("sound.m4a");
    let tools = testing::tools();
    let form = SoundForm::M4a(composition.output.clone());
    mix(&tools, &composition, &encoded, form).unwrap();
    crate::mux::join(&tools, &composition, (&out, &encoded), &video).unwrap();
    let times = super::times(&tools, &video);
    let mut shown: Vec<i64> = times.iter().map(|[_, shown]| *shown).collect();
    shown.sort_unstable();
    assert_eq!(shown, (0..33).collect::<Vec<_>>());
    assert!(times.iter().all(|[decoded, shown]| decoded <= shown));
}

#[test]
fn streams_that_do_not_belong_together_are_refused() {
    let folder = testing::folder();
    let part = encoded(folder.path(), 64, 5);
    let other = encoded(folder.path(), 96, 5);
    let out = folder.path().join("joined.flv");
    let refused = |bytes: &[u8], frames: u64| {
        let mut joined = Splicer::create(&out).unwrap();
        joined.append(part.as_slice(), 5).unwrap();
        joined.append(bytes, frames).map_err(|error| error.code())
    };
    assert_eq!(refused(&part, 5), Ok(()));
    assert_eq!(refused(&other, 5), Err("Io"), "another size");
    assert_eq!(refused(&part, 6), Err("Io"), "a frame is missing");
    assert_eq!(refused(&part, 4), Err("Io"), "a frame too much");
    assert_eq!(refused(b"no stream at all", 5), Err("Io"));
    for length in 0..part.len() {
        assert!(refused(&part[..length], 5).is_err(), "cut after {length} bytes");
    }
}
