//! `compose-video`.

use domain::settings::Template;
use serde_json::{Value, json};

use super::world::generation::{GenerationWorld, every_start};
use super::world::{event, refusal, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("compose-video").await;
}

#[tokio::test]
async fn without_its_input_it_says_what_is_missing() {
    let generation = GenerationWorld::new().await;
    generation.forget_outputs().await;
    let refused = generation.answer("compose-video", "post").await;
    assert_eq!(refusal(&refused), (409, "input_missing", ""));
    assert_eq!(refused["body"]["error"]["details"]["missing"][0], "script");
    assert!(generation.executions.names().is_empty());
}

#[tokio::test]
async fn after_an_edit_the_old_voice_is_not_composed_unless_the_caller_says_so() {
    let generation = GenerationWorld::new().await;
    let body = json!({"script": generation.edited_script(|script| {
        "Other words.".clone_into(&mut script.sections[1].narration);
    }).await});
    let shown_project = generation.change_project(&body).await;
    assert_eq!(shown_project["outdated"], json!(["voice", "composition"]));
    assert_eq!(shown_project["voice"]["outdated"], true);
    assert_eq!(shown_project["video"]["outdated"], true);
    let images = shown_project["images"].as_array().expect("images");
    assert!(
        images.iter().all(|image| image["outdated"] == false),
        "{images:?}"
    );

    let refused = generation.answer("compose-video", "post").await;
    assert_eq!(refusal(&refused), (409, "input_outdated", ""));
    assert_eq!(
        refused["body"]["error"]["details"],
        json!({"outdated": ["voice"]})
    );
    assert!(generation.executions.names().is_empty());
    let asked = asking(&json!({"allow_outdated": true}));
    assert_eq!(
        shown(generation.handle("compose-video", asked).await)["status"],
        202
    );
}

#[tokio::test]
async fn another_number_of_scenes_is_missing_and_not_outdated() {
    let generation = GenerationWorld::new().await;
    let body = json!({"script": generation.edited_script(|script| {
        script.sections.pop();
    }).await});
    generation.change_project(&body).await;
    let refused = generation.answer("compose-video", "post").await;
    assert_eq!(refusal(&refused), (409, "input_missing", ""));
    assert_eq!(refused["body"]["error"]["details"], json!({"missing": ["voice"]}));
}

#[tokio::test]
async fn another_look_is_composed_without_asking() {
    let generation = GenerationWorld::new().await;
    let look = Template::Bold.as_str();
    let shown = generation
        .change_project(&json!({"settings": {"template": look}}))
        .await;
    assert_eq!(shown["outdated"], json!(["composition"]));
    assert_eq!(generation.answer("compose-video", "post").await["status"], 202);
}

#[tokio::test]
async fn only_a_route_that_works_from_results_can_be_told_to_use_old_ones() {
    let generation = GenerationWorld::new().await;
    for function in ["generate-all", "generate-script"] {
        let asked = saying(event(function, "post"), &json!({"allow_outdated": true}));
        let refused = shown(generation.handle(function, asked).await);
        assert_eq!(refusal(&refused), (400, "validation_failed", "allow_outdated"));
    }
}

/// The sample with another body, under a key of its own.
fn asking(body: &Value) -> api::Request {
    let mut asked = saying(event("compose-video", "post"), body);
    asked
        .headers
        .insert("idempotency-key".to_owned(), "another".to_owned());
    asked
}
