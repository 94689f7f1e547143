//! A provider engine that dies: the job fails by name, the credits come back, and a resume makes only what is missing.

use std::fs;
use std::path::PathBuf;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::client::{Stack, tools_change};

/// A media tool that is away until this is dropped.
struct Away {
    tool: PathBuf,
    aside: PathBuf,
}

impl Away {
    fn take(tool: PathBuf) -> Self {
        let aside = tool.with_extension("away");
        fs::rename(&tool, &aside).expect("the stack's own copy of the tool can be moved");
        Self { tool, aside }
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        fs::rename(&self.aside, &self.tool).expect("the tool goes back");
    }
}

#[tokio::test]
async fn a_job_whose_voice_engine_is_missing_fails_gives_back_and_resumes() {
    let stack = Stack::connect();
    let who = stack.newcomer("fault").await;
    let project = stack
        .project(&who, json!({"keyword": "Owls at night", "duration_s": 6}))
        .await;
    let tool = tools_change().await;
    let (job, failed) = {
        let _away = Away::take(stack.tool("speak-words"));
        let job = stack.start(&who, &project, "generate-all").await;
        let failed = stack.ended(&who, &project, &job).await;
        (job, failed)
    };
    drop(tool);
    assert_eq!(failed["status"], "failed", "{failed}");
    assert_eq!(failed["error"]["code"], "voice_engine_failed", "{failed}");
    assert_eq!(stack.balance(&who).await, (100, 0));
    let resumed = stack
        .call(&who, Method::POST, &format!("/jobs/{job}/resume"), None)
        .await;
    assert_eq!(resumed.status, StatusCode::ACCEPTED, "{}", resumed.body);
    let done = stack.ended(&who, &project, &job).await;
    assert_eq!(done["status"], "completed", "{done}");
    let charged = done["receipt"]["charged"].as_u64().expect("credits");
    assert_eq!(stack.balance(&who).await, (100 - charged, 0));
}
