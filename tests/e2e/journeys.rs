//! What customers do: a video in two languages, step by step with an edit, one at a time, too poor, cancelled.

use reqwest::header::HeaderValue;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{Auth, Stack, tools_stay};

/// `charged + released = held`, and the lines add up to what was charged.
fn assert_receipt(receipt: &Value) {
    let credits = |name: &str| receipt[name].as_u64().expect("credits");
    assert_eq!(
        credits("charged") + credits("released"),
        credits("held"),
        "{receipt}"
    );
    let lines = receipt["lines"].as_array().expect("lines");
    let sum: u64 = lines
        .iter()
        .map(|line| line["charged"].as_u64().expect("credits"))
        .sum();
    assert_eq!(sum, credits("charged"), "{receipt}");
}

async fn a_keyword_becomes_a_video(keyword: &str, language: &str) {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer(&format!("happy-{language}")).await;
    assert_eq!(stack.balance(&who).await, (100, 0), "the gift, once");
    let settings = json!({"keyword": keyword, "language": language, "duration_s": 12});
    let project = stack.project(&who, settings).await;
    let job = stack.start(&who, &project, "generate-all").await;
    let done = stack.ended(&who, &project, &job).await;
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("completed"), &json!(100)),
        "{done}"
    );
    assert_receipt(&done["receipt"]);
    assert_delivered(&stack, &done["result"]).await;
    assert_explained(&stack, &who, &job, &done["receipt"]).await;
    let charged = done["receipt"]["charged"].as_u64().expect("credits");
    assert!(charged > 0);
    assert_eq!(stack.balance(&who).await, (100 - charged, 0));
    assert_ready(&stack, &who, &project, charged).await;
}

async fn assert_ready(stack: &Stack, who: &Auth, project: &str, charged: u64) {
    let ready = stack.get(who, &format!("/projects/{project}")).await;
    let ready = ready.data();
    assert_eq!(
        (&ready["status"], &ready["generation_cost"]),
        (&json!("ready"), &json!(charged)),
        "{ready}"
    );
}

/// The receipt by lots says the same as the job's, and is nobody else's to read.
async fn assert_explained(stack: &Stack, who: &Auth, job: &str, receipt: &Value) {
    let path = format!("/credit/receipts/{job}");
    let told = stack.get(who, &path).await;
    let run = &told.data()["runs"][0];
    for name in ["held", "charged", "released", "lines"] {
        assert_eq!(run[name], receipt[name], "{}", told.body);
    }
    assert_eq!(run["legs"][0]["origin"], "gift", "{}", told.body);
    let table = stack.get(who, "/credit/history?format=csv").await;
    let text = table.body.as_str().expect("a table is text");
    assert_eq!(
        text.trim_end().lines().count(),
        4,
        "columns, gift, hold, settlement: {text}"
    );
    let stranger = stack
        .newcomer(&format!("curious-{}", job.to_ascii_lowercase()))
        .await;
    assert_eq!(stack.get(&stranger, &path).await.refusal(), (404, "not_found"));
}

/// The links lead to an MP4 and a JPEG of what the status says.
async fn assert_delivered(stack: &Stack, result: &Value) {
    let video = stack
        .download(result["video_url"].as_str().expect("a link"))
        .await;
    assert_eq!(&video[4..8], b"ftyp", "an MP4");
    assert_eq!(u64::try_from(video.len()).ok(), result["size_bytes"].as_u64());
    let thumbnail = stack
        .download(result["thumbnail_url"].as_str().expect("a link"))
        .await;
    assert_eq!(&thumbnail[..3], &[0xff, 0xd8, 0xff], "a JPEG");
    let seconds = result["duration_s"].as_f64().expect("seconds");
    assert!((6.0..=24.0).contains(&seconds), "asked 12 s, got {seconds}");
}

#[tokio::test]
async fn an_english_keyword_becomes_a_video_and_is_charged_for_what_was_delivered() {
    a_keyword_becomes_a_video("How bees make honey", "en").await;
}

#[tokio::test]
async fn a_korean_keyword_becomes_a_video_and_is_charged_for_what_was_delivered() {
    a_keyword_becomes_a_video("여름 휴가 짐 싸기", "ko").await;
}

#[tokio::test]
async fn a_script_is_written_edited_and_spoken_step_by_step() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("custom").await;
    let project = stack
        .project(&who, json!({"keyword": "Green tea", "duration_s": 8}))
        .await;
    let early = stack
        .call(
            &who,
            Method::POST,
            &format!("/projects/{project}/generate-voice"),
            None,
        )
        .await;
    assert_eq!(early.refusal(), (409, "input_missing"), "nothing to speak yet");
    let job = stack.start(&who, &project, "generate-script").await;
    assert_eq!(stack.ended(&who, &project, &job).await["status"], "completed");
    let mut script = stack.get(&who, &format!("/projects/{project}")).await.data()["script"].clone();
    script["sections"][0]["narration"] = json!("Tea is older than tea cups.");
    script.as_object_mut().expect("an object").remove("edited");
    let patch = json!({"script": script});
    let edited = stack
        .call(&who, Method::PATCH, &format!("/projects/{project}"), Some(patch))
        .await;
    assert_eq!(edited.data()["script"]["edited"], true, "{}", edited.body);
    let job = stack.start(&who, &project, "generate-voice").await;
    let spoken = stack.ended(&who, &project, &job).await;
    assert_eq!(spoken["status"], "completed", "{spoken}");
    assert_receipt(&spoken["receipt"]);
    assert_eq!(stack.balance(&who).await.1, 0);
}

#[tokio::test]
async fn the_same_key_starts_one_job_and_another_key_finds_the_project_busy() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("double").await;
    let project = stack
        .project(&who, json!({"keyword": "Rain", "duration_s": 5}))
        .await;
    let path = format!("/projects/{project}/generate-all");
    let start = |key: &'static str| stack.post_keyed(&who, &path, key);
    let first = start("key-1").await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.body);
    let again = start("key-1").await;
    assert_eq!(again.data()["job_id"], first.data()["job_id"]);
    assert_eq!(
        again
            .headers
            .get("idempotent-replayed")
            .map(HeaderValue::as_bytes),
        Some(b"true".as_slice())
    );
    assert_eq!(start("key-2").await.refusal(), (409, "job_active"));
    let job = first.data()["job_id"].as_str().expect("an id").to_owned();
    let done = stack.ended(&who, &project, &job).await;
    assert_receipt(&done["receipt"]);
    let held = done["receipt"]["held"].as_u64().expect("credits");
    let history = stack.get(&who, "/credit/history").await;
    let holds = history.data()["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|row| row["kind"] == "hold")
        .count();
    assert_eq!(holds, 1, "held {held} once");
}

#[tokio::test]
async fn too_few_credits_are_refused_before_anything_starts() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("poor").await;
    let project = stack
        .project(&who, json!({"keyword": "Everything", "duration_s": 180}))
        .await;
    let answer = stack
        .call(
            &who,
            Method::POST,
            &format!("/projects/{project}/generate-all"),
            None,
        )
        .await;
    assert_eq!(answer.refusal(), (402, "insufficient_credits"), "{}", answer.body);
    let details = &answer.body["error"]["details"];
    assert_eq!(details["available"], 100);
    assert!(details["needed"].as_u64().expect("credits") > 100);
    assert_eq!(stack.balance(&who).await, (100, 0));
    assert_eq!(
        stack.get(&who, &format!("/projects/{project}")).await.data()["status"],
        "draft"
    );
}

#[tokio::test]
async fn a_cancelled_job_gives_everything_back() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("cancel").await;
    let project = stack
        .project(&who, json!({"keyword": "Slow food", "duration_s": 20}))
        .await;
    let job = stack.start(&who, &project, "generate-all").await;
    assert!(stack.balance(&who).await.1 > 0, "held");
    let cancelled = stack
        .call(&who, Method::POST, &format!("/jobs/{job}/cancel"), None)
        .await;
    assert_eq!(cancelled.data()["status"], "failed", "{}", cancelled.body);
    assert_eq!(stack.balance(&who).await, (100, 0));
    let status = stack.status(&who, &project, &job).await;
    assert_eq!(status["error"]["code"], "job_cancelled");
    assert_receipt(&status["receipt"]);
    let twice = stack
        .call(&who, Method::POST, &format!("/jobs/{job}/cancel"), None)
        .await;
    assert_eq!(
        twice.data(),
        cancelled.data(),
        "a repeat gives nothing back twice"
    );
    assert_eq!(stack.balance(&who).await, (100, 0));
}
