//! `generate-voice`.

use super::world::refusal;
use super::world::studio::{Studio, every_start, project_id};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("generate-voice").await;
}

#[tokio::test]
async fn without_its_input_it_says_what_is_missing() {
    let studio = Studio::new().await;
    studio.forget_outputs().await;
    let refused = studio.answer("generate-voice", "post").await;
    assert_eq!(refusal(&refused), (409, "input_missing", ""));
    assert_eq!(refused["body"]["error"]["details"]["missing"][0], "script");
    assert!(studio.executions.names().is_empty());
}

#[tokio::test]
async fn an_unknown_voice_is_refused_before_anything_is_held() {
    let studio = Studio::new().await;
    let store = studio.world.store();
    let mut project = store
        .project(studio.world.ann.account_id, project_id())
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
            studio.answer(function, "post").await["status"],
            status,
            "{function}"
        );
    }
}
