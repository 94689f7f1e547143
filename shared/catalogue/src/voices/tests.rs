//! What can be chosen.

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_language_has_at_least_two_voices_with_ids_of_their_own() {
    let all = voices(LOCAL).unwrap();
    for language in Language::ALL {
        assert!(
            all.iter().filter(|v| v.language == *language).count() >= 2,
            "{language}"
        );
    }
    let ids: BTreeSet<&str> = all.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
}

#[test]
fn a_voice_is_known_only_for_its_own_language() {
    assert!(voice_known(LOCAL, Language::Korean, "local-ko-female-1"));
    assert!(!voice_known(LOCAL, Language::English, "local-ko-female-1"));
    assert!(!voice_known("nobody", Language::Korean, "local-ko-female-1"));
}
