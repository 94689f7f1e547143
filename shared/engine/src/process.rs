//! Runs a program with an end: a deadline, a bounded record of what it said, and its failure as a value.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::error::EngineError;

/// How much of a program's standard error is kept, counted from its end.
///
/// The longest report read back is a list of black or frozen spans; 256 KiB holds over a thousand.
const STDERR_BYTES_MAX: usize = 256 * 1024;

/// How much of a program's standard output is taken before it is an error: one 4K RGB frame and some room.
const STDOUT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// How many of the first and of the last lines an error carries: a cause is told first, what came of it last.
const ERROR_LINES: [usize; 2] = [6, 12];

/// A program with its arguments and its time.
#[derive(Debug)]
pub(crate) struct Invocation<'a> {
    /// Its name for errors.
    pub(crate) tool: &'static str,
    pub(crate) program: &'a Path,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) limit: Duration,
}

/// What an ended program left behind.
#[derive(Debug)]
pub struct Output {
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: String,
}

/// A started program.
///
/// # Promises
/// It never outlives its limit: a watchdog kills it, which also ends a blocked write to its standard input.
/// Dropped without [`Running::finish`], it is killed at once.
#[derive(Debug)]
pub(crate) struct Running {
    tool: &'static str,
    limit: Duration,
    child: Arc<Mutex<Child>>,
    timed_out: Arc<AtomicBool>,
    stdout: Option<JoinHandle<io::Result<Vec<u8>>>>,
    stderr: Option<JoinHandle<io::Result<Vec<u8>>>>,
    /// Dropping it tells the watchdog that the program has ended.
    ended: Option<Sender<()>>,
}

/// Runs a program to its end, with nothing on its standard input.
pub(crate) fn run(invocation: Invocation<'_>) -> Result<Output, EngineError> {
    let (mut running, stdout) = spawn(invocation, Stdio::null())?;
    running.stdout = stdout.map(|pipe| thread::spawn(move || read_head(pipe)));
    running.finish()
}

/// The same with at most so much address space: an allocation beyond it fails in the program, and here nothing does.
pub(crate) fn run_within(invocation: Invocation<'_>, memory_bytes: u64) -> Result<Output, EngineError> {
    let program = invocation.program;
    let (mut running, stdout) = spawn(invocation, Stdio::null())?;
    let limit = Rlimit {
        current: Some(memory_bytes),
        maximum: Some(memory_bytes),
    };
    match prlimit(Some(Pid::from_child(&running.lock())), Resource::As, limit) {
        // A program that has ended already needs none.
        Ok(_) | Err(Errno::SRCH) => {}
        // Dropped, it is killed: a stranger's file is not read without the limit.
        Err(refused) => {
            return Err(EngineError::io("limit the memory of", program)(refused.into()));
        }
    }
    running.stdout = stdout.map(|pipe| thread::spawn(move || read_head(pipe)));
    running.finish()
}

/// Starts a program that is talked to: what is written into the first pipe it reads, and it answers in the second.
///
/// # Promises
/// Both pipes end when the program does, by itself or at its limit.
pub(crate) fn start_talking(
    invocation: Invocation<'_>,
) -> Result<(Running, ChildStdin, ChildStdout), EngineError> {
    let (running, stdout) = spawn(invocation, Stdio::piped())?;
    let stdin = running.lock().stdin.take();
    let (stdin, stdout) = stdin
        .zip(stdout)
        .ok_or(EngineError::Internal("piped standard streams are always there"))?;
    Ok((running, stdin, stdout))
}

/// Starts a program that is read while it writes, with nothing on its standard input.
pub(crate) fn start_read(invocation: Invocation<'_>) -> Result<(Running, ChildStdout), EngineError> {
    let (running, stdout) = spawn(invocation, Stdio::null())?;
    let stdout = stdout.ok_or(EngineError::Internal("a piped standard output is always there"))?;
    Ok((running, stdout))
}

fn spawn(invocation: Invocation<'_>, stdin: Stdio) -> Result<(Running, Option<ChildStdout>), EngineError> {
    let Invocation {
        tool,
        program,
        arguments,
        limit,
    } = invocation;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| EngineError::ToolMissing {
            tool,
            path: program.to_path_buf(),
            source,
        })?;
    let stdout = child.stdout.take();
    let stderr = child
        .stderr
        .take()
        .map(|pipe| thread::spawn(move || read_tail(pipe)));
    let child = Arc::new(Mutex::new(child));
    let timed_out = Arc::new(AtomicBool::new(false));
    let (ended, end) = channel::<()>();
    let (watched, flag) = (Arc::clone(&child), Arc::clone(&timed_out));
    // Detached on purpose: it ends by itself as soon as `ended` is dropped.
    drop(thread::spawn(move || {
        if end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            flag.store(true, Ordering::SeqCst);
            kill(&watched);
        }
    }));
    let running = Running {
        tool,
        limit,
        child,
        timed_out,
        stdout: None,
        stderr,
        ended: Some(ended),
    };
    Ok((running, stdout))
}

impl Running {
    /// Waits for the end.
    ///
    /// # Errors
    /// [`EngineError::TimedOut`] when the watchdog ended it, [`EngineError::ToolFailed`] on any other bad exit.
    pub(crate) fn finish(mut self) -> Result<Output, EngineError> {
        let stdout = collect(self.stdout.take());
        let stderr = collect(self.stderr.take());
        // Both pipes are closed, so the program is ending: this wait is short and may hold the lock.
        let status = self.lock().wait();
        self.ended = None;
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        self.judge(status, &stderr)?;
        Ok(Output { stdout, stderr })
    }

    fn judge(&self, status: io::Result<ExitStatus>, stderr: &str) -> Result<(), EngineError> {
        if self.timed_out.load(Ordering::SeqCst) {
            return Err(EngineError::TimedOut {
                tool: self.tool,
                limit: self.limit,
            });
        }
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(EngineError::ToolFailed {
                tool: self.tool,
                code: status.code(),
                signal: status.signal(),
                stderr: outer_lines(stderr),
            }),
            Err(source) => Err(EngineError::ToolFailed {
                tool: self.tool,
                code: None,
                signal: None,
                stderr: source.to_string(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended.is_some() {
            kill(&self.child);
        }
    }
}

fn kill(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // Killing a program that has just ended fails, and that is fine; waiting reaps it.
    if child.kill().is_ok() {
        drop(child.wait());
    }
}

fn collect(reader: Option<JoinHandle<io::Result<Vec<u8>>>>) -> Vec<u8> {
    reader
        .and_then(|handle| handle.join().ok())
        .and_then(Result::ok)
        .unwrap_or_default()
}

/// Keeps the beginning and drains the rest, so that the writer never blocks.
fn read_head(mut pipe: impl Read) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let limit = u64::try_from(STDOUT_BYTES_MAX).unwrap_or(u64::MAX);
    pipe.by_ref().take(limit).read_to_end(&mut kept)?;
    io::copy(&mut pipe, &mut io::sink())?;
    Ok(kept)
}

/// Keeps the end.
fn read_tail(mut pipe: impl Read) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut chunk = vec![0; 8 * 1024];
    loop {
        let count = pipe.read(&mut chunk)?;
        if count == 0 {
            return Ok(kept);
        }
        kept.extend(chunk.iter().take(count));
        let surplus = kept.len().saturating_sub(STDERR_BYTES_MAX);
        kept.drain(..surplus);
    }
}

fn outer_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let [first, last] = ERROR_LINES;
    let dropped = first..lines.len().saturating_sub(last);
    let kept = lines.into_iter().enumerate();
    let kept: Vec<&str> = kept
        .filter(|(number, _)| !dropped.contains(number))
        .map(|(_, line)| line)
        .collect();
    kept.join("\n")
}

#[cfg(test)]
mod tests;
