//! How ffmpeg is called: one input style for all, which opens local files and nothing else.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::EngineError;
use crate::process::{Invocation, Output, run, run_within};
use crate::tools::Tools;

/// Containers that audio and video inputs may have.
///
/// Playlist formats (HLS, concat, DASH) are missing on purpose: they open other files.
const FORMATS: &str = "wav,mp3,aac,flac,ogg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,w64";

/// Time that any call may take, on top of what its media's length allows.
const BASE_LIMIT: Duration = Duration::from_mins(1);

/// A list of arguments in the making.
#[derive(Debug)]
pub struct Arguments(Vec<OsString>);

impl Arguments {
    /// `level` is ffmpeg's log level: `error`, or `info` when its report is read back.
    pub fn new(level: &str) -> Self {
        Self(Vec::new()).with(["-hide_banner", "-nostats", "-loglevel", level, "-y"])
    }

    /// Adds arguments.
    #[must_use]
    pub fn with<S: AsRef<OsStr>>(mut self, parts: impl IntoIterator<Item = S>) -> Self {
        self.0
            .extend(parts.into_iter().map(|part| part.as_ref().to_os_string()));
        self
    }

    /// Reads a media file, with options of its own before it.
    #[must_use]
    pub fn input(self, options: &[&str], path: &Path) -> Self {
        self.with(options)
            .with(["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i"])
            .with([in_protocol(path)])
    }

    /// Writes a file.
    #[must_use]
    pub fn output(self, path: &Path) -> Self {
        self.with([in_protocol(path)])
    }

    pub(crate) fn invocation(self, tools: &Tools, limit: Duration) -> Invocation<'_> {
        Invocation {
            tool: "ffmpeg",
            program: &tools.ffmpeg,
            arguments: self.0,
            limit,
        }
    }

    /// The arguments as text; a path that is no UTF-8 loses the bytes that are not.
    pub(crate) fn into_texts(self) -> Vec<String> {
        let text = |part: OsString| part.to_string_lossy().into_owned();
        self.0.into_iter().map(text).collect()
    }

    /// Runs it with nothing on its standard input.
    ///
    /// # Errors
    /// [`EngineError`] by whose fault it is: a file's, the disk's or the program's.
    pub fn run(self, tools: &Tools, limit: Duration) -> Result<Output, EngineError> {
        let inputs = self.inputs();
        run(self.with(["-nostdin"]).invocation(tools, limit)).map_err(|error| blame(&inputs, error))
    }

    /// The same with a limit of its memory, for files of strangers; the caller judges what ffmpeg said.
    ///
    /// # Errors
    /// [`EngineError::ToolFailed`] with what ffmpeg said, [`EngineError::TimedOut`] or [`EngineError::ToolMissing`].
    pub fn run_within(
        self,
        tools: &Tools,
        limit: Duration,
        memory_bytes: u64,
    ) -> Result<Output, EngineError> {
        run_within(self.with(["-nostdin"]).invocation(tools, limit), memory_bytes)
    }

    /// The files that are read.
    fn inputs(&self) -> Vec<PathBuf> {
        let names = self.0.iter().zip(self.0.iter().skip(1));
        names
            .filter(|(option, _)| *option == "-i")
            .filter_map(|(_, name)| Some(PathBuf::from(name.to_str()?.strip_prefix("file:")?)))
            .collect()
    }
}

/// What ffmpeg says when the fault is in a file and not in the machine.
const FAULTS: [&str; 7] = [
    "Invalid data found when processing input",
    "moov atom not found",
    "matches no streams",
    "Format not on whitelist",
    "not on whitelist",
    "Could not find codec parameters",
    "End of file",
];

/// Tells a bad file and a full disk from a program that failed.
fn blame(inputs: &[PathBuf], error: EngineError) -> EngineError {
    let EngineError::ToolFailed { stderr, .. } = &error else {
        return error;
    };
    if stderr.contains("No space left on device") {
        let path = inputs.first().cloned().unwrap_or_default();
        return EngineError::io("write beside", &path)(io::ErrorKind::StorageFull.into());
    }
    let line = stderr
        .lines()
        .find(|line| FAULTS.iter().any(|fault| line.contains(fault)));
    let named = |path: &&PathBuf| stderr.contains(&*path.to_string_lossy());
    match line {
        Some(line) => match inputs.iter().rfind(named).or_else(|| inputs.last()) {
            Some(path) => EngineError::media(path, line.trim()),
            None => error,
        },
        None => error,
    }
}

/// A limit for work on media of a given length: slower than a tenth of real time is stuck, not slow.
pub fn limit_for(media_ms: u64) -> Duration {
    BASE_LIMIT + Duration::from_millis(media_ms.saturating_mul(10))
}

/// Without the prefix, a file named `concat:a|b` or `-y` would be more than a file.
pub fn in_protocol(path: &Path) -> OsString {
    let mut name = OsString::from("file:");
    name.push(path);
    name
}

/// A missing input file is found before a process is started, and named.
pub(crate) fn must_exist(path: &Path) -> Result<u64, EngineError> {
    let metadata = std::fs::metadata(path).map_err(EngineError::io("open", path))?;
    if metadata.is_file() && metadata.len() > 0 {
        Ok(metadata.len())
    } else {
        Err(EngineError::media(path, "it is empty or no file"))
    }
}
