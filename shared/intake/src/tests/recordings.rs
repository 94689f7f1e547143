//! Videos as phones, cameras and browsers make them, measured in what becomes of them: pixels, and milliseconds.

use engine::Probe;

use super::*;

mod heard;

/// White for a tenth of each second from the first on; a fifth of a second is six frames at 30.
const FLASHES: &str = "color=black:s=320x240:r=30:d=6,\
                       drawbox=t=fill:color=white:enable='lt(mod(t+.0001,1),.1)*gte(t,.9)'";
/// Beeps at the same times.
const BEEPS: &str = "aevalsrc='.5*sin(6283*t)*lt(mod(t+.00001,1),.1)*gte(t,.9)':d=6:s=48000";

impl Fixture {
    fn video(&self, name: &str, source: &str, output: &[&str]) -> PathBuf {
        self.made(name, &[&["-f", "lavfi", "-i", source], output].concat())
    }

    /// Prepares it and answers with the colour of its middle.
    fn middle(&self, path: &Path) -> [u8; 3] {
        let is_webm = path.extension().is_some_and(|end| end == "webm");
        let purpose = if is_webm {
            UploadPurpose::Avatar
        } else {
            UploadPurpose::LipSyncVideo
        };
        let (_, out) = self.prepared(path, purpose);
        let video = probe(&self.tools, &out).unwrap().video.unwrap();
        assert!(video.colours.starts_with("tv, bt709, "), "{}", video.colours);
        self.colour(&out, (video.width / 2, video.height / 2))
    }

    fn raw(&self, path: &Path, output: &[&str]) -> Vec<u8> {
        let raw = self.path("raw");
        Arguments::new("error")
            .with(["-i".as_ref(), path.as_os_str()])
            .with(output)
            .output(&raw)
            .run(&self.tools, limit_for(10_000))
            .unwrap();
        fs::read(raw).unwrap()
    }

    /// When a video becomes white, in milliseconds.
    fn flashes(&self, path: &Path) -> Vec<u64> {
        let rate = [
            "-vf",
            "scale=1:1:flags=area,format=gray",
            "-r",
            "30",
            "-fps_mode",
            "cfr",
        ];
        let light = self.raw(path, &[&rate[..], &["-f", "rawvideo"]].concat());
        rises(&light, |level| *level > 120, 30)
    }

    /// When its sound begins anew after a pause.
    fn beeps(&self, path: &Path) -> Vec<u64> {
        // As players do it: silence before a late start, and in holes.
        let in_step = [
            "-af",
            "aresample=8000:async=1:first_pts=0:min_hard_comp=0.01",
            "-ac",
            "1",
        ];
        let bytes = self.raw(path, &[&in_step[..], &["-f", "u8"]].concat());
        // The loudest of each 5 ms.
        let loud: Vec<u8> = bytes
            .chunks(40)
            .map(|part| part.iter().map(|level| level.abs_diff(128)).max().unwrap())
            .collect();
        rises(&loud, |level| *level > 20, 200)
    }
}

fn rises<T>(levels: &[T], is_high: impl Fn(&T) -> bool, per_second: usize) -> Vec<u64> {
    let high: Vec<bool> = levels.iter().map(is_high).collect();
    let before = std::iter::once(false).chain(high.iter().copied());
    let rise = before
        .zip(&high)
        .enumerate()
        .filter(|(_, (before, now))| !before && **now);
    rise.map(|(at, _)| u64::try_from(at * 1_000 / per_second).unwrap())
        .collect()
}

#[track_caller]
fn assert_near(found: [u8; 3], wanted: [u8; 3], most: u8) {
    let off = found.iter().zip(wanted).map(|(own, wanted)| own.abs_diff(wanted));
    assert!(off.max().unwrap() <= most, "{found:?}, not {wanted:?}");
}

#[track_caller]
fn assert_times(found: &[u64], wanted: &[u64]) {
    let near = found.len() == wanted.len()
        && found
            .iter()
            .zip(wanted)
            .all(|(own, wanted)| own.abs_diff(*wanted) <= 20);
    assert!(near, "{found:?}, not {wanted:?}");
}

/// What turns pixels into those of a matrix and takes every label off.
fn unlabelled(matrix: &str) -> String {
    format!(
        "scale=out_color_matrix={matrix}:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p,\
         setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown:range=unknown"
    )
}

#[test]
fn a_video_without_colour_labels_keeps_its_colours_as_browsers_show_them() {
    let fixture = Fixture::new();
    let skin = [224, 172, 140];
    for (size, matrix) in [
        ("1280x720", "bt709"),
        ("720x1280", "bt709"),
        ("1920x800", "bt709"),
        ("640x480", "bt601"),
    ] {
        for (colour, wanted) in [
            ("0xC81E1E", [200, 30, 30]),
            ("0xE0AC8C", skin),
            ("0x1EB428", [30, 180, 40]),
        ] {
            let source = format!("color={colour}:s={size}:d=0.1,format=gbrp,{}", unlabelled(matrix));
            let path = fixture.video("plain.mp4", &source, &["-c:v", "libx264", "-qp", "4"]);
            assert_near(fixture.middle(&path), wanted, 4);
        }
    }
    // Decoders of other codecs say nothing, or a guess of their own.
    for (name, codec) in [
        ("a.mp4", "libvpx-vp9"),
        ("a.mp4", "mpeg4"),
        ("a.wmv", "wmv2"),
        ("a.mp4", "libx265"),
    ] {
        let source = format!(
            "color=0xE0AC8C:s=1280x720:d=0.1,format=gbrp,{}",
            unlabelled("bt709")
        );
        let path = fixture.video(name, &source, &["-c:v", codec, "-b:v", "8M"]);
        assert_near(fixture.middle(&path), skin, 5);
    }
}

#[test]
fn colours_of_a_wider_gamut_are_converted_and_not_only_relabelled() {
    let fixture = Fixture::new();
    for primaries in ["smpte432", "2020"] {
        let source = format!(
            "color=0xC81E1E:s=1280x720:d=0.1,format=gbrp,\
             setparams=color_primaries=bt709:color_trc=iec61966-2-1,zscale=p={primaries}:m=709:r=limited,format=yuv420p"
        );
        let path = fixture.video("wide.mp4", &source, &["-c:v", "libx264", "-qp", "4"]);
        assert_near(fixture.middle(&path), [200, 30, 30], 5);
    }
}

#[test]
fn grey_and_white_of_an_hdr_video_keep_their_place() {
    let fixture = Fixture::new();
    // 18 % grey and reference white: 38 % and 75 % of HLG's signal; 26 and 203 cd/m² in PQ, 38 % and 58 %.
    for (curve, share, wanted) in [
        ("arib-std-b67", 0.38, 96_u8),
        ("arib-std-b67", 0.75, 193),
        ("smpte2084", 0.58, 193),
    ] {
        let source = format!(
            "nullsrc=s=320x240:r=30:d=0.2,format=yuv420p10le,geq=lum={}:cb=512:cr=512,\
             setparams=color_trc={curve}:color_primaries=bt2020:colorspace=bt2020nc:range=tv",
            64.0 + 876.0 * share
        );
        let path = fixture.video("hdr.mp4", &source, &["-c:v", "libx265", "-tag:v", "hvc1"]);
        assert_near(fixture.middle(&path), [wanted; 3], 4);
    }
}

#[test]
fn fields_of_an_interlaced_video_are_not_woven_into_combs() {
    let fixture = Fixture::new();
    let source = "color=black:s=720x576:r=50:d=2[b];color=white:s=60x576:r=50:d=2[w];\
                  [b][w]overlay=x='mod(t*400,660)',format=yuv420p,tinterlace=interleave_top,setfield=tff,setsar=16/11";
    let flags = ["-c:v", "mpeg4", "-q:v", "3", "-flags", "+ilme+ildct"];
    let path = fixture.video("fields.avi", source, &flags);
    let (found, out) = fixture.prepared(&path, UploadPurpose::LipSyncVideo);
    assert_eq!(found.shown, Some((1_047, 576)));
    let said = Arguments::new("info")
        .input(&[], &out)
        .with(["-vf", "idet", "-f", "null", "-"])
        .run(&fixture.tools, limit_for(2_000))
        .unwrap()
        .stderr;
    let line = said
        .lines()
        .find(|line| line.contains("Multi frame detection"))
        .unwrap();
    assert!(
        line.contains("TFF:     0 BFF:     0") || line.contains("TFF:0"),
        "{line}"
    );
}

#[test]
fn what_is_hidden_under_transparency_is_white() {
    let fixture = Fixture::new();
    let clear = "color=magenta@0.0:s=640x360:d=0.3,format=yuva420p";
    for codec in ["libvpx", "libvpx-vp9"] {
        let path = fixture.video("clear.webm", clear, &["-c:v", codec, "-auto-alt-ref", "0"]);
        assert_near(fixture.middle(&path), [255; 3], 2);
    }
    let half = "color=0x0000C8@0.5:s=640x360:d=0.3";
    for codec in [
        &["-c:v", "prores_ks", "-pix_fmt", "yuva444p10le"][..],
        &["-c:v", "qtrle", "-pix_fmt", "argb"],
        &["-c:v", "png", "-pix_fmt", "rgba"],
    ] {
        let path = fixture.video("half.mov", &format!("{half},format=rgba"), codec);
        assert_near(fixture.middle(&path), [127, 127, 227], 6);
    }
}

#[test]
fn a_phone_that_is_turned_while_it_records_is_not_squeezed() {
    let fixture = Fixture::new();
    for (sizes, wanted) in [
        (["640x360", "360x640"], (640, 360)),
        (["320x180", "1280x720"], (1_280, 720)),
    ] {
        let parts = sizes.map(|size| {
            // A square in the middle, half as high as the frame.
            let source = format!(
                "color=0x202020:s={size}:d=1:r=30,drawbox=x=(iw-ih/2)/2:y=ih/4:w=ih/2:h=ih/2:c=white:t=fill"
            );
            fixture.video(
                &format!("{size}.webm"),
                &source,
                &["-c:v", "libvpx", "-b:v", "4M"],
            )
        });
        let list = parts.map(|part| format!("file '{}'\n", part.display())).concat();
        let list = fixture.put("list.txt", list.as_bytes());
        let list = list.to_str().unwrap();
        let path = fixture.made(
            "turned.webm",
            &["-f", "concat", "-safe", "0", "-i", list, "-c", "copy"],
        );
        let (found, out) = fixture.prepared(&path, UploadPurpose::Avatar);
        assert_eq!((found.shown, found.sizes), (Some(wanted), Sizes::Several));
        let Probe {
            video, duration_ms, ..
        } = probe(&fixture.tools, &out).unwrap();
        let video = video.unwrap();
        assert_eq!((video.width, video.height), wanted);
        assert!(duration_ms.abs_diff(2_000) < 60, "{duration_ms}");
        // At the end the square is as wide as it is high.
        let (width, height) = (
            usize::try_from(wanted.0).unwrap(),
            usize::try_from(wanted.1).unwrap(),
        );
        let end = fixture.raw(
            &out,
            &[
                "-ss",
                "1.8",
                "-frames:v",
                "1",
                "-pix_fmt",
                "gray",
                "-f",
                "rawvideo",
            ],
        );
        let across = end[width * (height / 2)..][..width]
            .iter()
            .filter(|level| **level > 128)
            .count();
        let down = end
            .iter()
            .skip(width / 2)
            .step_by(width)
            .filter(|level| **level > 128)
            .count();
        assert!(across.abs_diff(down) <= 4, "{across} by {down}");
    }
}

#[test]
fn a_video_that_was_cut_without_encoding_begins_with_its_cut() {
    let fixture = Fixture::new();
    let source = "color=black:s=320x240:r=25:d=10,drawbox=t=fill:color=white:enable='gte(t,2.499)'";
    let long = [
        "-c:v",
        "libx264",
        "-g",
        "250",
        "-sc_threshold",
        "0",
        "-c:a",
        "aac",
    ];
    let inputs = ["-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=d=10"];
    let whole = fixture.made("whole.mp4", &[&inputs[..], &long].concat());
    let cut = [
        "-ss",
        "1.5",
        "-i",
        whole.to_str().unwrap(),
        "-t",
        "3",
        "-c",
        "copy",
    ];
    let (found, out) = fixture.prepared(&fixture.made("cut.mp4", &cut), UploadPurpose::Background);

    // Frames that were cut off in the middle of their order are a few more than three seconds of them.
    let length_ms = probe(&fixture.tools, &out).unwrap().duration_ms;
    assert!(length_ms.abs_diff(3_000) <= 200, "{length_ms}");
    assert!(
        found.duration_ms.abs_diff(length_ms) <= 40,
        "{}",
        found.duration_ms
    );
    // White came at 2.5 s, which is 1.0 s behind the cut.
    assert_times(&fixture.flashes(&out), &[1_000]);
}

#[test]
fn a_last_image_of_many_seconds_and_a_slow_rate_keep_their_times() {
    let fixture = Fixture::new();
    let source = "color=black:s=1280x720:r=1:d=8,drawbox=t=fill:color=white:enable='gte(t,3)'";
    let slow = fixture.video("slow.mp4", source, &["-c:v", "libx264", "-bf", "0"]);
    let held = "color=black:s=320x240:r=30:d=8,drawbox=t=fill:color=white:enable='gte(t,2.999)',select='lt(t,3.02)+gt(t,7.94)'";
    let held = fixture.video("held.mp4", held, &["-fps_mode", "vfr", "-c:v", "libx264"]);
    for path in [slow, held] {
        let (_, out) = fixture.prepared(&path, UploadPurpose::Background);
        assert_times(&fixture.flashes(&out), &[3_000]);
        let length_ms = probe(&fixture.tools, &out).unwrap().duration_ms;
        assert!(length_ms.abs_diff(8_000) <= 70, "{length_ms}");
    }
}

#[test]
fn a_small_file_of_more_frames_than_anybody_pays_for_is_refused_before_it_is_decoded() {
    let fixture = Fixture::new();
    let part = fixture.video(
        "part.mp4",
        "color=black:s=7680x4320:r=60:d=1",
        &["-c:v", "libx264", "-preset", "superfast"],
    );
    let long = |times: &str| {
        let part = part.to_str().unwrap();
        fixture.made("long.mp4", &["-stream_loop", times, "-i", part, "-c", "copy"])
    };
    // Five minutes of 8K at 60 frames a second.
    let path = long("299");
    assert!(
        fs::metadata(&path).unwrap().len() < 100 << 20,
        "no rule of size sees it"
    );
    let error = inspect(&fixture.tools, &path, Some(UploadPurpose::Background)).unwrap_err();
    assert_eq!(error.code(), "input_too_costly");
    assert!(error.to_string().contains("billion pixels"), "{error}");
    assert!(inspect(&fixture.tools, &long("1"), Some(UploadPurpose::Background)).is_ok());
}
