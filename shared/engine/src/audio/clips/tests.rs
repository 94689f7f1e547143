//! Clips that are heard, mute, repeated, and that fade into each other.

use serde_json::{Value, json};

use super::*;
use crate::audio::mix;
use crate::audio::tests::{loudness_of, made};
use crate::mux::SoundForm;
use crate::testing;

fn composition(scenes: &Value) -> Composition {
    let document = json!({"version": 1, "width": 64, "height": 64, "fps": 5, "scenes": scenes});
    Composition::from_json(&document.to_string()).unwrap()
}

/// Two seconds of a tone of this pitch.
fn clip(folder: &Path, pitch: u32) -> std::path::PathBuf {
    let source = format!("color=red:s=64x64:r=5:d=2[out0];sine=f={pitch}:d=2[out1]");
    made(folder, &format!("{pitch}.mp4"), &source, &["-c:v", "libx264"])
}

const LOW: &str = "lowpass=f=300,lowpass=f=300,lowpass=f=300";
const HIGH: &str = "highpass=f=2000,highpass=f=2000,highpass=f=2000";

#[test]
fn a_clip_is_heard_while_it_is_seen_and_fades_with_its_scene() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let (low, high) = (clip(path, 100), clip(path, 6_000));
    let composition = composition(&json!([
        {"clip": {"path": low, "at_end": "loop", "sound": {}}, "start_ms": 0, "duration_ms": 3_000},
        {"clip": {"path": high, "sound": {}}, "start_ms": 3_000, "duration_ms": 3_000,
         "transition_in": {"kind": "fade", "duration_ms": 800}},
    ]));
    let out = path.join("mix.wav");
    mix(&tools, &composition, &out, SoundForm::Wav { channels: 2 }).unwrap();
    let at = |from: f64, to: f64, band: &str| loudness_of(&out, &format!("atrim={from}:{to},{band}"));
    assert!(at(2.2, 2.9, LOW) > -30.0, "the first one repeats");
    assert!(
        at(0.1, 2.9, HIGH) < -50.0,
        "the second one is not heard before it is seen"
    );
    assert!(
        at(3.0, 3.5, LOW) > at(3.9, 6.0, LOW) + 20.0,
        "the first one goes with its image"
    );
    assert!(at(3.9, 4.9, HIGH) > -30.0);
    assert!(at(5.2, 6.0, HIGH) < -50.0, "the second one ends with its file");
}

#[test]
fn a_clip_without_sound_and_one_that_is_not_asked_for_are_mute() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let silent = made(path, "s.mp4", "color=red:s=64x64:r=5:d=2", &["-c:v", "libx264"]);
    let composition = composition(&json!([
        {"clip": {"path": silent, "sound": {"gain_db": 3.0}}, "start_ms": 0, "duration_ms": 1_000},
        {"clip": {"path": clip(path, 440)}, "start_ms": 1_000, "duration_ms": 1_000},
    ]));
    let out = path.join("mix.wav");
    mix(&tools, &composition, &out, SoundForm::Wav { channels: 2 }).unwrap();
    assert!(loudness_of(&out, "anull") < -60.0);
}

#[test]
fn music_steps_back_for_a_clip_in_which_someone_speaks() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let music = made(path, "m.wav", "sine=f=100:d=5,volume=-6dB", &[]);
    let mut composition = composition(&json!([
        {"clip": {"path": clip(path, 6_000), "sound": {"speech": true, "gain_db": 8.0}}, "start_ms": 0, "duration_ms": 5_000},
    ]));
    composition.audio.music = Some(crate::composition::Music {
        gain_db: 0.0,
        fade_out_ms: 0,
        ..crate::composition::Music::new(&music)
    });
    let out = path.join("mix.wav");
    mix(&tools, &composition, &out, SoundForm::Wav { channels: 2 }).unwrap();
    let under = loudness_of(&out, &format!("atrim=0.5:1.8,{LOW}"));
    let after = loudness_of(&out, &format!("atrim=3.5:5,{LOW}"));
    assert!(after - under > 6.0, "{under} under, {after} after");
}
