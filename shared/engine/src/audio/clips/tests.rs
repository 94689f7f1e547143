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

/// Writes two streams, each from a source of ffmpeg, into one file; the options stand before the second.
fn joined(
    folder: &Path,
    name: &str,
    [images, sound]: [&str; 2],
    options: &[&str],
    output: &[&str],
) -> std::path::PathBuf {
    let path = folder.join(name);
    Arguments::new("error")
        .with(["-f", "lavfi", "-i", images])
        .with(options)
        .with(["-f", "lavfi", "-i", sound])
        .with(["-c:v", "libx264", "-c:a", "aac"])
        .with(output)
        .output(&path)
        .run(&testing::tools(), limit_for(20_000))
        .unwrap();
    path
}

/// When a sound begins anew after a pause, in milliseconds.
fn beeps(path: &Path) -> Vec<u64> {
    let raw = path.with_extension("u8");
    Arguments::new("error")
        .input(&[], path)
        .with(["-ar", "8000", "-ac", "1", "-f", "u8"])
        .output(&raw)
        .run(&testing::tools(), limit_for(0))
        .unwrap();
    let bytes = std::fs::read(raw).unwrap();
    let is_loud = |part: &[u8]| part.iter().any(|level| level.abs_diff(128) > 12);
    let loud: Vec<bool> = bytes.chunks(40).map(is_loud).collect();
    let rises = loud
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair, [false, true]));
    rises
        .map(|(at, _)| 5 * (u64::try_from(at).unwrap() + 1))
        .collect()
}

#[test]
fn a_clips_sound_that_starts_late_or_has_a_hole_is_heard_at_its_time() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let images = "color=red:s=64x64:r=5:d=6";
    let late = "aevalsrc='.5*sin(6283*t)*lt(mod(t+.80001,1),.1)':d=5.2:s=48000";
    let late = joined(path, "late.mp4", [images, late], &["-itsoffset", "0.8"], &[]);
    let whole = "aevalsrc='.5*sin(6283*t)*lt(mod(t+.00001,1),.1)*gte(t,.9)':d=6:s=48000";
    let whole = joined(path, "whole.mp4", [images, whole], &[], &[]);
    let hole = path.join("hole.mp4");
    Arguments::new("error")
        .input(&[], &whole)
        .with(["-c", "copy", "-bsf:a", "noise=drop='between(pts*tb,2.3,3.3)'"])
        .output(&hole)
        .run(&tools, limit_for(0))
        .unwrap();
    let wanted: [(&Path, u64, &[u64]); 5] = [
        (&whole, 0, &[1_000, 2_000, 3_000, 4_000, 5_000]),
        (&late, 0, &[1_000, 2_000, 3_000, 4_000, 5_000]),
        (&late, 500, &[500, 1_500, 2_500, 3_500, 4_500]),
        (&hole, 0, &[1_000, 2_000, 4_000, 5_000]),
        (&hole, 1_500, &[500, 2_500, 3_500]),
    ];
    for (clip, from_ms, wanted) in wanted {
        for at_end in ["hold", "loop"] {
            let length_ms = 5_900 - from_ms;
            let repeats = u64::from(at_end == "loop");
            let composition = composition(&json!([{
                "clip": {"path": clip, "from_ms": from_ms, "length_ms": length_ms, "at_end": at_end, "sound": {}},
                "start_ms": 0, "duration_ms": length_ms * (1 + repeats),
            }]));
            let out = path.join("mix.wav");
            mix(&tools, &composition, &out, SoundForm::Wav { channels: 2 }).unwrap();
            let again = wanted.iter().map(|time| time + length_ms);
            let wanted: Vec<u64> = wanted
                .iter()
                .copied()
                .chain(again.filter(|_| repeats > 0))
                .collect();
            let found = beeps(&out);
            let near = found
                .iter()
                .zip(&wanted)
                .all(|(own, wanted)| own.abs_diff(*wanted) <= 10);
            let name = clip.display();
            assert!(
                found.len() == wanted.len() && near,
                "{name} from {from_ms}, {at_end}: {found:?}, not {wanted:?}"
            );
        }
    }
}

#[test]
fn a_sum_beyond_full_scale_is_turned_down_and_not_cut_off() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let one = ".9*sin(3141.6*t)";
    let six = format!("aevalsrc=exprs={one}|{one}|{one}|0|{one}|{one}:c=5.1:d=4:s=48000");
    let images = "color=red:s=64x64:r=5:d=4";
    let clip = joined(path, "six.mov", [images, &six], &[], &["-c:a", "pcm_s24le"]);
    let composition =
        composition(&json!([{"clip": {"path": clip, "sound": {}}, "start_ms": 0, "duration_ms": 4_000}]));
    let out = path.join("mix.wav");
    mix(&tools, &composition, &out, SoundForm::Wav { channels: 2 }).unwrap();
    // What is left beside the tone is noise of rounding; cut off, it would be a twentieth of the tone.
    let others = "bandreject=f=500:width_type=h:w=120,bandreject=f=500:width_type=h:w=120,atrim=1:3";
    let (all, others) = (loudness_of(&out, "atrim=1:3"), loudness_of(&out, others));
    assert!(all - others > 40.0, "{all} with it, {others} without it");
}
