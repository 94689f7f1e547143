//! What can be chosen.

use std::collections::BTreeSet;

use domain::settings::SettingsDraft;

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
    let check = |provider: &str, language: Language, voice: Option<&str>| {
        let draft = SettingsDraft {
            keyword: Some("bees".to_owned()),
            voice_id: voice.map(str::to_owned),
            ..SettingsDraft::default()
        };
        let settings = Settings::parse(draft, language).unwrap();
        check_voice(provider, &settings).map_err(|refused| refused.code)
    };
    let korean = Some("local-ko-female-1");
    assert_eq!(check(LOCAL, Language::Korean, korean), Ok(()));
    assert_eq!(check(LOCAL, Language::Korean, None), Ok(()));
    let unknown = Err(ErrorCode::VoiceUnknown);
    assert_eq!(check(LOCAL, Language::English, korean), unknown);
    assert_eq!(check(LOCAL, Language::Korean, Some("../../x")), unknown);
    assert_eq!(check("nobody", Language::Korean, korean), unknown);
}
