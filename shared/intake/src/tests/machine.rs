//! The machine fails: that is no word about the file, and another try may go well.

use std::os::unix::fs::PermissionsExt as _;

use domain::asset::UploadPurpose::{Avatar, Cover, Music};

use super::*;

/// Tools whose ffmpeg does what a shell is told.
fn failing(fixture: &Fixture, script: &str) -> Tools {
    let ffmpeg = fixture.put("ffmpeg", format!("#!/bin/sh\n{script}\n").as_bytes());
    fs::set_permissions(&ffmpeg, fs::Permissions::from_mode(0o755)).unwrap();
    Tools {
        ffmpeg,
        ..fixture.tools.clone()
    }
}

fn is_retryable(error: &IntakeError) -> bool {
    matches!(error, IntakeError::Engine(engine) if engine.is_retryable())
}

#[test]
fn a_full_disk_a_kill_and_too_few_threads_refuse_no_file() {
    let fixture = Fixture::new();
    let video = fixture.made("f.mp4", &["-f", "lavfi", "-i", "color=red:s=64x64:d=1"]);
    for script in [
        "echo 'Error writing trailer: No space left on device' >&2; exit 228",
        "echo 'Error opening output files: Read-only file system' >&2; exit 226",
        "echo 'Error initializing filters: Resource temporarily unavailable' >&2; exit 245",
        "kill -KILL $$",
        "kill -TERM $$",
    ] {
        let error = inspect(&failing(&fixture, script), &video, Some(Avatar)).unwrap_err();
        assert!(is_retryable(&error), "{script}: {error}");
    }
    // A decoder that breaks down over a file does so every time.
    let error = inspect(&failing(&fixture, "kill -SEGV $$"), &video, Some(Avatar)).unwrap_err();
    assert_eq!(error.code(), "input_corrupt");
}

#[test]
fn a_missing_folder_of_the_result_refuses_no_file() {
    let fixture = Fixture::new();
    let video = fixture.made("f.mp4", &["-f", "lavfi", "-i", "color=red:s=64x64:d=1"]);
    let sound = fixture.made("s.mp3", &["-f", "lavfi", "-i", "sine=d=1"]);
    let image = fixture.made(
        "p.png",
        &["-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1"],
    );
    let nowhere = fixture.path("no/such/folder/out");
    for (path, purpose) in [(video, Avatar), (sound, Music), (image, Cover)] {
        let error = prepare(&fixture.tools, &path, purpose, &nowhere).unwrap_err();
        assert!(is_retryable(&error) && error.code() == "Io", "{error}");
    }
}

#[test]
fn what_cannot_be_prepared_leaves_nothing_behind() {
    let fixture = Fixture::new();
    let video = fixture.made("f.mp4", &["-f", "lavfi", "-i", "color=red:s=64x64:d=1"]);
    let out = fixture.path("result");
    // Everything is well until the result is written.
    let real = fixture.tools.ffmpeg.display();
    let script = format!(
        "case \"$*\" in *libx264*) for out; do case \"$out\" in */result*) echo half > \"$out\";; esac; done; echo 'No space left on device' >&2; \
         exit 228;; *) exec {real} \"$@\";; esac"
    );
    let error = prepare(&failing(&fixture, &script), &video, Avatar, &out).unwrap_err();
    assert!(is_retryable(&error), "{error}");
    let left: Vec<_> = fs::read_dir(fixture.folder.path()).unwrap().collect();
    assert_eq!((out.exists(), left.len()), (false, 2), "{left:?}");
}
