//! Runs `speak-words`, the only program that touches espeak-ng, once per stretch of text.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use domain::ErrorCode;
use providers::{Cause, ProviderError};
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::runs::Run;
use super::wave::Wave;
use crate::LocalTools;

/// A section takes well under a second; a process that hangs must not take the step's whole time.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// Enough of a program's last words to know what was wrong.
const STDERR_CHARS_MAX: usize = 600;

/// A character and when it is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Index in the text, in characters.
    pub(super) character: usize,
    /// Milliseconds.
    pub(super) at_ms: u32,
}

/// A spoken stretch without silence at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Utterance {
    /// The sound.
    pub(super) wave: Wave,
    /// Starts of words, as the engine says.
    pub(super) anchors: Vec<Anchor>,
}

/// # Shape
/// Standard output of `infra/tools/speak_words.c`.
#[derive(Debug, Deserialize)]
struct Answer {
    words: Vec<AnswerWord>,
}

#[derive(Debug, Deserialize)]
struct AnswerWord {
    start_char: usize,
    at_ms: u32,
}

#[derive(Debug, thiserror::Error)]
enum SpeakFailure {
    #[error("SPEAK_WORDS_PATH names no program that can run, {path}: run `make tools`")]
    Missing {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("speak-words did not end within {} s", TIME_LIMIT.as_secs())]
    TimedOut,
    #[error("speak-words failed with exit code {code:?} (see ESPEAK_LIB_PATH, ESPEAK_DATA_DIR): {stderr}")]
    Failed { code: Option<i32>, stderr: String },
    #[error("speak-words did not keep its contract: {what}")]
    Contract { what: &'static str },
}

/// An engine failure of the voice with its cause.
pub(super) fn failed(doing: &'static str, cause: impl Into<Cause>) -> ProviderError {
    ProviderError::EngineFailed {
        doing,
        code: ErrorCode::VoiceEngineFailed,
        source: Some(cause.into()),
    }
}

/// Speaks one stretch.
///
/// # Errors
/// [`ProviderError::EngineFailed`] with a cause that names the variable to look at.
pub(super) async fn utter(tools: &LocalTools, run: &Run, folder: &Path) -> Result<Utterance, ProviderError> {
    let doing = "speaking a section";
    let file = folder.join("section.wav");
    let output = timeout(TIME_LIMIT, start(tools, run, &file))
        .await
        .map_err(|elapsed| {
            tracing::warn!(error = %elapsed, "speak-words was stopped");
            failed(doing, SpeakFailure::TimedOut)
        })?
        .map_err(|source| {
            let path = tools.speak_words.clone();
            failed(doing, SpeakFailure::Missing { path, source })
        })?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr)
            .trim()
            .chars()
            .take(STDERR_CHARS_MAX)
            .collect();
        let code = output.status.code();
        return Err(failed(doing, SpeakFailure::Failed { code, stderr }));
    }
    let answer: Answer = serde_json::from_slice(&output.stdout).map_err(|e| failed(doing, e))?;
    let bytes = tokio::fs::read(&file).await.map_err(|e| failed(doing, e))?;
    let mut wave = Wave::parse(&bytes).ok_or_else(|| {
        failed(
            doing,
            SpeakFailure::Contract {
                what: "no 16-bit mono WAV",
            },
        )
    })?;
    let cut_ms = wave.trim();
    let anchors = answer
        .words
        .iter()
        .map(|word| Anchor {
            character: word.start_char,
            at_ms: word.at_ms.saturating_sub(cut_ms),
        })
        .collect();
    Ok(Utterance { wave, anchors })
}

async fn start(tools: &LocalTools, run: &Run, file: &Path) -> io::Result<std::process::Output> {
    let mut child = Command::new(&tools.speak_words)
        .arg("--lib")
        .arg(&tools.espeak_lib)
        .arg("--data")
        .arg(&tools.espeak_data)
        .args(["--voice", &run.engine_voice, "--rate", &run.rate.to_string()])
        .arg("--out")
        .arg(file)
        // Nothing of the function's environment, which holds credentials, is for this program.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        match input.write_all(run.text.as_bytes()).await {
            // It ended before it read: its exit code and last words say why.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            other => other?,
        }
    }
    child.wait_with_output().await
}
