//! Which voice reads what.

use catalogue::{LOCAL, find_voice};

use super::*;

fn voices(text: &str, language: Language) -> Vec<(usize, String, String)> {
    let voice = find_voice(LOCAL, language, None).unwrap();
    let pace = Pace {
        speed_percent: 100,
        fit_permille: 1000,
    };
    split(text, voice, pace)
        .into_iter()
        .map(|r| (r.start, r.engine_voice, r.text))
        .collect()
}

#[test]
fn a_text_in_its_own_script_is_one_run() {
    assert_eq!(voices("Today, 3 bees.", Language::English).len(), 1);
    assert_eq!(voices("今天聊How bees吧。", Language::Chinese).len(), 1);
    assert_eq!(voices("오늘은 커피", Language::Korean).len(), 1);
}

#[test]
fn foreign_script_goes_to_a_voice_that_reads_it() {
    let runs = voices("About 蜜蜂酿蜜, now", Language::English);
    assert_eq!(
        runs,
        [
            (0, "en-us+f3".to_owned(), "About ".to_owned()),
            (6, "cmn+f3".to_owned(), "蜜蜂酿蜜, ".to_owned()),
            (12, "en-us+f3".to_owned(), "now".to_owned()),
        ]
    );
}

#[test]
fn marks_before_the_first_letter_go_with_it() {
    let runs = voices("«Кофе» is nice", Language::English);
    assert_eq!(runs[0], (0, "ru+f3".to_owned(), "«Кофе» ".to_owned()));
    assert_eq!(runs.len(), 2);
}

#[test]
fn the_runs_together_are_the_text() {
    let text = " ¿Где? 蜜蜂! γλυκό שלום 42 ok";
    let joined: String = voices(text, Language::Korean).into_iter().map(|r| r.2).collect();
    assert_eq!(joined, text);
}
