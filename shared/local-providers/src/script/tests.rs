//! What every script keeps, in every language.

use domain::script::{NARRATION_CHARS_MAX, SectionKind};
use domain::settings::{Brand, Language, SettingsDraft, Tone};

use providers::pace::{END_MS, LEAD_MS, TAIL_MS, gap_ms, spoken_ms};

use super::outline::outline;
use super::*;

const KEYWORDS: &[&str] = &[
    "How bees make honey",
    "5 tips for better sleep",
    "Is coffee healthy?",
    "여름 휴가 짐 싸기",
    "커피",
    "如何整理行李",
    "天空为什么是蓝色的？",
    "Как пчёлы делают мёд",
    "Кофе",
    "🐝 honey",
];

fn settings(keyword: &str, language: Language, duration_s: i64) -> Settings {
    toned(keyword, language, duration_s, Tone::Casual)
}

fn toned(keyword: &str, language: Language, duration_s: i64, tone: Tone) -> Settings {
    let draft = SettingsDraft {
        keyword: Some(keyword.to_owned()),
        tone: Some(tone.as_str().to_owned()),
        duration_s: Some(duration_s),
        ..SettingsDraft::default()
    };
    Settings::parse(draft, language).unwrap()
}

fn every(mut check: impl FnMut(&Settings, &Script)) {
    let tones = Language::ALL
        .iter()
        .flat_map(|l| Tone::ALL.iter().map(move |t| (*l, *t)));
    for (language, tone) in tones {
        let lengths = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180];
        let asked = KEYWORDS
            .iter()
            .zip(lengths)
            .flat_map(|(keyword, length)| [(keyword, length), (keyword, 30)]);
        for (keyword, duration_s) in asked {
            let settings = toned(keyword, language, duration_s, tone);
            let script = outline(&settings).unwrap();
            check(&settings, &script);
        }
    }
}

/// What the local voice would take, by plan.
fn planned_ms(settings: &Settings, script: &Script) -> u32 {
    let gap = gap_ms(settings.language, settings.speed_percent);
    let speech: u32 = script
        .sections
        .iter()
        .map(|s| spoken_ms(&s.narration, settings.language, settings.speed_percent) + gap)
        .sum();
    speech - gap + LEAD_MS + TAIL_MS
}

#[test]
fn a_script_is_a_hook_numbered_points_and_an_outro() {
    every(|settings, script| {
        let kinds: Vec<SectionKind> = script.sections.iter().map(|s| s.kind).collect();
        assert_eq!(kinds.first(), Some(&SectionKind::Hook), "{settings:?}");
        assert_eq!(kinds.last(), Some(&SectionKind::Outro), "{settings:?}");
        let numbers: Vec<u32> = script.sections.iter().filter_map(|s| s.number).collect();
        assert_eq!(numbers.len(), script.sections.len() - 2);
        assert!(numbers.iter().copied().eq(1..=numbers.len().try_into().unwrap()));
    });
}

#[test]
fn there_are_never_more_scenes_than_the_hold_covers() {
    every(|settings, script| assert!(script.scenes() <= settings.scenes_max(), "{settings:?}"));
}

#[test]
fn times_start_at_zero_leave_no_gap_and_end_with_the_video() {
    every(|settings, script| {
        assert_eq!(script.sections[0].start_ms, 0);
        assert!(
            script
                .sections
                .windows(2)
                .all(|pair| pair[0].end_ms == pair[1].start_ms)
        );
        assert!(
            script.sections.iter().all(|s| s.start_ms < s.end_ms),
            "{script:?}"
        );
        assert_eq!(script.sections.last().unwrap().end_ms, settings.duration_s * 1000);
    });
}

#[test]
fn a_person_could_have_written_every_section() {
    every(|settings, script| {
        let checked = script.clone().edited();
        assert!(checked.is_ok(), "{settings:?} {checked:?}");
        for section in &script.sections {
            assert!(!section.narration.contains(['{', '}']), "{}", section.narration);
            assert!(!section.narration.contains("  "), "{}", section.narration);
            assert!(section.narration.chars().count() <= NARRATION_CHARS_MAX);
        }
    });
}

#[test]
fn no_sentence_is_said_twice() {
    every(|settings, script| {
        // A quoted question is said more than once, and ends like a sentence.
        if settings.keyword.as_str().ends_with(['?', '？']) {
            return;
        }
        let mut said = std::collections::BTreeSet::new();
        for section in &script.sections {
            for sentence in section
                .narration
                .split_inclusive(['.', '!', '?', '。', '！', '？'])
            {
                assert!(said.insert(sentence.trim().to_owned()), "{sentence}");
            }
        }
    });
}

#[test]
fn the_plan_fits_the_asked_seconds() {
    every(|settings, script| {
        let planned = planned_ms(settings, script);
        let asked = settings.duration_s * 1000 - END_MS;
        // In the shortest videos one word more or less is much; the voice makes up for it by its pace.
        let percent = match settings.duration_s {
            ..=5 => 15,
            6..=10 => 10,
            _ => 5,
        };
        assert!(
            planned.abs_diff(asked) * 100 <= asked * percent,
            "{planned} for {asked}: {settings:?}"
        );
    });
}

#[test]
fn the_same_settings_write_the_same_and_others_something_else() {
    let one = settings("How bees make honey", Language::English, 30);
    assert_eq!(outline(&one).unwrap(), outline(&one).unwrap());
    let other = settings("How birds build nests", Language::English, 30);
    let texts = |settings: &Settings| -> Vec<String> {
        outline(settings)
            .unwrap()
            .sections
            .into_iter()
            .map(|s| s.narration)
            .collect()
    };
    assert_ne!(texts(&one), texts(&other));
    let tones: std::collections::BTreeSet<String> = Tone::ALL
        .iter()
        .map(|tone| texts(&toned("Coffee", Language::English, 30, *tone)).concat())
        .collect();
    assert_eq!(tones.len(), Tone::ALL.len());
}

#[test]
fn the_opening_names_the_keyword() {
    every(|settings, script| {
        let keyword = settings.keyword.as_str().trim_end_matches(['?', '？']);
        let core = keyword.split(" for ").last().unwrap().to_lowercase();
        let hook = script.sections[0].narration.to_lowercase();
        // Five seconds have room for a short topic only.
        let fits = spoken_ms(keyword, settings.language, 100) <= (settings.duration_s * 250).min(2000);
        assert!(!fits || hook.contains(&core), "{hook} should name {core}");
        assert!(script.sections[0].heading.to_lowercase().contains(&core));
    });
}

#[test]
fn phrases_to_avoid_are_nowhere() {
    for (language, phrases) in [
        (
            Language::English,
            vec!["follow", "honey", "smallest", "start with why"],
        ),
        (Language::Korean, vec!["팔로우", "실수", "오늘"]),
        (Language::Chinese, vec!["关注", "例子", "今天"]),
        (Language::Russian, vec!["подпишитесь", "пример", "сегодня"]),
    ] {
        for tone in Tone::ALL {
            let mut settings = toned("How bees make honey", language, 60, *tone);
            settings.brand.phrases_to_avoid = phrases.iter().map(|p| (*p).to_owned()).collect();
            let script = outline(&settings).unwrap();
            for section in &script.sections {
                let all = format!(
                    "{} {} {} {}",
                    script.title, section.heading, section.narration, section.image_prompt
                );
                let all = all.to_lowercase();
                let found = phrases.iter().find(|phrase| all.contains(**phrase));
                assert_eq!(found, None, "{all}");
            }
        }
    }
}

#[test]
fn a_brand_that_avoids_everything_is_refused() {
    let mut settings = settings("Coffee", Language::Korean, 30);
    settings.brand.phrases_to_avoid = vec![
        "요".to_owned(),
        "다".to_owned(),
        "차례".to_owned(),
        "여".to_owned(),
        "부".to_owned(),
    ];
    let error = outline(&settings).unwrap_err();
    assert_eq!(error.code(), domain::ErrorCode::ProviderRefused);
}

#[test]
fn the_audience_is_greeted_when_there_is_time() {
    for language in Language::ALL {
        let mut settings = settings("Coffee", *language, 30);
        settings.brand = Brand {
            audience: Some("night owls".to_owned()),
            ..Brand::default()
        };
        let script = outline(&settings).unwrap();
        assert!(script.sections[1].narration.contains("night owls"), "{script:?}");
        settings.duration_s = 5;
        let script = outline(&settings).unwrap();
        assert!(!script.sections[1].narration.contains("night owls"));
    }
}

#[test]
fn a_promised_number_of_points_is_kept_or_not_promised() {
    let script = outline(&settings("5 tips for better sleep", Language::English, 30)).unwrap();
    assert_eq!(script.title, "5 tips for better sleep");
    assert_eq!(script.sections.len(), 7);
    let short = outline(&settings("5 tips for better sleep", Language::English, 10)).unwrap();
    assert_eq!(short.title, "Better sleep");
    let korean = outline(&settings("좋은 잠을 위한 3가지 방법", Language::Korean, 30)).unwrap();
    assert_eq!(korean.sections.len(), 5);
}

#[test]
fn a_keyword_of_two_hundred_characters_is_written_about_without_being_read_out() {
    let keyword = "a very long keyword ".repeat(10);
    let script = outline(&settings(&keyword, Language::English, 20)).unwrap();
    assert!(script.title.ends_with('…'));
    assert!(
        script
            .sections
            .iter()
            .all(|s| !s.narration.contains("very long keyword"))
    );
}

#[test]
fn korean_particles_follow_the_last_sound() {
    let said = |keyword: &str| -> String {
        let settings = settings(keyword, Language::Korean, 180);
        outline(&settings)
            .unwrap()
            .sections
            .into_iter()
            .map(|s| s.narration)
            .collect()
    };
    assert!(said("커피").contains("커피를 "));
    assert!(said("여행").contains("여행을 "));
    assert!(said("Coffee").contains("Coffee를 "));
    assert!(said("Seoul").contains("Seoul을 "));
    assert!(said("Google").contains("Google을 "));
    assert!(said("蜜蜂").contains("‘蜜蜂’ 이야기를 "));
}

#[test]
fn russian_clauses_and_nouns_stand_where_nothing_is_declined() {
    let said = |keyword: &str| -> String {
        let settings = settings(keyword, Language::Russian, 180);
        outline(&settings)
            .unwrap()
            .sections
            .into_iter()
            .map(|s| s.narration)
            .collect()
    };
    assert!(said("Почему небо голубое").contains("объяснить одной простой фразой, почему небо голубое."));
    assert!(said("Кофе").contains("объяснить одной простой фразой тему «Кофе»."));
}

#[tokio::test]
async fn the_trait_answers_at_once_and_leaves_nothing_to_poll() {
    let settings = settings("Coffee", Language::English, 20);
    let call = crate::testing::call();
    let written = LocalScripts.write(&call, &settings).await.unwrap();
    assert_eq!(written, ProviderReply::Done(outline(&settings).unwrap()));
    let error = LocalScripts.poll("x", &settings).await.unwrap_err();
    assert_eq!(error.code(), domain::ErrorCode::ProviderRejected);
}
