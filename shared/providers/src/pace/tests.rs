//! Planned lengths.

use super::*;

#[test]
fn twice_the_speed_takes_half_the_time() {
    for language in Language::ALL {
        let normal = spoken_ms("Ein Satz, 하나 문장, 一句话, одна фраза", *language, 100);
        let fast = spoken_ms("Ein Satz, 하나 문장, 一句话, одна фраза", *language, 200);
        assert!(fast.abs_diff(normal / 2) <= 1, "{language}: {normal} {fast}");
    }
}

#[test]
fn a_speed_the_engine_cannot_reach_is_planned_as_the_one_it_reaches() {
    assert_eq!(engine_rate(Language::Russian, 50), 80);
    assert_eq!(reached_speed(Language::Russian, 50), 63);
    assert_eq!(
        spoken_ms("Привет", Language::Russian, 50),
        spoken_ms("Привет", Language::Russian, 63)
    );
}

#[test]
fn the_rate_grows_with_the_speed_in_every_language() {
    for language in Language::ALL {
        let rates: Vec<u32> = (50..=200).map(|speed| engine_rate(*language, speed)).collect();
        assert!(rates.is_sorted(), "{language}");
        assert!(rates.iter().all(|rate| (80..=450).contains(rate)), "{language}");
    }
}

#[test]
fn marks_at_the_end_cost_nothing_and_inside_they_do() {
    let plain = spoken_ms("one two", Language::English, 100);
    assert_eq!(spoken_ms("one two.", Language::English, 100), plain);
    assert!(spoken_ms("one, two", Language::English, 100) > plain);
}
