//! `credit-receipt`.

use serde_json::{Value, json};
use testkit::events::cases;

use super::world::generation::GenerationWorld;
use super::world::{compare, event, refusal, shown};

/// The receipt of job 1.
async fn receipt(generation: &GenerationWorld) -> Value {
    let shown = generation.answer("credit-receipt", "get").await;
    assert_eq!(shown["status"], 200, "{shown}");
    shown["body"]["data"].clone()
}

fn credits(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("{name} of {of}"))
}

/// Every sum of a receipt that there is to be checked.
fn assert_adds_up(receipt: &Value) {
    let runs = receipt["runs"].as_array().expect("runs");
    for run in runs {
        let sum = |list: &str, name: &str| -> u64 {
            let parts = run[list].as_array().expect("a list");
            parts.iter().map(|part| credits(part, name)).sum()
        };
        for name in ["held", "charged", "released"] {
            assert_eq!(sum("legs", name), credits(run, name), "{name} of {run}");
        }
        assert_eq!(sum("lines", "charged"), credits(run, "charged"), "{run}");
        for line in run["lines"].as_array().expect("lines") {
            let units = credits(line, "quantity").div_ceil(credits(line, "unit_quantity"));
            assert_eq!(units, credits(line, "units"), "{line}");
            if line.get("not_charged").is_none() {
                assert_eq!(
                    units * credits(line, "unit_credits"),
                    credits(line, "charged"),
                    "{line}"
                );
            }
        }
        if run["state"] != "open" {
            let both = credits(run, "charged") + credits(run, "released");
            assert_eq!(both, credits(run, "held"), "{run}");
        }
    }
    let charged: u64 = runs.iter().map(|run| credits(run, "charged")).sum();
    assert_eq!(charged, credits(receipt, "charged"));
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("credit-receipt") {
        let generation = GenerationWorld::new().await;
        generation.job_one_completed().await;
        compare(
            "credit-receipt",
            &case,
            &generation.answer("credit-receipt", &case).await,
        );
    }
}

#[tokio::test]
async fn a_failed_run_and_its_resume_stand_on_one_receipt_that_adds_up() {
    let generation = GenerationWorld::new().await;
    generation.job_one_failed().await;
    let before = receipt(&generation).await;
    assert_eq!(
        (&before["status"], &before["held"]),
        (&json!("failed"), &json!(0))
    );
    assert_eq!(before["error_code"], "render_engine_failed");
    assert_adds_up(&before);
    let resumed = generation.answer("resume-job", "post").await;
    assert_eq!(resumed["status"], 202, "{resumed}");
    let after = receipt(&generation).await;
    assert_adds_up(&after);
    assert_eq!(
        after["runs"][0], before["runs"][0],
        "what has ended stays as it is"
    );
    let open = &after["runs"][1];
    assert_eq!((&open["run"], &open["state"]), (&json!(2), &json!("open")));
    assert_eq!(after["held"], open["held"]);
    assert_eq!(
        (&before["held_now"], &after["held_now"], &after["held_at_start"]),
        (&json!(0), &open["held"], &open["held"])
    );
    let quoted: u64 = after["quoted"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| credits(line, "credits"))
        .sum();
    assert_eq!(quoted, credits(open, "held"), "what the hold was made of");
}

#[tokio::test]
async fn a_cancelled_job_says_what_was_never_made() {
    let generation = GenerationWorld::new().await;
    let started = generation.answer("generate-all", "max-credits").await;
    let job = started["body"]["data"]["job_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let of_job = |function: &str, case: &str| {
        let mut request = event(function, case);
        request.path_params.insert("job_id".to_owned(), job.clone());
        request
    };
    let cancelled = generation
        .handle("cancel-job", of_job("cancel-job", "post"))
        .await;
    cancelled.expect("it is cancelled");
    let shown = shown(
        generation
            .handle("credit-receipt", of_job("credit-receipt", "get"))
            .await,
    );
    let receipt = &shown["body"]["data"];
    assert_adds_up(receipt);
    assert_eq!(
        (&receipt["error_code"], &receipt["charged"]),
        (&json!("job_cancelled"), &json!(0))
    );
    assert_eq!(receipt["max_credits"], started["body"]["data"]["max_credits"]);
    let lines = receipt["runs"][0]["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 4);
    assert!(
        lines.iter().all(|line| line["not_charged"] == "not_made"),
        "{receipt}"
    );
}

#[tokio::test]
async fn nobody_reads_a_strangers_receipt() {
    let generation = GenerationWorld::new().await;
    generation.job_one_completed().await;
    let mut nobody = event("credit-receipt", "get");
    nobody.caller = None;
    let refused = shown(generation.handle("credit-receipt", nobody).await);
    assert_eq!(refusal(&refused), (401, "unauthenticated", ""));
    let stranger = generation.answer("credit-receipt", "foreign").await;
    assert_eq!(refusal(&stranger), (404, "not_found", ""));
}
