//! A customer's own files: a link, an upload, a check, a prepared copy; or a refusal by name.

use std::process::Command;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{Auth, Stack, tools_stay};

/// Longest wait for one check: a small file takes a second, several at once on two cores some more.
const CHECK_WAIT: Duration = Duration::from_mins(3);

/// An image, and a second of video with sound, that the stack's own ffmpeg makes.
fn made(stack: &Stack, name: &str, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let ran = Command::new(stack.tool("ffmpeg"))
        .args(["-v", "error", "-f", "lavfi"])
        .args(arguments)
        .arg(&path)
        .status()
        .expect("the stack has ffmpeg");
    assert!(ran.success(), "{arguments:?}");
    std::fs::read(path).expect("a file")
}

/// Declares and uploads; answers with the id.
async fn uploaded(stack: &Stack, who: &Auth, (kind, content_type): (&str, &str), bytes: &[u8]) -> String {
    let body = json!({"kind": kind, "content_type": content_type, "size_bytes": bytes.len()});
    let declared = stack.post(who, "/assets", body).await;
    let asset = declared.data();
    assert_eq!(asset["status"], "uploading", "{asset}");
    let id = asset["id"].as_str().expect("an id").to_owned();
    let early = stack
        .call(who, Method::POST, &format!("/assets/{id}/complete"), None)
        .await;
    assert_eq!(early.refusal(), (409, "upload_missing"));
    assert_eq!(
        stack.upload(&asset["upload"], bytes.to_vec()).await,
        StatusCode::OK
    );
    id
}

/// Completes it and waits for the verdict.
async fn checked(stack: &Stack, who: &Auth, id: &str) -> Value {
    let path = format!("/assets/{id}/complete");
    let completed = stack.call(who, Method::POST, &path, None).await;
    assert_eq!(completed.status, StatusCode::ACCEPTED, "{}", completed.body);
    tokio::time::timeout(CHECK_WAIT, async {
        loop {
            let answer = stack.get(who, &format!("/assets/{id}")).await;
            let asset = answer.data().clone();
            if asset["status"] != "checking" {
                return asset;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    })
    .await
    .expect("the check ends")
}

/// Bytes of storage that the account has used.
async fn storage(stack: &Stack, who: &Auth) -> u64 {
    let answer = stack.get(who, "/usage").await;
    let quotas = answer.data()["quotas"].as_array().expect("quotas");
    let quota = quotas.iter().find(|quota| quota["kind"] == "storage_bytes");
    quota.and_then(|quota| quota["used"].as_u64()).expect("a number")
}

#[tokio::test]
async fn a_file_is_uploaded_checked_kept_in_our_form_and_deleted() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("uploads").await;
    let image = made(&stack, "p.png", &["-i", "testsrc2=s=320x180", "-frames:v", "1"]);
    let video = [
        "-i",
        "testsrc2=s=160x120:d=1:r=30",
        "-f",
        "lavfi",
        "-i",
        "sine=d=1",
    ];
    let video = made(&stack, "f.mp4", &[&video[..], &["-pix_fmt", "yuv420p"]].concat());
    let mut sum = 0;
    for (kind, content_type, bytes, begins, width) in [
        ("image", "image/png", image, &b"\xff\xd8\xff"[..], 320),
        ("video", "video/mp4", video, &b"\0\0\0"[..], 160),
    ] {
        let id = uploaded(&stack, &who, (kind, content_type), &bytes).await;
        let asset = checked(&stack, &who, &id).await;
        assert_eq!(
            (&asset["status"], &asset["file"]["width"]),
            (&json!("ready"), &json!(width)),
            "{asset}"
        );
        let kept = stack
            .download(asset["file"]["url"].as_str().expect("a link"))
            .await;
        assert!(kept.starts_with(begins));
        assert_eq!(
            u64::try_from(kept.len()).ok(),
            asset["file"]["size_bytes"].as_u64()
        );
        sum += asset["storage_bytes"].as_u64().expect("bytes");
        assert_eq!(storage(&stack, &who).await, sum);
        let stranger = stack.newcomer(&format!("nosy-{kind}")).await;
        let hidden = stack.get(&stranger, &format!("/assets/{id}")).await;
        assert_eq!(hidden.refusal(), (404, "not_found"));
    }
    let list = stack.get(&who, "/assets?status=ready").await;
    for asset in list.data()["items"].as_array().expect("items") {
        let path = format!("/assets/{}", asset["id"].as_str().expect("an id"));
        let deleted = stack.call(&who, Method::DELETE, &path, None).await;
        assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(storage(&stack, &who).await, 0);
}

/// Red, green and blue of the top quarter of a video, a second after it began.
fn colour_at_the_top(stack: &Stack, video: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("video.mp4");
    std::fs::write(&path, video).expect("room");
    let looked = Command::new(stack.tool("ffmpeg"))
        .args(["-v", "error", "-ss", "1", "-i"])
        .arg(&path)
        .args(["-vf", "crop=iw:ih/4:0:0,scale=1:1", "-frames:v", "1"])
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .output()
        .expect("the stack has ffmpeg");
    assert!(looked.status.success(), "{looked:?}");
    looked.stdout
}

/// Runs one step of a project to its end; answers with the status.
async fn done(stack: &Stack, who: &Auth, project: &str, kind: &str) -> Value {
    let job = stack.start(who, project, kind).await;
    let status = stack.ended(who, project, &job).await;
    assert_eq!(status["status"], "completed", "{status}");
    status
}

#[tokio::test]
async fn an_image_of_ones_own_is_in_the_video_and_is_not_charged() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("own-image").await;
    let red = made(
        &stack,
        "red.png",
        &["-i", "color=red:s=540x960", "-frames:v", "1"],
    );
    let id = uploaded(&stack, &who, ("image", "image/png"), &red).await;
    assert_eq!(checked(&stack, &who, &id).await["status"], "ready");
    let settings = json!({"keyword": "Red kites", "duration_s": 8});
    let project = stack.project(&who, settings).await;
    done(&stack, &who, &project, "generate-script").await;
    let path = format!("/projects/{project}");
    let images = json!({"images": [{"scene": 0, "asset_id": id}]});
    let brought = stack.call(&who, Method::PATCH, &path, Some(images)).await;
    assert_eq!(
        brought.data()["images"][0]["provider"],
        "customer",
        "{}",
        brought.body
    );
    let asset = format!("/assets/{id}");
    let deleted = stack.call(&who, Method::DELETE, &asset, None).await;
    assert_eq!(
        deleted.status,
        StatusCode::NO_CONTENT,
        "the project has its own copy"
    );
    let drawn = done(&stack, &who, &project, "generate-images").await;
    let lines = drawn["receipt"]["lines"].as_array().expect("lines");
    let own: Vec<&Value> = lines
        .iter()
        .filter(|line| line["not_charged"] == "customers_own")
        .collect();
    assert_eq!(own.len(), 1, "{drawn}");
    assert_eq!(own[0]["charged"], 0, "{drawn}");
    done(&stack, &who, &project, "generate-voice").await;
    let composed = done(&stack, &who, &project, "compose-video").await;
    let link = composed["result"]["video_url"].as_str().expect("a link");
    let colour = colour_at_the_top(&stack, &stack.download(link).await);
    assert!(
        matches!(colour.as_slice(), [150..=255, 0..=80, 0..=80]),
        "red, but for the vignette: {colour:?}"
    );
}

#[tokio::test]
async fn an_archive_that_says_it_is_a_video_is_refused_by_name_and_takes_no_room() {
    let stack = Stack::connect();
    let _tools = tools_stay().await;
    let who = stack.newcomer("uploads-bad").await;
    let id = uploaded(&stack, &who, ("video", "video/mp4"), b"PK\x03\x04 and so on").await;
    let asset = checked(&stack, &who, &id).await;
    assert_eq!(asset["refusal"]["code"], "input_type_unknown", "{asset}");
    assert_eq!(storage(&stack, &who).await, 0);
    assert_eq!(
        stack.balance(&who).await,
        (100, 0),
        "nothing is charged for a look"
    );
}
