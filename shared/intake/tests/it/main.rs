//! The command line: how it ends, and what it leaves.

use std::path::Path;
use std::process::Command;

fn exit_code(words: &[&str]) -> Option<i32> {
    let ran = Command::new(env!("CARGO_BIN_EXE_intake")).args(words).output();
    ran.ok()?.status.code()
}

#[test]
fn wrong_arguments_end_with_two_and_a_refused_file_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "just words").unwrap();
    let (file, out) = (words.to_str().unwrap(), folder.path().join("out"));
    let out = out.to_str().unwrap();
    for wrong in [
        &[][..],
        &["look", file],
        &["inspect", file, "portrait"],
        &["prepare", "portrait", file, out],
        &["prepare", "cover", file],
    ] {
        assert_eq!(exit_code(wrong), Some(2), "{wrong:?}");
    }
    assert_eq!(exit_code(&["inspect", file]), Some(1));
    assert_eq!(exit_code(&["prepare", "cover", file, out]), Some(1));
    assert!(!Path::new(out).exists());
}
