//! `inspect-upload`: files as people and attackers upload them, through declaration, upload, completion and check.

mod room;

use std::fs;
use std::process::Command;
use std::sync::Arc;

use domain::outputs::MediaKey;
use domain::ports::Objects;
use domain::{AssetId, QuotaKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::AssetRef;

use super::world::bucket::DyingBucket;
use super::world::uploads::{complete, declare, inspecting, media_tools, show, storage};
use super::world::{World, event, saying};

/// A file that ffmpeg makes.
fn made(name: &str, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let ran = Command::new(media_tools().ffmpeg)
        .args(["-v", "error", "-f", "lavfi"])
        .args(arguments)
        .arg(&path)
        .status()
        .expect("ffmpeg: run `make tools`");
    assert!(ran.success(), "{arguments:?}");
    fs::read(path).expect("a file")
}

fn image() -> Vec<u8> {
    made("p.png", &["-i", "testsrc2=s=320x180", "-frames:v", "1"])
}

fn video() -> Vec<u8> {
    let source = [
        "-i",
        "testsrc2=s=160x120:d=1:r=30",
        "-f",
        "lavfi",
        "-i",
        "sine=d=1",
    ];
    made("f.mp4", &[&source[..], &["-pix_fmt", "yuv420p"]].concat())
}

fn sound() -> Vec<u8> {
    made("s.mp3", &["-i", "sine=d=2"])
}

/// A voice as a phone records it.
fn voice() -> Vec<u8> {
    made("v.mp4", &["-i", "sine=d=2", "-c:a", "aac"])
}

/// A PNG that says that it is 40,000 pixels wide and high.
fn bomb() -> Vec<u8> {
    let mut bytes = made("b.png", &["-i", "color=red:s=8x8", "-frames:v", "1"]);
    bytes[16..20].copy_from_slice(&40_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&40_000_u32.to_be_bytes());
    bytes
}

/// What is said of a file, and what is uploaded.
struct Upload {
    kind: &'static str,
    content_type: &'static str,
    bytes: Vec<u8>,
    declared_bytes: usize,
    sha256: Option<String>,
}

impl Upload {
    fn of(kind: &'static str, content_type: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            kind,
            content_type,
            declared_bytes: bytes.len(),
            bytes,
            sha256: None,
        }
    }

    /// Declares, uploads and completes it; answers with its reference.
    async fn complete(&self, world: &World) -> AssetRef {
        let mut body = json!({
            "kind": self.kind,
            "content_type": self.content_type,
            "size_bytes": self.declared_bytes,
        });
        if let Some(sha256) = &self.sha256 {
            body["sha256"] = json!(sha256);
        }
        let made = declare(world, saying(event("assets", "create-image"), &body)).await;
        let id = made["body"]["data"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{made}"));
        let asset_id: AssetId = id.parse().expect("an id");
        let key = objects::keys::upload(world.ann.account_id, asset_id);
        world
            .objects
            .put(&key, self.content_type, self.bytes.clone())
            .await
            .expect("a bucket");
        let (_, sent) = complete(world, id).await;
        sent[0]
    }

    /// The same and looked at; answers with the asset as it is shown.
    async fn checked(&self, world: &World) -> Value {
        let at = self.complete(world).await;
        inspect_upload::handle(&inspecting(world), at)
            .await
            .expect("a verdict");
        show(world, &at.asset_id.to_string()).await
    }
}

#[tokio::test]
async fn each_kind_is_kept_in_its_own_form_with_its_facts_and_counted_by_its_size() {
    let kinds = [
        (
            Upload::of("image", "image/png", image()),
            "image/jpeg",
            (Some(320), Some(180)),
            None,
            false,
        ),
        (
            Upload::of("video", "video/mp4", video()),
            "video/mp4",
            (Some(160), Some(120)),
            Some(1_000),
            true,
        ),
        (
            Upload::of("audio", "audio/mpeg", sound()),
            "audio/mpeg",
            (None, None),
            Some(2_000),
            true,
        ),
        (
            Upload::of("audio", "audio/x-m4a", voice()),
            "audio/mpeg",
            (None, None),
            Some(2_000),
            true,
        ),
    ];
    for (upload, content_type, size, duration_ms, has_sound) in kinds {
        let world = World::new().await;
        let asset = upload.checked(&world).await;
        assert_eq!(asset["status"], "ready", "{asset}");
        let file = &asset["file"];
        assert_eq!(
            (&file["content_type"], &file["has_sound"]),
            (&json!(content_type), &json!(has_sound))
        );
        let number = |name: &str| file[name].as_u64();
        assert_eq!((number("width"), number("height")), size);
        let length = |ms: Option<u64>| ms.map(|ms| ms.abs_diff(duration_ms.unwrap_or_default()) < 120);
        assert_eq!(length(number("duration_ms")), duration_ms.map(|_| true), "{file}");
        // The upload is gone; what is kept lies under its own hash, and is all that is counted.
        let keys = world.objects.keys();
        assert_eq!(keys.len(), 1, "{keys:?}");
        let kept = world.objects.get(&MediaKey::new(keys[0].clone())).await.unwrap();
        let sha256 = file["sha256"].as_str().unwrap();
        assert_eq!(hex::encode(Sha256::digest(&kept)), sha256);
        assert!(keys[0].contains(sha256) && file["url"].as_str().unwrap().contains(&keys[0]));
        let bytes = u64::try_from(kept.len()).unwrap();
        assert_eq!(
            (number("size_bytes"), storage(&world).await),
            (Some(bytes), bytes)
        );
        assert_eq!(asset["storage_bytes"], json!(bytes));
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_by_name_and_takes_no_room() {
    let half = video();
    let cases = [
        (
            Upload::of("video", "video/mp4", b"PK\x03\x04 a lot of files".to_vec()),
            "input_type_unknown",
        ),
        (Upload::of("image", "image/png", bomb()), "input_too_many_pixels"),
        (
            Upload::of("video", "video/mp4", half[..half.len() / 2].to_vec()),
            "input_truncated",
        ),
        (
            Upload::of("video", "video/mp4", image()),
            "input_type_not_allowed",
        ),
        (
            Upload {
                bytes: Vec::new(),
                ..Upload::of("image", "image/png", image())
            },
            "upload_size_differs",
        ),
        (
            Upload {
                declared_bytes: 10,
                ..Upload::of("image", "image/png", image())
            },
            "upload_size_differs",
        ),
        (
            Upload {
                sha256: Some("0".repeat(64)),
                ..Upload::of("image", "image/png", image())
            },
            "upload_hash_differs",
        ),
    ];
    let world = World::new().await;
    for (upload, code) in cases {
        let asset = upload.checked(&world).await;
        assert_eq!(
            (&asset["status"], &asset["refusal"]["code"]),
            (&json!("refused"), &json!(code))
        );
        let message = asset["refusal"]["message"].as_str().unwrap();
        assert!(message.ends_with('.') && !message.contains("/tmp"), "{message}");
        assert_eq!(
            (storage(&world).await, world.objects.keys()),
            (0, vec![]),
            "{code}"
        );
    }
}

#[tokio::test]
async fn a_file_with_the_hash_that_was_declared_is_kept() {
    let world = World::new().await;
    let bytes = image();
    let sha256 = Some(hex::encode_upper(Sha256::digest(&bytes)));
    let upload = Upload {
        sha256,
        ..Upload::of("image", "image/png", bytes)
    };
    assert_eq!(upload.checked(&world).await["status"], "ready");
}

#[tokio::test]
async fn what_is_kept_must_fit_into_the_plans_storage() {
    let world = World::new().await;
    let upload = Upload::of("video", "video/mp4", video());
    let most = u64::try_from(upload.bytes.len()).unwrap();
    let overrides = [(QuotaKind::StorageBytes, Some(most))].into();
    world
        .store()
        .set_overrides(world.ann.account_id, overrides)
        .await
        .unwrap();
    let asset = upload.checked(&world).await;
    // 18 as quality needs more than the 23 of the upload.
    assert_eq!(asset["refusal"]["code"], "storage_full", "{asset}");
    assert_eq!((storage(&world).await, world.objects.keys()), (0, vec![]));
}

#[tokio::test]
async fn a_message_that_comes_again_and_two_at_once_leave_one_file() {
    let world = World::new().await;
    let at = Upload::of("image", "image/png", image()).complete(&world).await;
    let deps = inspecting(&world);
    let (one, other) = tokio::join!(
        inspect_upload::handle(&deps, at),
        inspect_upload::handle(&deps, at)
    );
    one.and(other).unwrap();
    let ready = show(&world, &at.asset_id.to_string()).await;
    assert_eq!(ready["status"], "ready");
    let keys = world.objects.keys();
    assert_eq!(keys.len(), 1, "{keys:?}");
    inspect_upload::handle(&deps, at).await.unwrap();
    assert_eq!(
        (show(&world, &at.asset_id.to_string()).await, world.objects.keys()),
        (ready, keys)
    );
    storage(&world).await;
}

#[tokio::test]
async fn an_asset_that_is_deleted_under_its_check_leaves_no_file() {
    let world = World::new().await;
    let at = Upload::of("image", "image/png", image()).complete(&world).await;
    world.store().delete_asset(at, world.ann.now()).await.unwrap();
    // What a check that died after its last write to the bucket left.
    let prefix = objects::keys::asset_prefix(at.account_id, at.asset_id);
    let left = MediaKey::new(format!("{prefix}x.jpg"));
    world.objects.put(&left, "image/jpeg", vec![1]).await.unwrap();
    inspect_upload::handle(&inspecting(&world), at).await.unwrap();
    assert_eq!((storage(&world).await, world.objects.keys()), (0, vec![]));
}

#[tokio::test]
async fn a_check_that_dies_between_any_two_steps_is_finished_by_the_next_message() {
    for (upload, status) in [(image(), "ready"), (bomb(), "refused")] {
        for call in ["size", "get_file", "put_file", "delete", "delete_all"] {
            let world = World::new().await;
            let at = Upload::of("image", "image/png", upload.clone())
                .complete(&world)
                .await;
            let dying = DyingBucket {
                bucket: world.objects(),
                at: call,
            };
            let mut deps = inspecting(&world);
            deps.inspection.objects = Arc::new(dying);
            let died = inspect_upload::handle(&deps, at).await;
            // Only a refusal clears a prefix, and only what passes is stored.
            let reached = match call {
                "put_file" => status == "ready",
                "delete_all" => status == "refused",
                _ => true,
            };
            assert_eq!(died.is_err(), reached, "{call}");
            storage(&world).await;
            inspect_upload::handle(&inspecting(&world), at).await.unwrap();
            assert_eq!(
                show(&world, &at.asset_id.to_string()).await["status"],
                status,
                "{call}"
            );
            let left = usize::from(status == "ready");
            assert_eq!(world.objects.keys().len(), left, "{call}");
            storage(&world).await;
        }
    }
}
