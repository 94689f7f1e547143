//! Where a long word is cut.

use super::*;
use crate::testing;

#[test]
fn a_long_word_is_cut_at_a_mark_or_a_syllable_with_a_hyphen() {
    for (word, tag, wanted) in [
        ("entrepreneurship.", "en", vec!["entre-", "preneurship."]),
        ("достопримечательности", "ru", vec!["достопри-", "мечательности"]),
        (
            "https://www.example.com/a/very/long/path?with=query&and=more",
            "en",
            vec!["https://www.example.com/a/very/", "long/path?with=query&and=more"],
        ),
        ("العسلالطبيعيوالكثير", "ar", vec!["العسلالطبيعيوالكثير"]),
    ] {
        let parts = halves(word, &testing::language(tag));
        assert_eq!(parts.len(), wanted.len(), "{parts:?}");
        let bare = parts.concat().replace('-', "");
        assert_eq!(bare, word.replace('-', ""));
        assert!(parts.iter().all(|part| part.len() > word.len() / 6), "{parts:?}");
    }
}
