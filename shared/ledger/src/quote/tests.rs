//! Tests of `quote`.

use catalogue::Catalogue;
use domain::job::{JobKind, JobModels};
use domain::receipt::Resource;
use domain::settings::{Language, Settings, SettingsDraft};

use super::{Known, Likely, Quote, quote};

fn settings(duration_s: i64) -> Settings {
    let draft = SettingsDraft {
        keyword: Some("bees".to_owned()),
        duration_s: Some(duration_s),
        ..SettingsDraft::default()
    };
    Settings::parse(draft, Language::English).unwrap()
}

fn quoted(duration_s: i64, kind: JobKind, known: Known) -> Quote {
    quote(
        Catalogue::standard(),
        &settings(duration_s),
        kind,
        known,
        &JobModels::new(),
    )
    .unwrap()
}

#[test]
fn everything_for_twenty_seconds_is_bounded_by_scenes_and_twice_the_time() {
    let quote = quoted(20, JobKind::GenerateAll, Known::default());
    let lines: Vec<_> = quote
        .lines
        .iter()
        .map(|line| (line.resource, line.quantity_max, line.credits.get()))
        .collect();
    assert_eq!(
        lines,
        [
            (Resource::ScriptGeneration, 1, 2),
            (Resource::ImageGeneration, 5, 10),
            (Resource::VoiceSynthesis, 40, 4),
            (Resource::VideoGeneration, 40, 8),
        ]
    );
    assert_eq!(quote.held.get(), 24);
    assert_eq!(quote.likely.get(), 2 + 10 + 2 + 4, "as long as was asked");
}

#[test]
fn a_known_script_is_quoted_by_its_own_scenes() {
    let nine = Known {
        scenes: Some(9),
        ..Known::default()
    };
    let quote = quoted(20, JobKind::GenerateImages, nine);
    assert_eq!((quote.lines.len(), quote.held.get()), (1, 18));
    let own = Known {
        own_images: 7,
        ..nine
    };
    assert_eq!(
        quoted(20, JobKind::GenerateImages, own).held.get(),
        4,
        "two are left"
    );
}

#[test]
fn the_sign_up_gift_pays_for_a_whole_minute() {
    assert!(quoted(60, JobKind::GenerateAll, Known::default()).held.get() <= 100);
}

#[test]
fn each_kind_is_quoted_for_its_own_steps() {
    for kind in [
        JobKind::GenerateAll,
        JobKind::GenerateScript,
        JobKind::GenerateImages,
        JobKind::GenerateVoice,
        JobKind::ComposeVideo,
    ] {
        let quote = quoted(30, kind, Known::default());
        assert_eq!(quote.lines.len(), kind.steps().len(), "{kind:?}");
        let sum: u64 = quote.lines.iter().map(|line| line.credits.get()).sum();
        assert_eq!(quote.held.get(), sum);
        assert!(!quote.held.is_zero(), "{kind:?}");
    }
}

#[test]
fn a_voice_that_is_longer_than_the_settings_ask_for_is_not_composed_for_nothing() {
    let long = Known {
        scenes: Some(24),
        seconds: 181,
        ..Known::default()
    };
    assert_eq!(quoted(5, JobKind::ComposeVideo, long).held.get(), 38);
    let short = Known { seconds: 21, ..long };
    assert_eq!(
        quoted(20, JobKind::ComposeVideo, short).lines,
        quoted(20, JobKind::ComposeVideo, Known::default()).lines
    );
}

#[test]
fn what_work_likely_comes_to_is_priced_and_never_above_the_hold() {
    let known = |scenes, seconds| Known {
        likely: Likely {
            scenes: Some(scenes),
            voice_s: Some(seconds),
            video_s: Some(seconds + 1),
        },
        ..Known::default()
    };
    let quote = quoted(20, JobKind::GenerateAll, known(4, 20));
    assert_eq!(quote.held.get(), 24);
    assert_eq!(
        quote.likely.get(),
        2 + 4 * 2 + 2 + 3 * 2,
        "a started ten seconds counts whole"
    );
    let beyond = quoted(20, JobKind::GenerateAll, known(5, 600));
    assert_eq!(beyond.likely, beyond.held);
}
