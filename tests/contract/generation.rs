//! Starting jobs: `generate-all`, `generate-script`, `generate-images`, `generate-voice`, `compose-video`, and what
//! they would cost: `credit-quote`.

use domain::job::JobKind;
use domain::outputs::{Outputs, Source};
use domain::{JobId, ProjectId};
use serde_json::{Value, json};
use testkit::events::cases;

use super::studio::{Studio, project_id};
use super::world::{compare, event, of_account, refusal, saying, shown};

const STARTING: [&str; 5] = [
    "generate-all",
    "generate-script",
    "generate-images",
    "generate-voice",
    "compose-video",
];

#[tokio::test]
async fn every_sample_of_a_start_is_answered_as_shown() {
    for function in STARTING.into_iter().chain(["credit-quote"]) {
        for case in cases(function) {
            let studio = Studio::new().await;
            compare(function, &case, &studio.answer(function, &case).await);
            studio
                .world
                .dynamo
                .assert_clean(studio.world.ann.account_id)
                .await;
        }
    }
}

#[tokio::test]
async fn a_start_holds_the_quote_and_starts_one_execution() {
    let studio = Studio::new().await;
    let quote = studio.answer("credit-quote", "project").await;
    let started = studio.answer("generate-all", "post").await;
    assert_eq!(started["status"], 202);
    let data = &started["body"]["data"];
    assert_eq!(data["held"], quote["body"]["data"]["held"]);
    assert_eq!(
        studio.executions.names(),
        [data["job_id"].as_str().expect("an id")]
    );
    let store = studio.world.store();
    let wallet = store.wallet(studio.world.ann.account_id).await.expect("a wallet");
    assert_eq!(Value::from(wallet.held().get()), data["held"]);
}

#[tokio::test]
async fn the_same_key_is_answered_with_the_same_job_and_another_key_is_refused() {
    let studio = Studio::new().await;
    let first = studio.answer("generate-all", "post").await;
    let second = studio.answer("generate-all", "post").await;
    assert_eq!(second["idempotent-replayed"], "true");
    assert_eq!(first["body"], second["body"]);
    let mut other = event("generate-all", "post");
    other
        .headers
        .insert("idempotency-key".to_owned(), "another".to_owned());
    let refused = shown(studio.handle("generate-all", other).await);
    assert_eq!(refusal(&refused), (409, "job_active", ""));
    let same_key = saying(event("generate-all", "post"), &json!({}));
    let refused = shown(studio.handle("generate-all", same_key).await);
    assert_eq!(refusal(&refused), (422, "idempotency_mismatch", ""));
    assert_eq!(studio.executions.names().len(), 1);
    studio
        .world
        .dynamo
        .assert_clean(studio.world.ann.account_id)
        .await;
}

#[tokio::test]
async fn too_few_credits_are_402_with_what_is_needed_and_nothing_is_held() {
    let studio = Studio::new().await;
    let mut request = event("generate-all", "foreign-project");
    // Customer 2's own project: twenty seconds, but nothing left in the wallet.
    request = of_account(request, 2);
    let account = request.caller.as_ref().expect("a caller").account_id;
    let store = studio.world.store();
    let project = store
        .project(account, ProjectId::new(2_u128.into()))
        .await
        .expect("a project");
    let mut filler =
        testkit::samples::project(ProjectId::new(77_u128.into()), account, studio.world.ann.now());
    filler.outputs = Outputs::default();
    let filler = store.create_project(&filler).await.expect("a project");
    let all = testkit::samples::job(
        JobId::new(77_u128.into()),
        &filler,
        JobKind::GenerateAll,
        100,
        studio.world.ann.now(),
    );
    store
        .start_job(
            &all,
            &ledger::Limits::none(),
            studio.world.ann.transaction_id(),
            studio.world.ann.now(),
        )
        .await
        .expect("it holds all");
    let refused = shown(studio.handle("generate-all", request).await);
    assert_eq!(refusal(&refused), (402, "insufficient_credits", ""));
    let details = &refused["body"]["error"]["details"];
    assert_eq!(details["available"], 0);
    assert!(
        details["needed"].as_u64().is_some_and(|needed| needed > 0),
        "{details}"
    );
    let after = store.project(account, project.id).await.expect("a project");
    assert_eq!((after.status, after.active_job), (project.status, None));
    assert!(studio.executions.names().is_empty());
    studio.world.dynamo.assert_clean(account).await;
}

#[tokio::test]
async fn a_single_step_without_its_input_says_what_is_missing() {
    let studio = Studio::new().await;
    let store = studio.world.store();
    let mut project = store
        .project(studio.world.ann.account_id, project_id())
        .await
        .expect("a project");
    project.outputs = Outputs::default();
    store.update_project(&project).await.expect("it is changed");
    for function in ["generate-images", "generate-voice", "compose-video"] {
        let refused = studio.answer(function, "post").await;
        assert_eq!(refusal(&refused), (409, "input_missing", ""), "{function}");
        assert_eq!(
            refused["body"]["error"]["details"]["missing"][0], "script",
            "{function}"
        );
    }
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

#[tokio::test]
async fn the_state_machine_being_down_does_not_lose_the_job() {
    let studio = Studio::new().await;
    studio.executions.go_down();
    let started = studio.answer("generate-all", "post").await;
    assert_eq!(
        (&started["status"], &started["body"]["data"]["status"]),
        (&json!(202), &json!("pending"))
    );
    let due = studio
        .world
        .store()
        .open_jobs_due(studio.world.ann.now().plus_s(61), 10)
        .await
        .expect("a query");
    assert_eq!(due.len(), 1, "the sweep finds it");
}

#[tokio::test]
async fn ten_generations_a_minute_are_the_most() {
    let studio = Studio::new().await;
    for _ in 0..10 {
        studio.answer("generate-all", "foreign-project").await;
    }
    let refused = studio.answer("generate-all", "post").await;
    assert_eq!(refusal(&refused), (429, "rate_limited", ""));
    assert!(
        refused["retry-after"]
            .as_str()
            .is_some_and(|seconds| seconds.parse::<u32>().is_ok()),
        "{refused}"
    );
    assert!(studio.executions.names().is_empty());
}

#[tokio::test]
async fn every_generation_route_needs_a_caller_with_the_right_scope_and_has_one_method() {
    let studio = Studio::new().await;
    let routes = STARTING.into_iter().map(|function| (function, "post"));
    let more = [
        ("cancel-job", "post"),
        ("resume-job", "post"),
        ("generation-status", "get"),
        ("credit-quote", "settings"),
    ];
    for (function, case) in routes.chain(more) {
        let mut nobody = event(function, case);
        nobody.caller = None;
        assert_eq!(
            refusal(&shown(studio.handle(function, nobody).await)),
            (401, "unauthenticated", ""),
            "{function}"
        );
        let mut scopeless = event(function, case);
        scopeless.caller.as_mut().expect("a caller").scopes.clear();
        assert_eq!(
            refusal(&shown(studio.handle(function, scopeless).await)),
            (403, "forbidden", ""),
            "{function}"
        );
        let mut put = event(function, case);
        put.method = "PUT".parse().expect("a method");
        assert_eq!(
            refusal(&shown(studio.handle(function, put).await)),
            (405, "method_not_allowed", ""),
            "{function}"
        );
    }
}

#[tokio::test]
async fn a_quote_for_one_step_counts_the_scenes_that_are_there() {
    let studio = Studio::new().await;
    let one = studio.answer("credit-quote", "one-step").await;
    let line = &one["body"]["data"]["lines"][0];
    assert_eq!(
        (&line["resource"], &line["quantity_max"]),
        (&json!("image_generation"), &json!(3))
    );
    let store = studio.world.store();
    let project = store
        .project(studio.world.ann.account_id, project_id())
        .await
        .expect("a project");
    assert_eq!(
        project.outputs.script.map(|made| made.source),
        Some(Source::Fresh)
    );
    assert_eq!(project.active_job, None, "a quote starts nothing");
}
