//! `config-templates`.

use super::world::{event, every_sample, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("config-templates", async |_world, request| {
        config_templates::handle(&config_templates::Deps, request).await
    })
    .await;
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
