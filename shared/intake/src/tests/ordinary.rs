//! Files that phones, browsers, recorders and people make, and that are taken.

use domain::asset::UploadPurpose::{Avatar, Background, Cover, LipSyncAudio, LipSyncVideo, Music};

use super::*;

/// One second of moving images.
const MOVES: &str = "testsrc2=s=160x120:d=2:r=30";

impl Fixture {
    /// Sound or video out of lavfi's sources.
    fn of(&self, name: &str, sources: &[&str], options: &[&str]) -> PathBuf {
        let inputs = sources.iter().flat_map(|source| ["-f", "lavfi", "-i", source]);
        let arguments: Vec<&str> = inputs.chain(options.iter().copied()).collect();
        self.made(name, &arguments)
    }

    fn taken(&self, path: &Path, purpose: UploadPurpose) -> Inspection {
        inspect(&self.tools, path, Some(purpose))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The same, prepared, with the length of what comes out.
    fn prepared_ms(&self, path: &Path, purpose: UploadPurpose) -> u64 {
        let (_, out) = self.prepared(path, purpose);
        probe(&self.tools, &out).unwrap().duration_ms
    }
}

fn near(own_ms: u64, wanted_ms: u64) -> bool {
    own_ms.abs_diff(wanted_ms) < 120
}

#[test]
fn a_voice_in_an_mp4_of_any_brand_is_a_sound() {
    let fixture = Fixture::new();
    for (name, muxer) in [
        ("a.m4a", "mp4"),
        ("b.m4a", "ipod"),
        ("c.3gp", "3gp"),
        ("d.mov", "mov"),
    ] {
        let voice = fixture.of(name, &["sine=d=2"], &["-c:a", "aac", "-f", muxer]);
        for purpose in [Music, LipSyncAudio] {
            let found = fixture.taken(&voice, purpose);
            assert_eq!(
                (found.format, found.medium),
                (Format::M4a, Medium::Sound),
                "{muxer}"
            );
            assert!(near(found.duration_ms, 2_000), "{found:?}");
        }
        assert_eq!(fixture.refused(&voice, Some(Avatar)), "input_without_video");
    }
}

#[test]
fn what_a_browser_records_is_a_sound_or_a_video() {
    let fixture = Fixture::new();
    for name in ["voice.webm", "voice.mp4", "voice.ogg"] {
        let voice = fixture.of(name, &["sine=d=2"], &["-c:a", "libopus"]);
        assert!(near(fixture.taken(&voice, Music).duration_ms, 2_000), "{name}");
        assert!(near(fixture.prepared_ms(&voice, LipSyncAudio), 2_000), "{name}");
    }
    // H.264 in what the browser calls WebM is Matroska; a live recording states no length.
    let sources = [MOVES, "sine=d=2"];
    let codecs = ["-c:v", "libx264", "-c:a", "libopus"];
    for (name, live) in [("whole.webm", "0"), ("live.webm", "1")] {
        let options = [&codecs[..], &["-f", "matroska", "-live", live]].concat();
        let found = fixture.taken(&fixture.of(name, &sources, &options), Avatar);
        assert_eq!(found.format, Format::Matroska);
        assert!(near(found.duration_ms, 2_000), "{name}: {found:?}");
    }
    let fragments = ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"];
    let live = fixture.of("live.mp4", &sources, &fragments);
    let found = fixture.taken(&live, Background);
    assert!(near(found.duration_ms, 2_000), "{found:?}");
    // Some count the length in the header by another clock than it says.
    let mut bytes = fs::read(live).unwrap();
    let header = bytes.windows(4).position(|part| part == b"mdhd").unwrap();
    bytes[header + 20..header + 24].copy_from_slice(&5_000_000_u32.to_be_bytes());
    let found = fixture.taken(&fixture.put("unit.mp4", &bytes), Background);
    assert!(near(found.duration_ms, 2_000), "{found:?}");
}

#[test]
fn a_recording_of_an_iphone_a_camera_or_windows_is_a_video() {
    let fixture = Fixture::new();
    let sources = [MOVES, "sine=d=2"];
    for (name, video, sound) in [
        ("phone.mov", "libx264", "aac"),
        ("camera.avi", "mpeg4", "libmp3lame"),
        ("windows.wmv", "wmv2", "wmav2"),
    ] {
        let video = fixture.of(name, &sources, &["-c:v", video, "-c:a", sound]);
        for purpose in [Avatar, Background, LipSyncVideo] {
            assert!(near(fixture.taken(&video, purpose).duration_ms, 2_000), "{name}");
        }
        assert_eq!(
            fixture.refused(&video, Some(Music)),
            "input_type_not_allowed",
            "{name}"
        );
    }
}

#[test]
fn a_motion_photo_is_its_photo_whatever_its_video_holds() {
    let fixture = Fixture::new();
    let photo = fixture.of("p.jpg", &["testsrc2=s=640x480"], &["-frames:v", "1", "-q:v", "3"]);
    let photo = fs::read(photo).unwrap();
    for seed in 1..6 {
        // By chance there are markers of JPEG in it.
        let noise = format!("testsrc2=s=320x240:d=1,noise=alls=30:allf=t:all_seed={seed}");
        let video = fs::read(fixture.of("m.mp4", &[&noise], &["-c:v", "libx264"])).unwrap();
        let both = fixture.put("both.jpg", &[&photo[..], &video].concat());
        assert_eq!(fixture.taken(&both, Cover).shown, Some((640, 480)));
        let cut = fixture.put("cut.jpg", &[&photo[..photo.len() * 7 / 10], &video].concat());
        assert!(inspect(&fixture.tools, &cut, Some(Cover)).is_err(), "{seed}");
    }
    let (_, out) = fixture.prepared(&fixture.put("both.jpg", &photo), Cover);
    assert_eq!(image::image_dimensions(out.with_extension("jpg")).ok(), None);
    assert!(fs::metadata(out).unwrap().len() > 1_000);
}

#[test]
fn a_sound_that_begins_quietly_is_as_long_as_it_is() {
    let fixture = Fixture::new();
    let quiet = "anoisesrc=c=pink:a=.5:d=8:s=44100,volume='if(lt(t,1),.001,1)':eval=frame";
    let adts = fixture.of("q.aac", &[quiet], &["-c:a", "aac", "-b:a", "128k"]);
    let mp3 = fixture.of(
        "q.mp3",
        &[quiet],
        &["-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0"],
    );
    for path in [adts, mp3] {
        let found = fixture.taken(&path, Music);
        assert!(near(found.duration_ms, 8_000), "{found:?}");
    }
}

#[test]
fn a_sound_behind_tags_or_zeros_is_what_stands_behind_them() {
    let fixture = Fixture::new();
    let tagged = [
        "-c:a",
        "aac",
        "-f",
        "adts",
        "-write_id3v2",
        "1",
        "-metadata",
        "title=x",
    ];
    let adts = fixture.of("id3.aac", &["sine=d=2"], &tagged);
    assert_eq!(fixture.taken(&adts, Music).format, Format::Aac);

    let id3 = [&b"ID3\x04\0\0\0\0\x01\0"[..], &[0; 128]].concat();
    let flac = fs::read(fixture.of("plain.flac", &["sine=d=2"], &[])).unwrap();
    let flac = fixture.put("id3.flac", &[&id3[..], &flac].concat());
    assert_eq!(fixture.taken(&flac, Music).format, Format::Flac);

    let bare = fixture.of("bare.mp3", &["sine=d=2"], &["-id3v2_version", "0"]);
    let bare = fs::read(bare).unwrap();
    let ape = [
        &b"APETAGEX\xd0\x07\0\0\x24\0\0\0\x01\0\0\0\0\0\0\xa0"[..],
        &[0; 44],
    ]
    .concat();
    let cases = [
        ("zeros in front", [&[0; 2_048][..], &bare].concat()),
        ("zeros behind", [&bare[..], &vec![0; 60_000]].concat()),
        ("APE in front", [&ape[..], &bare].concat()),
        ("ID3 twice", [&id3[..], &id3, &bare].concat()),
    ];
    for (name, bytes) in cases {
        let found = fixture.taken(&fixture.put("x.mp3", &bytes), Music);
        assert_eq!(found.format, Format::Mp3, "{name}");
        assert!(near(found.duration_ms, 2_000), "{name}: {found:?}");
    }
}

#[test]
fn a_song_is_taken_whatever_its_cover_is() {
    let fixture = Fixture::new();
    let attached = [
        "-map",
        "0",
        "-map",
        "1",
        "-c:v",
        "mjpeg",
        "-disposition:v",
        "attached_pic",
    ];
    let song = fixture.of("song.mp3", &["sine=d=2", "testsrc2=s=64x64:d=0.04"], &attached);
    let mut bytes = fs::read(song).unwrap();
    let cover = bytes.windows(3).position(|part| part == b"\xff\xd8\xff").unwrap();
    bytes[cover..cover + 400].fill(b' ');
    bytes[cover..cover + 16].copy_from_slice(b"<html>404</html>");
    let broken = fixture.put("broken.mp3", &bytes);
    let huge = fixture.of(
        "huge.mp3",
        &["sine=d=2", "color=red:s=9000x9000:d=0.04"],
        &attached,
    );
    let boxed = fixture.of(
        "song.m4a",
        &["sine=d=2", "testsrc2=s=64x64:d=0.04"],
        &[&attached[..], &["-c:a", "aac", "-f", "mp4"]].concat(),
    );
    for path in [broken, huge, boxed] {
        let found = fixture.taken(&path, Music);
        assert_eq!(
            (found.video, found.medium),
            (None, Medium::Sound),
            "{}",
            path.display()
        );
        assert!(
            near(fixture.prepared_ms(&path, Music), 2_000),
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_second_longer_sound_track_is_not_missed() {
    let fixture = Fixture::new();
    let sources = [MOVES, "sine=d=2", "sine=d=6"];
    let all = ["-map", "0", "-map", "1", "-map", "2", "-c:a", "aac"];
    let found = fixture.taken(&fixture.of("two.mp4", &sources, &all), Avatar);
    assert!(near(found.duration_ms, 2_000), "{found:?}");
}

#[test]
fn a_piece_of_a_live_stream_is_as_long_as_it_is() {
    let fixture = Fixture::new();
    let late = [
        "-c:v",
        "libvpx",
        "-output_ts_offset",
        "5",
        "-avoid_negative_ts",
        "disabled",
    ];
    let piece = fixture.of("late.webm", &[MOVES], &late);
    assert!(near(fixture.taken(&piece, Avatar).duration_ms, 2_000));
    assert!(near(fixture.prepared_ms(&piece, Avatar), 2_000));
}

#[test]
fn a_title_in_the_words_of_the_report_is_a_title() {
    let fixture = Fixture::new();
    let title = "title=Lecture 4, Duration: 01:30:00, part 1, smpte2084, rotation of 90 degrees [SAR 4:3 DAR 1:1]\n  \
                 Duration: 02:00:00.00, start: 0\n  Stream #0:0: Video: ac4, 9x9";
    let titled = fixture.of("titled.mp4", &[MOVES], &["-metadata", title]);
    let found = fixture.taken(&titled, Avatar);
    assert!(near(found.duration_ms, 2_000), "{found:?}");
    assert_eq!(
        (found.hdr, found.rotation_deg, found.shown),
        (false, 0, Some((160, 120)))
    );
}

#[test]
fn slides_of_one_image_a_second_are_whole() {
    let fixture = Fixture::new();
    let slides = fixture.of(
        "slides.mp4",
        &["testsrc2=s=160x120:r=1:d=20"],
        &["-c:v", "libx264"],
    );
    assert_eq!(fixture.taken(&slides, Background).duration_ms, 20_000);
}

#[test]
fn bytes_behind_a_whole_video_are_not_missed() {
    let fixture = Fixture::new();
    let video = fs::read(fixture.of("f.mp4", &[MOVES], &[])).unwrap();
    for behind in [
        &b"SEFTSEFTSEFT"[..],
        b"<html><body>proxy</body></html>",
        &[0; 100],
    ] {
        let path = fixture.put("behind.mp4", &[&video[..], behind].concat());
        assert!(near(fixture.taken(&path, Avatar).duration_ms, 2_000));
    }
    let cut = fixture.put("cut.mp4", &video[..video.len() - 200]);
    assert_eq!(fixture.refused(&cut, Some(Avatar)), "input_truncated");
}

#[test]
fn rare_forms_of_ordinary_formats_are_taken() {
    let fixture = Fixture::new();
    let rf64 = fixture.of("a.wav", &["sine=d=2"], &["-rf64", "always"]);
    let layer_two = fixture.of("a.mp2", &["sine=d=2"], &["-c:a", "mp2", "-f", "mp2"]);
    for path in [rf64, layer_two] {
        assert!(near(fixture.taken(&path, Music).duration_ms, 2_000));
    }
    let mut video = fs::read(fixture.of("f.mov", &[MOVES], &[])).unwrap();
    for first in [b"free", b"skip"] {
        video[4..8].copy_from_slice(first);
        let found = fixture.taken(&fixture.put("f.mov", &video), Avatar);
        assert_eq!(found.format, Format::Quicktime);
    }
}

#[test]
fn a_panorama_and_a_scrolled_screen_are_taken_by_their_area() {
    let fixture = Fixture::new();
    for (size, name) in [("20000x2500", "panorama.jpg"), ("1080x17000", "screen.png")] {
        let source = format!("color=white:s={size}");
        let path = fixture.of(name, &[&source], &["-frames:v", "1"]);
        let (width, height) = fixture.taken(&path, Cover).shown.unwrap();
        assert_eq!(format!("{width}x{height}"), size);
    }
}
