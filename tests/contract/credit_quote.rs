//! `credit-quote`, also with what the cost of earlier jobs says to it.

mod estimates;

use domain::job::JobKind;
use domain::outputs::Source;
use serde_json::{Value, json};

use super::world::generation::{GenerationWorld, every_start, project_id};
use super::world::{event, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("credit-quote").await;
}

#[tokio::test]
async fn a_quote_for_one_step_counts_the_scenes_that_are_there() {
    let generation = GenerationWorld::new().await;
    let one = generation.answer("credit-quote", "one-step").await;
    let line = &one["body"]["data"]["lines"][0];
    assert_eq!(
        (&line["resource"], &line["quantity_max"]),
        (&json!("image_generation"), &json!(3))
    );
    let store = generation.world.store();
    let project = store
        .project(generation.world.ann.account_id, project_id())
        .await
        .expect("a project");
    assert_eq!(
        project.outputs.script.map(|made| made.source),
        Some(Source::Fresh)
    );
    assert_eq!(project.active_job, None, "a quote starts nothing");
}

#[tokio::test]
async fn a_quote_rests_on_prices_until_there_is_a_similar_job_and_never_leads_above_the_hold() {
    let generation = GenerationWorld::new().await;
    let first = generation.answer("credit-quote", "project").await;
    let data = &first["body"]["data"];
    let estimate = &data["estimate"];
    assert_eq!(
        (&estimate["source"], &estimate["jobs"]),
        (&json!("prices"), &json!(0))
    );
    assert_eq!(estimate["high"], data["held"]);
    let paid = generation.job_one_completed().await;
    assert_eq!(paid.kind, JobKind::GenerateAll);
    let charged = paid.receipt.expect("a receipt").charged.get();
    let ask = async |body: Value| {
        let request = saying(event("credit-quote", "settings"), &body);
        shown(generation.handle("credit-quote", request).await)["body"]["data"].clone()
    };
    let length = paid.settings.duration_s;
    let similar = ask(json!({"settings": {"keyword": "Tea", "duration_s": length}})).await;
    assert_eq!(
        similar["estimate"],
        json!({"source": "own_jobs", "jobs": 1, "low": charged, "typical": charged, "high": charged})
    );
    assert!(similar["held"].as_u64().is_some_and(|held| charged <= held));
    let longer = ask(json!({"settings": {"keyword": "Tea", "duration_s": length * 2}})).await;
    assert_eq!(
        longer["estimate"]["source"], "prices",
        "twice as long is not similar"
    );
    let script = ask(json!({"kind": "generate-script", "settings": {"keyword": "Tea"}})).await;
    assert_eq!(
        script["estimate"]["source"], "prices",
        "another kind is not similar"
    );
}

/// Codes and details of what stands against a job, as the quote of it says.
async fn refused_by(generation: &GenerationWorld, body: Value) -> Vec<(String, Value)> {
    let mut request = saying(event("credit-quote", "settings"), &body);
    request.headers.remove("idempotency-key");
    let quoted = shown(generation.handle("credit-quote", request).await);
    let refusals = quoted["body"]["data"]["refused_by"].as_array();
    let refusals = refusals.unwrap_or_else(|| panic!("{quoted}")).iter();
    refusals
        .map(|refusal| {
            let code = refusal["code"].as_str().expect("a code").to_owned();
            (code, refusal["details"].clone())
        })
        .collect()
}

/// What the route that starts the job says.
async fn start_says(generation: &GenerationWorld, function: &str, body: &Value) -> (String, Value) {
    let mut request = saying(event(function, "post"), body);
    request.headers.remove("idempotency-key");
    let refused = shown(generation.handle(function, request).await);
    let error = &refused["body"]["error"];
    let code = error["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{refused}"))
        .to_owned();
    (code, error["details"].clone())
}

#[tokio::test]
async fn a_quote_says_what_the_start_would_say_first() {
    let generation = GenerationWorld::new().await;
    let project = project_id().to_string();
    let nothing = refused_by(&generation, json!({"project_id": project})).await;
    assert!(nothing.is_empty(), "{nothing:?}");
    let script = generation.edited_script(|_| {}).await;
    let changes = json!({"script": script, "settings": {"duration_s": 120, "speed": 1.5}});
    generation.change_project(&changes).await;

    let all = refused_by(&generation, json!({"project_id": project})).await;
    assert_eq!(
        all.first(),
        Some(&start_says(&generation, "generate-all", &json!({})).await)
    );
    let codes: Vec<&str> = all.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["script_edited", "insufficient_credits", "plan_limit"]);
    assert_eq!(
        all[2].1,
        json!({"field": "duration_s", "limit": 60, "wanted": 120})
    );

    let asked = json!({"project_id": project, "rewrite_script": true, "max_credits": 1});
    let capped = refused_by(&generation, asked).await;
    let start = json!({"rewrite_script": true, "max_credits": 1});
    assert_eq!(
        capped.first(),
        Some(&start_says(&generation, "generate-all", &start).await)
    );
    assert_eq!(capped[0].0, "max_credits_exceeded");

    let compose = refused_by(
        &generation,
        json!({"project_id": project, "kind": "compose-video"}),
    )
    .await;
    assert_eq!(
        compose[0],
        ("input_outdated".to_owned(), json!({"outdated": ["voice"]}))
    );
    assert_eq!(
        compose.first(),
        Some(&start_says(&generation, "compose-video", &json!({})).await)
    );
    generation.forget_outputs().await;
    let missing = refused_by(
        &generation,
        json!({"project_id": project, "kind": "compose-video"}),
    )
    .await;
    assert_eq!(
        missing.first(),
        Some(&start_says(&generation, "compose-video", &json!({})).await)
    );
    assert_eq!(missing[0].0, "input_missing");
}

#[tokio::test]
async fn a_quote_knows_that_a_job_works_and_what_the_wallet_and_the_quota_say() {
    let generation = GenerationWorld::new().await;
    let (store, ann) = (generation.world.store(), &generation.world.ann);
    let project = project_id().to_string();
    let job = generation.job_one(JobKind::GenerateAll).await;
    let busy = refused_by(&generation, json!({"project_id": project})).await;
    assert_eq!(busy, [("job_active".to_owned(), json!({"job_id": job.id}))]);

    // A free account has two jobs at a time.
    let second = ann.project().await;
    let other = ann.job(&second, JobKind::GenerateVoice, 70);
    let limits = ledger::Limits::none();
    store
        .start_job(&other, &limits, ann.transaction_id(), ann.now())
        .await
        .expect("it starts");
    let full = refused_by(
        &generation,
        json!({"settings": {"keyword": "Tea", "duration_s": 30}}),
    )
    .await;
    let codes: Vec<&str> = full.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["insufficient_credits", "quota_exceeded"]);
    assert_eq!(full[0].1["available"], 6);
    assert_eq!(full[1].1["kind"], "concurrent_jobs");
}

#[tokio::test]
async fn a_quote_of_settings_with_an_unknown_voice_is_refused_and_that_of_a_project_says_so() {
    let generation = GenerationWorld::new().await;
    let (store, account) = (generation.world.store(), generation.world.ann.account_id);
    let mut project = store.project(account, project_id()).await.expect("a project");
    project.settings.voice_id = Some("nobody".to_owned());
    store.update_project(&project).await.expect("it is changed");
    let told = refused_by(&generation, json!({"project_id": project.id})).await;
    assert_eq!(
        told.first(),
        Some(&start_says(&generation, "generate-all", &json!({})).await)
    );
    assert_eq!(told[0].0, "voice_unknown");
}
