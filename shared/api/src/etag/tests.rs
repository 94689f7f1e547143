//! Tests of `etag`.

use domain::Timestamp;
use domain::ports::LINK_S;

use super::{LINKS_S, is_known, of_links, of_version};

#[test]
fn a_known_answer_is_found_among_several_and_if_weak() {
    let tag = of_version(7);
    assert_eq!(tag, "\"7\"");
    for header in ["\"7\"", "W/\"7\"", "\"6\",\"7\"", "*"] {
        assert!(is_known(header, &tag), "{header}");
    }
    for header in ["", "7", "\"77\"", "\"7-1\""] {
        assert!(!is_known(header, &tag), "{header}");
    }
}

#[test]
fn an_answer_with_links_is_new_before_its_links_have_expired() {
    let at = |s: i64| of_links(7, Timestamp::from_ms(s * 1000));
    assert_eq!(at(0), "\"7-0\"");
    assert_eq!(at(0), at(LINKS_S - 1));
    assert_ne!(at(0), at(LINKS_S));
    assert_eq!(LINKS_S * 2, i64::from(LINK_S));
}
