//! Joining scenes.

use super::*;

fn spoken(ms: usize) -> Utterance {
    Utterance {
        wave: Wave {
            rate: 1000,
            samples: vec![9000; ms],
        },
        anchors: vec![Anchor {
            character: 0,
            at_ms: 0,
        }],
    }
}

fn add(track: &mut Track, text: &str, stretches: Vec<(usize, Utterance)>) {
    let said = spoken_text::spoken(text, Language::English);
    track.add(text, &said, stretches);
}

#[test]
fn scenes_follow_each_other_with_a_gap_and_images_lead() {
    let mut track = Track::new(Language::English, 300);
    add(&mut track, "one", vec![(0, spoken(500))]);
    add(&mut track, "two", vec![(0, spoken(400))]);
    let joined = track.finish();
    let second = LEAD_MS + 500 + 300;
    assert_eq!(joined.starts_ms, [0, second - IMAGE_LEAD_MS]);
    assert_eq!(
        (joined.words[0].start_ms, joined.words[0].end_ms),
        (LEAD_MS, LEAD_MS + 500)
    );
    assert_eq!(
        (joined.words[1].start_ms, joined.words[1].end_ms),
        (second, second + 400)
    );
    assert_eq!(joined.wave.duration_ms(), second + 400 + TAIL_MS);
}

#[test]
fn a_scene_that_nobody_can_say_is_shown_in_silence() {
    let mut track = Track::new(Language::English, 300);
    add(&mut track, "!!!", Vec::new());
    let joined = track.finish();
    assert_eq!(joined.wave.duration_ms(), LEAD_MS + SILENT_SECTION_MS + TAIL_MS);
    assert_eq!(joined.words[0].text, "!!!");
}

#[test]
fn the_words_of_two_voices_keep_their_places() {
    let mut track = Track::new(Language::English, 300);
    add(
        &mut track,
        "see 蜜蜂 now",
        vec![(0, spoken(200)), (4, spoken(300)), (7, spoken(100))],
    );
    let words = track.finish().words;
    let starts: Vec<u32> = words.iter().map(|w| w.start_ms - LEAD_MS).collect();
    assert_eq!(starts, [0, 200 + HANDOVER_MS, 500 + 2 * HANDOVER_MS]);
}

#[test]
fn a_number_is_said_in_its_own_words_and_timed_as_it_is_shown() {
    let mut track = Track::new(Language::English, 300);
    let text = "It was $2.3 billion then";
    let said = spoken_text::spoken(text, Language::English);
    assert_eq!(said.text, "It was two point three billion dollars then");
    let anchor = |character, at_ms| Anchor { character, at_ms };
    let utterance = Utterance {
        anchors: vec![anchor(0, 0), anchor(7, 300), anchor(23, 1000), anchor(39, 1800)],
        ..spoken(2000)
    };
    track.add(text, &said, vec![(0, utterance)]);
    let words: Vec<(String, u32)> = track
        .finish()
        .words
        .into_iter()
        .map(|word| (word.text, word.start_ms - LEAD_MS))
        .collect();
    assert_eq!(words[2], ("$2.3".to_owned(), 300));
    assert_eq!(words[3], ("billion".to_owned(), 1000));
    assert_eq!(words[4], ("then".to_owned(), 1800));
}
