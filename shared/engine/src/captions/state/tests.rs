//! States: what each preset shows while a word is spoken, and what changes between two of them.

use super::*;

/// Two words of 400 ms with a pause of a second between them.
fn page() -> Page {
    let item = |text: &str, start_ms| Item {
        text: text.into(),
        start_ms,
        end_ms: start_ms + 400,
        spaced: true,
    };
    Page {
        items: vec![item("Bees", 0), item("fly", 1_400)],
        lines: std::iter::once(0..2).collect(),
        start_ms: 0,
        end_ms: 2_000,
    }
}

fn states(preset: CaptionPreset, times: [f64; 4]) -> [(Option<usize>, usize); 4] {
    times.map(|now_ms| {
        let state = State::at(&page(), preset, now_ms);
        (state.word, state.step)
    })
}

#[test]
fn karaoke_fills_each_word_and_keeps_it_filled_in_a_pause() {
    assert_eq!(
        states(CaptionPreset::Karaoke, [0.0, 200.0, 900.0, 1_450.0]),
        [(Some(0), 0), (Some(0), 4), (Some(0), FILL_STEPS), (Some(1), 1)]
    );
}

#[test]
fn a_popping_word_comes_to_rest_and_is_let_go_in_a_pause() {
    let rest = POP_CURVE.len() - 1;
    assert_eq!(
        states(CaptionPreset::Pop, [0.0, 40.0, 390.0, 900.0]),
        [(Some(0), 0), (Some(0), 1), (Some(0), rest), (None, 0)]
    );
}

#[test]
fn typed_letters_begin_with_the_word_and_end_with_it() {
    assert_eq!(
        states(CaptionPreset::Typewriter, [0.0, 100.0, 399.0, 1_400.0]),
        [(Some(0), 1), (Some(0), 2), (Some(0), 4), (Some(1), 1)]
    );
}

#[test]
fn a_plain_preset_has_one_state_per_page() {
    assert_eq!(
        states(CaptionPreset::Minimal, [0.0, 100.0, 900.0, 1_500.0]),
        [(None, 0); 4]
    );
}

#[test]
fn what_adds_up_changes_all_words_between() {
    let at = |word| State { word, step: 0 };
    let changed = at(Some(1)).changed(at(Some(3)), CaptionPreset::Karaoke);
    assert_eq!(changed, [Some(1..4), None]);
    let changed = at(Some(1)).changed(at(None), CaptionPreset::Classic);
    assert_eq!(changed, [Some(1..2), None]);
}
