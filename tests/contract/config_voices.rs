//! `config-voices`.

use super::world::{event, every_sample, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("config-voices", async |_world, request| {
        let voices = catalogue::voices("local").expect("the local provider speaks");
        config_voices::handle(&config_voices::Deps { voices }, request).await
    })
    .await;
}

#[tokio::test]
async fn every_language_has_a_voice() {
    let voices = catalogue::voices("local").expect("the local provider speaks");
    let deps = config_voices::Deps { voices };
    for language in ["en", "ko", "zh", "ru"] {
        let mut request = event("config-voices", "get");
        request.query.insert("language".to_owned(), language.to_owned());
        let shown = shown(config_voices::handle(&deps, request).await);
        let voices = shown["body"]["data"]["voices"].as_array().expect("a list");
        assert!(!voices.is_empty(), "{language}");
        assert!(
            voices.iter().all(|voice| voice["language"] == language),
            "{language}"
        );
    }
}
