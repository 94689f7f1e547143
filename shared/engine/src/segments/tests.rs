//! Videos made in segments: the same frames, rendered once, joined without a seam.

use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::compose::{Report, compose_cached};
use crate::ffmpeg::{Arguments, limit_for};
use crate::testing;
use crate::yuv_image::YuvImage;

mod cache;
mod plan;
mod shared;
mod splice;

/// A folder with an image and a clip of 3 s whose frames come at odd moments.
struct Fixture {
    folder: TempDir,
    tools: Tools,
}

impl Fixture {
    fn new() -> Self {
        let fixture = Self {
            folder: testing::folder(),
            tools: testing::tools(),
        };
        fixture.image("still.png", 40);
        let source = "testsrc2=s=96x64:r=60,select='gt(mod(n*7919\\,11)\\,4)'";
        Arguments::new("error")
            .with(["-f", "lavfi", "-i", source, "-t", "3", "-fps_mode", "vfr"])
            .with(["-c:v", "libx264", "-g", "25"])
            .output(&fixture.path("clip.mp4"))
            .run(&fixture.tools, limit_for(3_000))
            .unwrap();
        fixture
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn image(&self, name: &str, red: u8) {
        let pixel = |x: u32, y: u32| {
            image::Rgb([
                red,
                crate::number::low_byte(x * 3 + y),
                crate::number::low_byte(y * 5),
            ])
        };
        image::RgbImage::from_fn(90, 160, pixel)
            .save(self.path(name))
            .unwrap();
    }

    fn cache(&self) -> SegmentCache {
        SegmentCache::open(&self.path("cache"), SegmentCache::SIZE_BYTES_USUAL).unwrap()
    }

    fn compose(&self, composition: &Composition, name: &str) -> Report {
        let out = self.path(name);
        compose_cached(&self.tools, composition, &self.cache(), &out, &mut |_| {}).unwrap()
    }

    fn packets(&self, name: &str) -> [String; 2] {
        packets(&self.tools, &self.path(name))
    }

    /// Everything at once: images, clips, cards, layouts, transitions, and all that lies over them.
    fn rich(&self, preset: &str) -> Composition {
        let (still, clip) = (self.path("still.png"), self.path("clip.mp4"));
        let words: Vec<Value> = (0..24)
            .map(|number| json!({"text": format!("word{number},"), "start_ms": 300 * number + 2_150, "end_ms": 300 * number + 2_400}))
            .collect();
        let motion = json!({"kind": "zoom_in", "amount": 0.2});
        let document = json!({
            "version": 1, "width": 128, "height": 160, "fade_in_ms": 400, "fade_out_ms": 500, "vignette": 0.4,
            "scenes": [
                {"image": still, "start_ms": 0, "duration_ms": 2_010, "motion": motion},
                {"clip": {"path": clip, "from_ms": 1_234}, "start_ms": 2_010, "duration_ms": 1_330,
                 "transition_in": {"kind": "fade", "duration_ms": 500}, "motion": motion},
                {"card": {"top": "#102030", "foot": "#405060", "title": "Now"}, "start_ms": 3_340, "duration_ms": 400,
                 "transition_in": {"kind": "slide", "duration_ms": 200}},
                {"image": still, "start_ms": 3_740, "duration_ms": 1_600,
                 "layout": {"split": {"second": {"clip": {"path": clip, "length_ms": 700, "at_end": "loop"}}}},
                 "transition_in": {"kind": "blur", "duration_ms": 300}, "motion": motion},
                {"image": still, "start_ms": 5_340, "duration_ms": 2_000,
                 "layout": {"before_after": {"second": {"card": {"top": "#a03020"}}}},
                 "transition_in": {"kind": "wipe", "duration_ms": 450}},
                {"clip": {"path": clip, "at_end": "loop"}, "start_ms": 7_340, "duration_ms": 43_000,
                 "transition_in": {"kind": "fade", "duration_ms": 300}},
            ],
            "captions": {"language": "en", "preset": preset, "words": words, "font_px": 90.0},
            "lower_third": {"text": "Reelsmith", "start_ms": 1_000, "end_ms": 3_000},
            "texts": [{"text": "A block", "start_ms": 4_000, "end_ms": 6_000, "entrance": "rise"}],
            "progress_bar": {}, "logo": {"path": still},
        });
        Composition::from_json(&document.to_string()).unwrap()
    }

    /// Three scenes of 1.5 s; a fade leads to the last, and words are spoken in the first two.
    fn short(&self) -> Composition {
        for (name, red) in [("a.png", 10), ("b.png", 90), ("c.png", 200)] {
            self.image(name, red);
        }
        let word =
            |text: &str, start_ms: u64| json!({"text": text, "start_ms": start_ms, "end_ms": start_ms + 300});
        let document = json!({
            "version": 1, "width": 128, "height": 160,
            "scenes": [
                {"image": self.path("a.png"), "start_ms": 0, "duration_ms": 1_500},
                {"image": self.path("b.png"), "start_ms": 1_500, "duration_ms": 1_500},
                {"image": self.path("c.png"), "start_ms": 3_000, "duration_ms": 1_500,
                 "transition_in": {"kind": "fade", "duration_ms": 400}},
            ],
            "captions": {"language": "en", "words": [word("One.", 200), word("Two.", 1_800)], "font_px": 90.0},
        });
        Composition::from_json(&document.to_string()).unwrap()
    }
}

fn rendered(report: &Report) -> [usize; 2] {
    let segments = report.segments.unwrap();
    [segments.planned, segments.rendered]
}

fn hash(frame: &YuvImage) -> String {
    hex::encode(Sha256::digest(frame.bytes()))
}

#[test]
fn a_video_in_segments_has_the_frames_of_the_whole() {
    let fixture = Fixture::new();
    for preset in ["classic", "pill", "karaoke", "pop", "typewriter", "minimal"] {
        let composition = fixture.rich(preset);
        let mut frame = YuvImage::black(composition.width, composition.height);
        let mut renderer = FrameRenderer::new(&fixture.tools, &composition).unwrap();
        let mut whole = Vec::new();
        for number in 0..composition.frames() {
            renderer.draw(number, &mut frame).unwrap();
            whole.push(hash(&frame));
        }
        let segments = plan(&composition);
        assert!(segments.len() >= 7, "{segments:?}");
        let mut next = 0;
        for segment in segments {
            assert_eq!(segment.start, next);
            let mut renderer = FrameRenderer::ready(&fixture.tools, &composition).unwrap();
            renderer.wind_to(&fixture.tools, &segment);
            for number in segment.clone() {
                renderer.draw(number, &mut frame).unwrap();
                let place = usize::try_from(number).unwrap();
                assert_eq!(
                    whole[place],
                    hash(&frame),
                    "{preset}: frame {number} of {segment:?}"
                );
            }
            next = segment.end;
        }
        assert_eq!(next, composition.frames());
    }
}

#[test]
fn the_same_video_again_renders_nothing_and_has_the_same_packets() {
    let fixture = Fixture::new();
    let composition = fixture.short();
    let first = fixture.compose(&composition, "a.mp4");
    assert_eq!(rendered(&first), [3, 3]);
    assert_eq!(first.segments.map(|segments| segments.kept), Some(3));
    let again = fixture.compose(&composition, "b.mp4");
    assert_eq!((rendered(&again), again.stages.audio_ms), ([3, 0], 0));
    assert_eq!(again.loudness, first.loudness);
    assert!(fixture.packets("a.mp4") == fixture.packets("b.mp4"));
}

#[test]
fn another_caption_style_renders_what_shows_captions() {
    let fixture = Fixture::new();
    let mut composition = fixture.short();
    fixture.compose(&composition, "a.mp4");
    let captions = composition.captions.as_mut().unwrap();
    captions.preset = crate::CaptionPreset::Pill;
    captions.colours.active = crate::Colour::rgb(0x33_cc_66);
    assert_eq!(rendered(&fixture.compose(&composition, "b.mp4")), [3, 2]);
}

#[test]
fn a_word_that_was_corrected_renders_its_scene() {
    let fixture = Fixture::new();
    let mut composition = fixture.short();
    fixture.compose(&composition, "a.mp4");
    composition.captions.as_mut().unwrap().words[1].text = "Three.".into();
    assert_eq!(rendered(&fixture.compose(&composition, "b.mp4")), [3, 1]);
}

#[test]
fn another_image_renders_its_scene_and_the_one_that_comes_over_it() {
    let fixture = Fixture::new();
    let composition = fixture.short();
    fixture.compose(&composition, "a.mp4");
    fixture.image("a.png", 60);
    assert_eq!(
        rendered(&fixture.compose(&composition, "b.mp4")),
        [3, 1],
        "a cut follows"
    );
    fixture.image("b.png", 140);
    assert_eq!(
        rendered(&fixture.compose(&composition, "c.mp4")),
        [3, 2],
        "a fade follows"
    );
    fixture.image("c.png", 7);
    assert_eq!(
        rendered(&fixture.compose(&composition, "d.mp4")),
        [3, 1],
        "the last one"
    );
}

#[test]
fn another_sound_renders_no_frame() {
    let fixture = Fixture::new();
    let mut composition = fixture.short();
    fixture.compose(&composition, "a.mp4");
    testing::voice(&fixture.path("voice.wav"), 2_000, 0.4);
    composition.audio.voice = Some(fixture.path("voice.wav"));
    composition.output.audio_kbps = 96;
    let report = fixture.compose(&composition, "b.mp4");
    assert_eq!(rendered(&report), [3, 0]);
    assert!(report.loudness.is_some());
    let again = fixture.compose(&composition, "c.mp4");
    assert_eq!((again.loudness, again.stages.audio_ms), (report.loudness, 0));
    testing::voice(&fixture.path("voice.wav"), 2_000, 0.2);
    assert!(
        fixture.compose(&composition, "d.mp4").stages.audio_ms > 0,
        "another file of the same name"
    );
}

#[test]
fn whatever_changes_the_frames_changes_the_key() {
    let fixture = Fixture::new();
    let base = fixture.rich("classic");
    let keys = |composition: &Composition| {
        let job = Job {
            tools: &fixture.tools,
            composition,
            cache: None,
        };
        let renderer = FrameRenderer::ready(&fixture.tools, composition).unwrap();
        let mut prints = Prints::default();
        let segments = plan(composition).into_iter();
        let keys = segments.map(|segment| key(job, &renderer, &mut prints, &segment).unwrap());
        keys.collect::<Vec<_>>()
    };
    let known = keys(&base);
    let differing = |change: &dyn Fn(&mut Composition)| {
        let mut changed = base.clone();
        change(&mut changed);
        let own = keys(&changed);
        (0..own.len())
            .filter(|number| own[*number] != known[*number])
            .collect::<Vec<_>>()
    };
    let all: Vec<usize> = (0..known.len()).collect();
    assert_eq!(differing(&|video| video.output.crf = 30), all);
    assert_eq!(differing(&|video| video.vignette = 0.5), all);
    assert_eq!(differing(&|video| video.progress_bar = None), all);
    assert_eq!(differing(&|video| video.logo = None), all);
    assert_eq!(differing(&|video| video.fade_in_ms = 300), [0]);
    assert_eq!(differing(&|video| video.fade_out_ms = 300), all[all.len() - 1..]);
    assert_eq!(differing(&|video| video.texts[0].text = "Other".into()), [2, 3]);
    assert_eq!(
        differing(&|video| video.lower_third.as_mut().unwrap().position_pct = 20.0),
        [0, 1]
    );
    assert_eq!(
        differing(&|video| video.scenes[1].transition_in.duration_ms = 300),
        [0, 1],
        "a scene goes on for as long as the next one comes in"
    );
    assert_eq!(
        differing(&|video| video.scenes[3].tint = Some(crate::Tint {
            colour: crate::Colour::BLACK,
            opacity: 0.2
        })),
        [2, 3]
    );
    assert_eq!(
        differing(&|video| video.audio.target_lufs = -16.0),
        Vec::<usize>::new()
    );
}

/// Times of all packets and the hash of all images.
fn told(tools: &Tools, video: &Path, how: &[&str]) -> String {
    let output = Arguments::new("error")
        .with(["-i"])
        .with([video])
        .with(how)
        .with(["-"])
        .run(tools, limit_for(60_000))
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Times, sizes and sums of all packets of image and sound, whatever their order in the file.
pub(crate) fn packets(tools: &Tools, video: &Path) -> [String; 2] {
    ["0:v", "0:a"].map(|stream| told(tools, video, &["-map", stream, "-c", "copy", "-f", "framecrc"]))
}

/// Decode and presentation times, in frames.
fn times(tools: &Tools, video: &Path) -> Vec<[i64; 2]> {
    let text = told(tools, video, &["-map", "0:v", "-c", "copy", "-f", "framecrc"]);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut fields = line
                .split(',')
                .skip(1)
                .map(|field| field.trim().parse::<i64>().unwrap());
            [fields.next().unwrap() / 512, fields.next().unwrap() / 512]
        })
        .collect()
}

fn images(tools: &Tools, video: &Path) -> Vec<String> {
    let text = told(
        tools,
        video,
        &["-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5"],
    );
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn the_join_has_exactly_the_planned_frames_in_order_and_the_images_of_its_segments() {
    let fixture = Fixture::new();
    let composition = fixture.rich("classic");
    let report = fixture.compose(&composition, "a.mp4");
    let video = fixture.path("a.mp4");
    let times = times(&fixture.tools, &video);
    assert_eq!(u64::try_from(times.len()).unwrap(), report.frames);
    assert!(
        times.windows(2).all(|pair| pair[0][0] + 1 == pair[1][0]),
        "decode times rise by a frame"
    );
    let mut shown: Vec<i64> = times.iter().map(|[_, presented]| *presented).collect();
    shown.sort_unstable();
    assert!(shown.iter().copied().eq(0..i64::try_from(report.frames).unwrap()));
    assert!(times.iter().all(|[decoded, presented]| decoded <= presented));

    let job = Job {
        tools: &fixture.tools,
        composition: &composition,
        cache: None,
    };
    let mut alone = Vec::new();
    for segment in plan(&composition) {
        let out = fixture.path("alone.flv");
        stream(job, std::slice::from_ref(&segment), &out, &mut |_| true).unwrap();
        alone.extend(images(&fixture.tools, &out));
    }
    assert!(
        alone == images(&fixture.tools, &video),
        "no image changes by the join"
    );
}
