//! `config-models`, `config-plans`, `config-templates` and `config-voices`.

use ledger::PriceList;

use super::world::{event, every_sample, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("config-models", async |_world, request| {
        let prices = PriceList::standard();
        config_models::handle(&config_models::Deps { prices }, request).await
    })
    .await;
    every_sample("config-plans", async |_world, request| {
        config_plans::handle(&config_plans::Deps, request).await
    })
    .await;
    every_sample("config-templates", async |_world, request| {
        config_templates::handle(&config_templates::Deps, request).await
    })
    .await;
    every_sample("config-voices", async |_world, request| {
        let voices = providers::voices("local").expect("the local vendor speaks");
        config_voices::handle(&config_voices::Deps { voices }, request).await
    })
    .await;
}

#[tokio::test]
async fn every_language_has_a_voice() {
    let voices = providers::voices("local").expect("the local vendor speaks");
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

#[tokio::test]
async fn a_project_may_name_exactly_the_templates_that_are_shown_for_projects() {
    let request = event("config-templates", "get");
    let shown = shown(config_templates::handle(&config_templates::Deps, request).await);
    let templates = shown["body"]["data"]["templates"].as_array().expect("a list");
    let for_projects: Vec<&str> = templates
        .iter()
        .filter(|template| template["for_projects"] == true)
        .filter_map(|template| template["name"].as_str())
        .collect();
    let known: Vec<&str> = domain::settings::Template::ALL
        .iter()
        .map(|template| template.as_str())
        .collect();
    assert_eq!(for_projects, known);
}
