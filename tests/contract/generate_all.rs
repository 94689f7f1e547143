//! `generate-all`.

use domain::job::JobKind;
use domain::outputs::Outputs;
use domain::{JobId, ProjectId};
use serde_json::{Value, json};

use super::world::generation::{GenerationWorld, every_start, project_id};
use super::world::{event, of_account, refusal, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("generate-all").await;
}

#[tokio::test]
async fn a_start_holds_the_quote_and_starts_one_execution() {
    let generation = GenerationWorld::new().await;
    let quote = generation.answer("credit-quote", "project").await;
    let started = generation.answer("generate-all", "post").await;
    assert_eq!(started["status"], 202);
    let data = &started["body"]["data"];
    assert_eq!(data["held"], quote["body"]["data"]["held"]);
    assert_eq!(
        generation.executions.names(),
        [data["job_id"].as_str().expect("an id")]
    );
    let store = generation.world.store();
    let wallet = store
        .wallet(generation.world.ann.account_id)
        .await
        .expect("a wallet");
    assert_eq!(Value::from(wallet.held().get()), data["held"]);
}

#[tokio::test]
async fn the_same_key_is_answered_with_the_same_job_and_another_key_is_refused() {
    let generation = GenerationWorld::new().await;
    let first = generation.answer("generate-all", "post").await;
    let second = generation.answer("generate-all", "post").await;
    assert_eq!(second["idempotent-replayed"], "true");
    assert_eq!(first["body"], second["body"]);
    let mut other = event("generate-all", "post");
    other
        .headers
        .insert("idempotency-key".to_owned(), "another".to_owned());
    let refused = shown(generation.handle("generate-all", other).await);
    assert_eq!(refusal(&refused), (409, "job_active", ""));
    let same_key = saying(event("generate-all", "post"), &json!({}));
    let refused = shown(generation.handle("generate-all", same_key).await);
    assert_eq!(refusal(&refused), (422, "idempotency_mismatch", ""));
    assert_eq!(generation.executions.names().len(), 1);
    generation
        .world
        .dynamo
        .assert_clean(generation.world.ann.account_id)
        .await;
}

#[tokio::test]
async fn too_few_credits_are_402_with_what_is_needed_and_nothing_is_held() {
    let generation = GenerationWorld::new().await;
    let mut request = event("generate-all", "foreign-project");
    // Customer 2's own project: twenty seconds, but nothing left in the wallet.
    request = of_account(request, 2);
    let account = request.caller.as_ref().expect("a caller").account_id;
    let store = generation.world.store();
    let project = store
        .project(account, ProjectId::new(2_u128.into()))
        .await
        .expect("a project");
    let mut filler = testkit::samples::project(
        ProjectId::new(77_u128.into()),
        account,
        generation.world.ann.now(),
    );
    filler.outputs = Outputs::default();
    let filler = store.create_project(&filler).await.expect("a project");
    let all = testkit::samples::job(
        JobId::new(77_u128.into()),
        &filler,
        JobKind::GenerateAll,
        100,
        generation.world.ann.now(),
    );
    store
        .start_job(
            &all,
            &ledger::Limits::none(),
            generation.world.ann.transaction_id(),
            generation.world.ann.now(),
        )
        .await
        .expect("it holds all");
    let refused = shown(generation.handle("generate-all", request).await);
    assert_eq!(refusal(&refused), (402, "insufficient_credits", ""));
    let details = &refused["body"]["error"]["details"];
    assert_eq!(details["available"], 0);
    assert!(
        details["needed"].as_u64().is_some_and(|needed| needed > 0),
        "{details}"
    );
    let after = store.project(account, project.id).await.expect("a project");
    assert_eq!((after.status, after.active_job), (project.status, None));
    assert!(generation.executions.names().is_empty());
    generation.world.dynamo.assert_clean(account).await;
}

#[tokio::test]
async fn the_state_machine_being_down_does_not_lose_the_job() {
    let generation = GenerationWorld::new().await;
    generation.executions.go_down();
    let started = generation.answer("generate-all", "post").await;
    assert_eq!(
        (&started["status"], &started["body"]["data"]["status"]),
        (&json!(202), &json!("pending"))
    );
    let due = generation
        .world
        .store()
        .open_jobs_due(generation.world.ann.now().plus_s(61), 10)
        .await
        .expect("a query");
    assert_eq!(due.len(), 1, "the sweep finds it");
}

#[tokio::test]
async fn ten_generations_a_minute_are_the_most() {
    let generation = GenerationWorld::new().await;
    for _ in 0..10 {
        generation.answer("generate-all", "foreign-project").await;
    }
    let refused = generation.answer("generate-all", "post").await;
    assert_eq!(refusal(&refused), (429, "rate_limited", ""));
    assert!(
        refused["retry-after"]
            .as_str()
            .is_some_and(|seconds| seconds.parse::<u32>().is_ok()),
        "{refused}"
    );
    assert!(generation.executions.names().is_empty());
}

#[tokio::test]
async fn a_script_that_was_edited_by_hand_is_replaced_only_when_that_is_said() {
    let generation = GenerationWorld::new().await;
    let (account, store) = (generation.world.ann.account_id, generation.world.store());
    let own = generation.edit_script().await;
    for function in ["generate-all", "generate-script"] {
        let refused = generation.answer(function, "post").await;
        assert_eq!(refusal(&refused), (409, "script_edited", ""), "{function}");
    }
    let after = store.project(account, project_id()).await.expect("a project");
    assert_eq!(after.outputs.script.map(|made| made.value), Some(own));
    assert!(generation.executions.names().is_empty());
    let wallet = store.wallet(account).await.expect("a wallet");
    assert_eq!(wallet.held().get(), 0, "nothing is held for it");

    let mut asked = saying(event("generate-all", "post"), &json!({"rewrite_script": true}));
    asked
        .headers
        .insert("idempotency-key".to_owned(), "another".to_owned());
    assert_eq!(
        shown(generation.handle("generate-all", asked).await)["status"],
        202
    );
}

#[tokio::test]
async fn only_a_route_that_writes_a_script_can_be_told_to_replace_it() {
    let generation = GenerationWorld::new().await;
    let asked = saying(event("generate-voice", "post"), &json!({"rewrite_script": true}));
    let refused = shown(generation.handle("generate-voice", asked).await);
    assert_eq!(refusal(&refused), (400, "validation_failed", "rewrite_script"));
}
