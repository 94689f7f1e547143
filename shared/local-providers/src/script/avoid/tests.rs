//! Phrases to avoid.

use super::*;

fn avoid(phrase: &str) -> Avoid {
    Avoid::new(&[phrase.to_owned()])
}

#[test]
fn a_word_is_found_whole_and_in_any_case() {
    assert!(!avoid("Cat").allows("the CAT sat"));
    assert!(avoid("cat").allows("education"));
    assert!(!avoid("for more").allows("Follow for  more."));
}

#[test]
fn scripts_without_spaces_are_searched_inside() {
    assert!(!avoid("관심").allows("관심을 가져요"));
    assert!(!avoid("关注").allows("请关注我"));
    assert!(avoid("год").allows("погода"));
}

#[test]
fn an_empty_phrase_forbids_nothing() {
    assert!(avoid("  ").allows("anything"));
}
