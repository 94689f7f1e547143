//! Fitting wordings into a time.

use super::*;

fn wording(text: &str, spoken_ms: u32, dislike: u32) -> Wording {
    Wording {
        text: text.to_owned(),
        spoken_ms,
        dislike,
    }
}

#[test]
fn the_sum_next_to_the_target_is_chosen() {
    let sections = [
        vec![wording("a", 1000, 0), wording("b", 3000, 0)],
        vec![wording("c", 2000, 0), wording("d", 4000, 0)],
    ];
    let fitted = fit(&sections, 7000).unwrap();
    let texts: Vec<&str> = fitted.wordings.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(texts, ["b", "d"]);
    assert_eq!(fitted.error_ms, 0);
}

#[test]
fn among_equally_near_sums_the_better_liked_wins() {
    let sections = [vec![wording("a", 1000, 50), wording("b", 1000, 10)]];
    assert_eq!(fit(&sections, 1000).unwrap().wordings[0].text, "b");
}

#[test]
fn a_target_far_too_short_takes_the_shortest_wordings() {
    let sections = [vec![wording("long", 5000, 0), wording("short", 3000, 90)]];
    let fitted = fit(&sections, 500).unwrap();
    assert_eq!(fitted.wordings[0].text, "short");
    assert_eq!(fitted.error_ms, 2500);
}

#[test]
fn a_section_without_a_wording_cannot_be_fitted() {
    assert_eq!(fit(&[Vec::new()], 1000), None);
}
