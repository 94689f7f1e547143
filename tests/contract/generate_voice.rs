//! `generate-voice`.

use serde_json::json;

use super::world::generation::{GenerationWorld, every_start, project_id};
use super::world::{event, refusal, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("generate-voice").await;
}

#[tokio::test]
async fn without_its_input_it_says_what_is_missing() {
    let generation = GenerationWorld::new().await;
    generation.forget_outputs().await;
    let refused = generation.answer("generate-voice", "post").await;
    assert_eq!(refusal(&refused), (409, "input_missing", ""));
    assert_eq!(refused["body"]["error"]["details"]["missing"][0], "script");
    assert!(generation.executions.names().is_empty());
}

#[tokio::test]
async fn an_unknown_voice_is_refused_before_anything_is_held() {
    let generation = GenerationWorld::new().await;
    let store = generation.world.store();
    let mut project = store
        .project(generation.world.ann.account_id, project_id())
        .await
        .expect("a project");
    project.settings.voice_id = Some("nobody".to_owned());
    store.update_project(&project).await.expect("it is changed");
    for (function, status) in [
        ("generate-all", 400),
        ("generate-voice", 400),
        ("generate-script", 202),
    ] {
        assert_eq!(
            generation.answer(function, "post").await["status"],
            status,
            "{function}"
        );
    }
}

#[tokio::test]
async fn a_script_in_another_language_is_not_spoken_unless_the_caller_says_so() {
    let generation = GenerationWorld::new().await;
    // A script that was written while versions are counted knows its language.
    let script = generation.edited_script(|_| {}).await;
    generation.change_project(&json!({"script": script})).await;
    assert_eq!(
        generation.change_project(&json!({"name": "Bees"})).await["outdated"],
        json!([])
    );
    let shown_project = generation
        .change_project(&json!({"settings": {"language": "ko"}}))
        .await;
    assert_eq!(
        shown_project["outdated"],
        json!(["script", "images", "voice", "composition"])
    );
    let refused = generation.answer("generate-voice", "post").await;
    assert_eq!(refusal(&refused), (409, "input_outdated", ""));
    assert_eq!(
        refused["body"]["error"]["details"],
        json!({"outdated": ["script"]})
    );
    let mut asked = saying(event("generate-voice", "post"), &json!({"allow_outdated": true}));
    asked
        .headers
        .insert("idempotency-key".to_owned(), "another".to_owned());
    assert_eq!(
        shown(generation.handle("generate-voice", asked).await)["status"],
        202
    );
}

#[tokio::test]
async fn another_speed_is_spoken_without_asking() {
    let generation = GenerationWorld::new().await;
    let shown = generation
        .change_project(&json!({"settings": {"speed": 1.5}}))
        .await;
    assert_eq!(shown["voice"]["outdated"], true);
    assert_eq!(generation.answer("generate-voice", "post").await["status"], 202);
}
