//! A project keeps count of its scripts.

use ulid::Ulid;

use super::*;
use crate::outputs::{InputHash, Source};
use crate::settings::SettingsDraft;

fn project() -> Project {
    let draft = SettingsDraft {
        keyword: Some("bees".to_owned()),
        ..SettingsDraft::default()
    };
    Project {
        id: ProjectId::new(Ulid::from(1)),
        account_id: AccountId::new(Ulid::from(1)),
        name: "Bees".to_owned(),
        status: ProjectStatus::Draft,
        settings: Settings::parse(draft, Language::English).unwrap(),
        outputs: Outputs::default(),
        active_job: None,
        last_job: None,
        script_mark: None,
        generation_cost: Credits::ZERO,
        version: 1,
        created_at: Timestamp::from_ms(0),
        updated_at: Timestamp::from_ms(7),
    }
}

fn made(title: &str) -> Produced<Script> {
    Produced {
        value: Script {
            title: title.to_owned(),
            sections: Vec::new(),
            edited: false,
        },
        input_hash: InputHash::of("script", &title).unwrap(),
        source: Source::Fresh,
        provider: "local".to_owned(),
        model: None,
    }
}

fn numbers(versions: &[ScriptVersion]) -> Vec<u32> {
    versions.iter().map(|version| version.mark.version).collect()
}

#[test]
fn each_new_script_is_a_version_of_its_own_and_the_same_words_are_none() {
    let mut project = project();
    let at = Timestamp::from_ms(9);
    let english = Some(Language::English);
    assert_eq!(numbers(&project.take_script(made("a"), english, at)), [1]);
    assert_eq!(numbers(&project.take_script(made("b"), english, at)), [2]);
    let again = Timestamp::from_ms(11);
    assert_eq!(numbers(&project.take_script(made("b"), english, again)), [2]);
    assert_eq!(project.script_version().unwrap().mark.made_at, at);
    let own = Produced::by_customer(made("b").value, InputHash::of("edited-script", &"b").unwrap());
    assert_eq!(numbers(&project.take_script(own, english, again)), [3]);
}

#[test]
fn a_script_from_before_versions_were_counted_is_stored_as_the_first() {
    let mut project = project();
    project.outputs.script = Some(made("old"));
    assert_eq!(project.script_version().unwrap().mark.version, 1);
    let stored = project.take_script(made("new"), None, Timestamp::from_ms(9));
    assert_eq!(numbers(&stored), [1, 2]);
    assert_eq!(stored[0].made.value.title, "old");
    assert_eq!(stored[0].mark.made_at, Timestamp::from_ms(7));
}

#[test]
fn the_same_words_again_are_stored_once_also_before_versions_were_counted() {
    let mut project = project();
    project.outputs.script = Some(made("old"));
    let stored = project.take_script(made("old"), Some(Language::English), Timestamp::from_ms(9));
    assert_eq!(numbers(&stored), [1]);
}
