//! Processes: each of their ends becomes a value.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

fn shell(script: &str, limit_ms: u64) -> Invocation<'static> {
    Invocation {
        tool: "shell",
        program: Path::new("/bin/sh"),
        arguments: ["-c", script].map(OsString::from).to_vec(),
        limit: Duration::from_millis(limit_ms),
    }
}

#[test]
fn output_and_reports_are_kept_apart() {
    let output = run(shell("echo out; echo err >&2", 5_000)).unwrap();
    assert_eq!(
        (output.stdout.as_slice(), output.stderr.as_str()),
        (&b"out\n"[..], "err\n")
    );
}

#[test]
fn a_bad_exit_carries_its_code_with_its_first_and_last_lines() {
    let error = run(shell(
        "i=0; while [ $i -lt 40 ]; do echo line$i >&2; i=$((i+1)); done; exit 3",
        5_000,
    ))
    .unwrap_err();
    let EngineError::ToolFailed { code, stderr, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(*code, Some(3));
    assert!(stderr.starts_with("line0\n") && stderr.ends_with("line39"));
    assert!(!stderr.contains("line20\n"));
}

#[test]
fn a_program_may_be_given_so_much_memory_and_no_more() {
    // It waits for the limit, which comes right after its start.
    let script = "until [ \"$(ulimit -v)\" != unlimited ]; do :; done; ulimit -v";
    let output = run_within(shell(script, 20_000), 512 * 1024 * 1024).unwrap();
    assert_eq!(output.stdout, b"524288\n");
}

#[test]
fn a_program_that_hangs_is_ended() {
    let clock = Instant::now();
    let error = run(shell("exec sleep 30", 200)).unwrap_err();
    assert!(matches!(error, EngineError::TimedOut { .. }));
    assert!(clock.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_write_to_a_program_that_does_not_read_ends_with_its_limit() {
    let (running, mut stdin, stdout) = start_talking(shell("exec sleep 30", 200)).unwrap();
    assert!(stdin.write_all(&vec![0; 4 * 1024 * 1024]).is_err());
    drop((stdin, stdout));
    assert!(matches!(
        running.finish().unwrap_err(),
        EngineError::TimedOut { .. }
    ));
}

#[test]
fn a_missing_program_says_what_to_run() {
    let missing = Invocation {
        program: Path::new("/no/such/program"),
        ..shell("", 100)
    };
    let error = run(missing).unwrap_err();
    assert!(error.to_string().contains("make tools"), "{error}");
    assert_eq!(error.code(), "ToolMissing");
}
