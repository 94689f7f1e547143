//! Words and their times.

use super::*;

fn texts(text: &str, language: Language) -> Vec<String> {
    tokens(text, language).into_iter().map(|t| t.text).collect()
}

#[test]
fn punctuation_stays_with_its_word() {
    assert_eq!(texts("Well, \"yes\"!", Language::English), ["Well,", "\"yes\"!"]);
    assert_eq!(
        texts("ошибка — хотеть", Language::Russian),
        ["ошибка —", "хотеть"]
    );
    assert_eq!(texts("— Да.", Language::Russian), ["— Да."]);
    assert_eq!(
        texts("여름 휴가, 짐 싸기.", Language::Korean),
        ["여름", "휴가,", "짐", "싸기."]
    );
}

#[test]
fn chinese_numbers_times_and_words_stay_whole_and_nothing_is_lost() {
    for (text, wanted) in [
        (
            "今天聊聊蜜蜂怎么酿蜜，三个要点。",
            "今天 聊聊 蜜蜂 怎么 酿蜜， 三个 要点。",
        ),
        (
            "原价￥2,480.50，今天14:30开始打85折。",
            "原 价 ￥2,480.50， 今天 14:30 开始 打 85折。",
        ),
        (
            "关于“How bees”，30秒看懂咖啡吧",
            "关于 “How bees”， 30秒 看懂 咖啡吧",
        ),
    ] {
        assert_eq!(texts(text, Language::Chinese).join(" "), wanted);
    }
    let long = texts(
        "每天早上起床以后先喝一杯温水再出门散步半个小时身体会越来越健康",
        Language::Chinese,
    );
    for word in ["健康", "小时", "一杯"] {
        assert!(long.iter().any(|piece| piece == word), "{word}: {long:?}");
    }
}

#[test]
fn a_text_of_marks_only_is_one_word() {
    assert_eq!(texts("!!!", Language::English), ["!!!"]);
    assert_eq!(texts("……", Language::Chinese), ["……"]);
}

#[test]
fn known_times_are_kept_and_the_others_shared_out_by_letters() {
    let text = "one three five";
    let anchors = [
        Anchor {
            character: 0,
            at_ms: 0,
        },
        Anchor {
            character: 10,
            at_ms: 900,
        },
    ];
    let words = timed(text, tokens(text, Language::English), &anchors, (0, 1300), 2);
    let times: Vec<(u32, u32)> = words.iter().map(|w| (w.start_ms, w.end_ms)).collect();
    // Three of the eight letters before "five" are over when "three" starts.
    assert_eq!(times, [(0, 337), (337, 900), (900, 1300)]);
    assert!(words.iter().all(|w| w.scene == 2));
}

#[test]
fn times_that_go_backwards_do_not_make_words_overlap() {
    let text = "a b c d";
    let anchors = [
        Anchor {
            character: 0,
            at_ms: 500,
        },
        Anchor {
            character: 2,
            at_ms: 100,
        },
        Anchor {
            character: 4,
            at_ms: 9000,
        },
    ];
    let words = timed(text, tokens(text, Language::English), &anchors, (100, 700), 0);
    assert_eq!(words.len(), 4);
    assert!(
        words
            .iter()
            .all(|w| w.start_ms < w.end_ms && w.start_ms >= 100 && w.end_ms <= 700)
    );
    assert!(words.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms));
}

#[test]
fn more_words_than_time_still_come_in_order() {
    let text = "a b c d e f g h i j";
    let words = timed(text, tokens(text, Language::English), &[], (0, 50), 0);
    assert!(words.windows(2).all(|pair| pair[0].start_ms < pair[1].start_ms));
    assert_eq!(words.last().map(|w| w.end_ms), Some(50));
}
