//! `generate-voice`.

use super::world::generation::{GenerationWorld, every_start, project_id};
use super::world::refusal;

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
