//! The real engine speaks, in four languages.

use domain::ErrorCode;
use domain::settings::Language;
use providers::ScriptWriter as _;

use super::*;
use crate::script::LocalScripts;
use crate::testing::{call, tools};

mod corpus;
mod drift;

fn brief(language: Language, sections: &[&str]) -> VoiceBrief {
    VoiceBrief {
        sections: sections.iter().map(|s| (*s).to_owned()).collect(),
        language,
        voice_id: None,
        speed_percent: 100,
        length_ms_max: None,
    }
}

async fn spoken(brief: &VoiceBrief) -> Speech {
    let maker = LocalVoices::new(&tools());
    match maker.speak(&call(), brief).await.unwrap() {
        ProviderReply::Done(speech) => speech,
        ProviderReply::Pending { .. } => panic!("the local voice answers at once"),
    }
}

/// Everything that [`Speech`] promises.
fn check(speech: &Speech, brief: &VoiceBrief) {
    let marks = &speech.scene_marks_ms;
    assert_eq!(marks.len(), brief.sections.len() + 1);
    assert_eq!(marks[0], 0);
    assert_eq!(*marks.last().unwrap(), speech.duration_ms);
    assert!(marks.windows(2).all(|pair| pair[0] < pair[1]), "{marks:?}");
    for (scene, text) in brief.sections.iter().enumerate() {
        let words: Vec<_> = speech
            .words
            .iter()
            .filter(|w| usize::try_from(w.scene) == Ok(scene))
            .collect();
        let joined: String = words
            .iter()
            .flat_map(|w| w.text.chars())
            .filter(|c| !c.is_whitespace())
            .collect();
        let written: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(joined, written);
        assert!(
            words
                .iter()
                .all(|w| w.start_ms >= marks[scene] && w.end_ms <= marks[scene + 1])
        );
    }
    assert!(
        speech.words.iter().all(|w| w.start_ms < w.end_ms),
        "{:?}",
        speech.words
    );
    assert!(
        speech
            .words
            .windows(2)
            .all(|pair| pair[0].end_ms <= pair[1].start_ms),
        "{:?}",
        speech.words
    );
    let samples = u64::from(speech.duration_ms) * 48;
    let bytes = u64::try_from(speech.wav.len()).unwrap();
    assert!(
        bytes.abs_diff(samples * 2) < 4000,
        "{bytes} bytes for {} ms",
        speech.duration_ms
    );
    assert_eq!(speech.wav[22..28], [1, 0, 0x80, 0xbb, 0, 0], "mono, 48,000 Hz");
}

#[tokio::test]
async fn four_languages_are_spoken_with_the_times_of_their_words() {
    for (language, sections, words) in [
        (
            Language::English,
            ["How bees make honey.", "It takes time, and it pays off."],
            11,
        ),
        (
            Language::Korean,
            ["여름 휴가 짐 싸기.", "작은 것 하나를 골라, 오늘 해 보세요."],
            11,
        ),
        (Language::Chinese, ["今天聊聊蜜蜂。", "先看整体，再看细节。"], 7),
        (
            Language::Russian,
            ["Как пчёлы делают мёд.", "Это легче, чем кажется."],
            8,
        ),
    ] {
        let brief = brief(language, &sections);
        let speech = spoken(&brief).await;
        check(&speech, &brief);
        assert_eq!(speech.words.len(), words, "{:?}", speech.words);
        assert!(
            (2000..9000).contains(&speech.duration_ms),
            "{language}: {}",
            speech.duration_ms
        );
    }
}

#[tokio::test]
async fn foreign_script_is_read_and_not_spelled() {
    let brief = brief(Language::English, &["Let's talk about 蜜蜂怎么酿蜜 and кофе."]);
    let speech = spoken(&brief).await;
    check(&speech, &brief);
    assert!(speech.duration_ms < 6000, "{}", speech.duration_ms);
}

#[tokio::test]
async fn marks_and_emoji_do_not_stop_the_voice() {
    let brief = brief(Language::English, &["!!!", "🐝 Bees — \"yes\" & no; 100%!", "…"]);
    check(&spoken(&brief).await, &brief);
}

#[tokio::test]
async fn a_higher_speed_is_shorter_by_as_much() {
    let mut brief = brief(
        Language::Korean,
        &["작은 것 하나를 골라 오늘 해 보세요. 완벽하지 않아도 괜찮아요."],
    );
    let normal = spoken(&brief).await.duration_ms;
    brief.speed_percent = 200;
    let fast = spoken(&brief).await.duration_ms;
    assert!(
        (fast * 2).abs_diff(normal) * 100 < normal * 15,
        "{normal} and {fast}"
    );
}

#[tokio::test]
async fn every_voice_of_the_list_speaks() {
    for info in catalogue::voices(LOCAL).unwrap() {
        let brief = VoiceBrief {
            voice_id: Some(info.id),
            ..brief(info.language, &["1, 2."])
        };
        check(&spoken(&brief).await, &brief);
    }
}

#[tokio::test]
async fn the_voice_of_another_language_is_unknown() {
    let maker = LocalVoices::new(&tools());
    let brief = VoiceBrief {
        voice_id: Some("local-ko-female-1".to_owned()),
        ..brief(Language::English, &["Hello."])
    };
    let error = maker.speak(&call(), &brief).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::VoiceUnknown);
}

#[tokio::test]
async fn a_missing_program_names_the_variable_to_look_at() {
    let maker = LocalVoices::new(&LocalTools {
        speak_words: "/nowhere/speak-words".into(),
        ..tools()
    });
    let error = maker
        .speak(&call(), &brief(Language::English, &["Hello."]))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::VoiceEngineFailed);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("SPEAK_WORDS_PATH"), "{cause}");
}

#[tokio::test]
async fn a_missing_library_names_the_variable_to_look_at() {
    let maker = LocalVoices::new(&LocalTools {
        espeak_lib: "/nowhere/lib.so".into(),
        ..tools()
    });
    let error = maker
        .speak(&call(), &brief(Language::English, &["Hello."]))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::VoiceEngineFailed);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("ESPEAK_LIB_PATH"), "{cause}");
}

#[tokio::test]
async fn a_missing_ffmpeg_fails_the_voice() {
    let maker = LocalVoices::new(&LocalTools {
        ffmpeg: "/nowhere/ffmpeg".into(),
        ..tools()
    });
    let error = maker
        .speak(&call(), &brief(Language::English, &["Hello."]))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::VoiceEngineFailed);
}

/// C3: 20 s asked gave 20.21 s, 5 s gave 5.7 s.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures are read with `--nocapture`")]
async fn a_video_is_never_longer_than_asked_and_at_most_a_twentieth_shorter() {
    let keywords = [
        (
            Language::English,
            ["How bees make honey", "C++ vs. Rust", "Dr. Seuss books ranked"],
        ),
        (
            Language::Korean,
            [
                "여름 휴가 짐 싸기",
                "커피 맛있게 내리는 법",
                "사과 3개로 만드는 요리",
            ],
        ),
        (Language::Chinese, ["蜜蜂怎么酿蜜", "85折购物技巧", "咖啡"]),
        (
            Language::Russian,
            ["Как пчёлы делают мёд", "Кофе", "5 советов о сне"],
        ),
    ];
    let lengths = |shift: usize| [5, 10, 20, 30, 60].into_iter().cycle().skip(shift);
    let cases = keywords
        .iter()
        .zip(0..)
        .flat_map(|((language, keywords), shift)| {
            let cases = keywords.iter().zip(lengths(shift));
            cases.map(move |(keyword, duration_s)| (*language, *keyword, duration_s))
        });
    let mut wrong = Vec::new();
    for (language, keyword, duration_s) in cases {
        let length_ms = length_ms(language, keyword, duration_s).await;
        println!("{language} {duration_s} s: {length_ms} ms, {keyword}");
        let asked_ms = duration_s * 1000;
        if length_ms > asked_ms || length_ms * 100 < asked_ms * 95 {
            wrong.push(format!(
                "{language} {duration_s} s took {length_ms} ms: {keyword}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How long a video of a keyword is.
async fn length_ms(language: Language, keyword: &str, duration_s: u32) -> u32 {
    let draft = domain::settings::SettingsDraft {
        keyword: Some(keyword.to_owned()),
        duration_s: Some(duration_s.into()),
        ..domain::settings::SettingsDraft::default()
    };
    let settings = domain::settings::Settings::parse(draft, language).unwrap();
    let script = match LocalScripts.write(&call(), &settings).await {
        Ok(ProviderReply::Done(script)) => script,
        other => panic!("{other:?}"),
    };
    let speech = spoken(&VoiceBrief::of(&settings, &script)).await;
    speech.duration_ms + providers::pace::END_MS
}
