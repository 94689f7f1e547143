//! `generate-all`.

use domain::job::JobKind;
use domain::outputs::Outputs;
use domain::{JobId, ProjectId};
use serde_json::{Value, json};

use super::world::studio::{Studio, every_start};
use super::world::{event, of_account, refusal, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("generate-all").await;
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
