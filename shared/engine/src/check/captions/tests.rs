//! Drift, coverage and place of captions, measured on videos that are right and on ones that are wrong.

use super::*;
use crate::check::CheckReport;
use crate::composition::{CaptionPreset, Motion, MotionKind, Scene, Visual, Word};
use crate::testing;

const WORDS: &str = "Most people get honey wrong. It never spoils at all.";

/// Six seconds of a moving pattern in greys and colours, with words of uneven length.
fn composition(folder: &Path, preset: CaptionPreset) -> Composition {
    let image = folder.join("pattern.png");
    let pattern = image::RgbImage::from_fn(360, 640, |x, y| {
        let wave = |value: u32| u8::try_from(value * 5 % 200).unwrap();
        image::Rgb([wave(x / 3), wave(y / 4), wave((x + y) / 7)])
    });
    pattern.save(&image).unwrap();
    let scene = Scene {
        motion: Motion {
            kind: MotionKind::ZoomIn,
            amount: 0.1,
        },
        ..Scene::new(Visual::Image(image), 0, 6_000)
    };
    let mut now_ms = 313;
    let words = WORDS.split(' ').map(|word| {
        let length_ms = 90 * u64::try_from(word.len()).unwrap();
        now_ms += length_ms;
        Word {
            text: word.into(),
            start_ms: now_ms - length_ms,
            end_ms: now_ms,
        }
    });
    let captions = Captions {
        preset,
        font_px: 80.0,
        safe_area: SafeArea::Reels,
        ..Captions::new(testing::language("en"), words.collect())
    };
    Composition::of_scenes((360, 640), vec![scene], Some(captions))
}

fn shifted(composition: &Composition, by_ms: u64) -> Composition {
    let mut shifted = composition.clone();
    for word in shifted
        .captions
        .iter_mut()
        .flat_map(|captions| &mut captions.words)
    {
        word.start_ms += by_ms;
        word.end_ms += by_ms;
    }
    shifted
}

fn ok(report: &CheckReport, code: &str) -> bool {
    let found = report.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{code} is missing")).ok
}

#[test]
fn every_preset_follows_the_voice_within_80_ms() {
    let (tools, folder) = (testing::tools(), testing::folder());
    for preset in CaptionPreset::ALL {
        let composition = composition(folder.path(), preset);
        let out = folder.path().join("out.mp4");
        crate::compose(&tools, &composition, &out, &mut |_| {}).unwrap();
        let found = findings(&tools, &out, &composition).unwrap();
        let drift = found
            .iter()
            .find(|finding| finding.code == "caption_drift")
            .unwrap();
        assert!(found.iter().all(|finding| finding.ok), "{preset:?}: {found:?}");
        // A plain preset changes with its pages only; an eighth of a short word is too small to be told apart.
        let words_min = match preset {
            CaptionPreset::Minimal => 2,
            CaptionPreset::Karaoke => 6,
            _ => 9,
        };
        let words: usize = drift.measured.split(' ').nth(3).unwrap().parse().unwrap();
        assert!(words >= words_min, "{preset:?}: {}", drift.measured);
    }
}

#[test]
fn captions_that_come_late_early_or_not_at_all_fail_by_name() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let composition = composition(folder.path(), CaptionPreset::Classic);
    let out = folder.path().join("late.mp4");
    crate::compose(&tools, &shifted(&composition, 120), &out, &mut |_| {}).unwrap();
    let report = check_composition(&tools, &out, &composition, None).unwrap();
    assert!(!ok(&report, "caption_drift") && !report.passed);

    // The plan says 300 ms later than the video shows it.
    crate::compose(&tools, &composition, &out, &mut |_| {}).unwrap();
    let report = check_composition(&tools, &out, &shifted(&composition, 300), None).unwrap();
    assert!(!ok(&report, "caption_drift"), "too early: {:?}", report.findings);

    let mut silent = composition.clone();
    silent.captions = None;
    crate::compose(&tools, &silent, &out, &mut |_| {}).unwrap();
    let report = check_composition(&tools, &out, &composition, None).unwrap();
    assert!(!ok(&report, "caption_coverage") && !report.passed);
}

#[test]
fn text_outside_of_the_safe_area_is_measured() {
    let folder = testing::folder();
    let composition = composition(folder.path(), CaptionPreset::Pop);
    let captions = composition.captions.as_ref().unwrap();
    let mut fonts = testing::fonts("en");
    assert!(place(&mut fonts, &composition, captions).ok);
    // The same drawing against a stricter area.
    let mut track = CaptionTrack::new(&mut fonts, &composition, captions);
    let ink = track.at(&mut fonts, 1_000.0).unwrap().ink().unwrap();
    let limits = SafeArea::Reels.limits((360, 640));
    assert!(
        ink[3] <= limits[3] + OUTSIDE_PX_MAX && ink[3] > limits[3] - 60.0,
        "{ink:?} {limits:?}"
    );
}

/// C8: digits were missing from Hebrew captions, and all checks passed.
#[test]
fn every_letter_and_digit_of_a_caption_is_counted() {
    let folder = testing::folder();
    for (tag, text) in [
        ("he", "3 טיפים לשינה טובה iPhone 15"),
        ("en", "3 טיפים לשינה"),
        ("ar", "قهوة 15 دقيقة"),
        ("zh", "原价￥2,480.50，今天14:30"),
        ("hi", "मधुमक्खियाँ 12"),
        ("ko", "사과 3개"),
        (
            "en",
            "I ❤️ 100% of Recommendationsandresponsibilitiesofentrepreneurship",
        ),
    ] {
        let mut composition = composition(folder.path(), CaptionPreset::Pop);
        let captions = composition.captions.as_mut().unwrap();
        captions.language = testing::language(tag);
        let words = text.split(' ').zip((0_u64..).step_by(400));
        captions.words = words
            .map(|(text, at)| Word {
                text: text.into(),
                start_ms: at,
                end_ms: at + 400,
            })
            .collect();
        let captions = composition.captions.as_ref().unwrap();
        let mut fonts = testing::fonts(tag);
        let found = letters(&mut fonts, &composition, captions);
        assert!(
            found.ok && !found.measured.starts_with("0 of 0"),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_percentile_is_the_nearest_rank() {
    let values: Vec<f64> = (1..=20).map(f64::from).collect();
    assert!((percentile(&values, 0.95) - 19.0).abs() < 1e-9);
    assert!((percentile(&[7.0], 0.95) - 7.0).abs() < 1e-9);
    assert!(percentile(&[], 0.95).abs() < 1e-9);
}
