//! What of a video is heard: at its time, whole, and from the right track.

use super::*;

#[test]
fn sound_that_starts_late_or_early_or_has_a_hole_stays_in_step() {
    let fixture = Fixture::new();
    let late_beeps = "aevalsrc='.5*sin(6283*t)*lt(mod(t+.80001,1),.1)':d=5.2:s=48000";
    let codecs = ["-c:v", "libx264", "-c:a", "aac"];
    let late = [
        "-f",
        "lavfi",
        "-i",
        FLASHES,
        "-itsoffset",
        "0.8",
        "-f",
        "lavfi",
        "-i",
        late_beeps,
    ];
    let late = fixture.made("late.mp4", &[&late[..], &codecs].concat());
    let late_flashes = "color=black:s=320x240:r=30:d=5.2,\
                        drawbox=t=fill:color=white:enable='lt(mod(t+.8001,1),.1)'";
    let early = [
        "-itsoffset",
        "0.8",
        "-f",
        "lavfi",
        "-i",
        late_flashes,
        "-f",
        "lavfi",
        "-i",
        BEEPS,
    ];
    let early = fixture.made("early.mp4", &[&early[..], &codecs].concat());
    let whole = ["-f", "lavfi", "-i", FLASHES, "-f", "lavfi", "-i", BEEPS];
    let whole = fixture.made("whole.mp4", &[&whole[..], &codecs].concat());
    let hole = ["-bsf:a", "noise=drop='between(pts*tb,2.3,3.3)'"];
    let hole = fixture.made(
        "hole.mp4",
        &[&["-i", whole.to_str().unwrap(), "-c", "copy"], &hole[..]].concat(),
    );
    for (path, beeps) in [
        (&whole, &[1_000, 2_000, 3_000, 4_000, 5_000][..]),
        (&late, &[1_000, 2_000, 3_000, 4_000, 5_000]),
        (&early, &[1_000, 2_000, 3_000, 4_000, 5_000]),
        (&hole, &[1_000, 2_000, 4_000, 5_000]),
    ] {
        let (_, out) = fixture.prepared(path, UploadPurpose::Background);
        assert_times(&fixture.flashes(&out), &[1_000, 2_000, 3_000, 4_000, 5_000]);
        assert_times(&fixture.beeps(&out), beeps);
        // Both streams begin at zero: nothing that reads them has to know of an edit list.
        let gaps = fixture.raw(&out, &["-vn", "-af", "aresample=8000", "-ac", "1", "-f", "u8"]);
        assert!(gaps.len().abs_diff(48_000) < 900, "{} samples", gaps.len());
    }
}

#[test]
fn six_loud_channels_are_folded_down_below_full_scale() {
    let fixture = Fixture::new();
    let one = ".9*sin(3141.6*t)";
    let source = format!("aevalsrc=exprs={one}|{one}|{one}|0|{one}|{one}:c=5.1:d=3:s=48000");
    let inputs = ["-f", "lavfi", "-i", "testsrc2=d=3", "-f", "lavfi", "-i", &source];
    let path = fixture.made(
        "six.mp4",
        &[&inputs[..], &["-c:v", "libx264", "-c:a", "aac", "-b:a", "400k"]].concat(),
    );
    let (_, out) = fixture.prepared(&path, UploadPurpose::Background);
    let loudness = measure_loudness(&fixture.tools, &out, limit_for(3_000)).unwrap();
    assert!((-4.0..0.0).contains(&loudness.true_peak_dbtp), "{loudness:?}");
}

#[test]
fn the_default_sound_is_heard_and_not_the_first() {
    let fixture = Fixture::new();
    let silent_first = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=d=2",
        "-f",
        "lavfi",
        "-i",
        "anullsrc=d=2",
        "-f",
        "lavfi",
        "-i",
        "sine=d=2",
        "-map",
        "0",
        "-map",
        "1",
        "-map",
        "2",
        "-disposition:a:0",
        "0",
        "-disposition:a:1",
        "default",
        "-c:v",
        "libx264",
    ];
    let (found, out) = fixture.prepared(&fixture.made("two.mp4", &silent_first), UploadPurpose::Background);
    assert_eq!(found.audio.unwrap().index, 2);
    assert!(
        measure_loudness(&fixture.tools, &out, limit_for(0))
            .unwrap()
            .integrated_lufs
            > -30.0
    );
}

#[test]
fn two_mono_tracks_of_a_camera_are_left_and_right() {
    let fixture = Fixture::new();
    let tones = [
        "aevalsrc=.5*sin(2*PI*400*t):d=2:s=48000",
        "aevalsrc=.5*sin(2*PI*2000*t):d=2:s=48000",
    ];
    let microphones = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=d=2",
        "-f",
        "lavfi",
        "-i",
        tones[0],
        "-f",
        "lavfi",
        "-i",
        tones[1],
        "-map",
        "0",
        "-map",
        "1",
        "-map",
        "2",
        "-c:a",
        "pcm_s16le",
        "-c:v",
        "libx264",
    ];
    let (_, out) = fixture.prepared(
        &fixture.made("camera.mov", &microphones),
        UploadPurpose::LipSyncVideo,
    );
    for (side, [own, other]) in [("c0", [400, 2_000]), ("c1", [2_000, 400])] {
        let heard = |tone: u32| {
            let filter = format!(
                "pan=mono|c0={side},bandpass=f={tone}:width_type=h:w=50,bandpass=f={tone}:width_type=h:w=50"
            );
            let samples = fixture.raw(
                &out,
                &["-ss", "0.5", "-t", "1", "-vn", "-af", &filter, "-f", "u8"],
            );
            samples.iter().map(|level| level.abs_diff(128)).max().unwrap()
        };
        assert!(
            heard(own) > 50 && heard(other) < 6,
            "{side}: {} {}",
            heard(own),
            heard(other)
        );
    }
}
