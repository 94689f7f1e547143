//! Feeds frames to ffmpeg: a writer thread and a few buffers that go round, so neither side waits for long.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use rustix::pipe::fcntl_setpipe_size;

use crate::composition::Composition;
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, in_protocol, limit_for};
use crate::picture::Picture;
use crate::process::{Running, start_fed};
use crate::tools::Tools;

/// Frames between the renderer and the pipe: one drawn, one written, one in between; more would only fall out of the
/// cache before they are read, and the encoder has a look-ahead of its own to bridge a slow frame.
const BUFFERS: usize = 3;

/// What the pipe holds: the most that Linux gives to everybody, so that the two sides change places 3 times for a frame
/// and not 48 times.
///
/// # Source
/// `pipe(7)`, "/proc/sys/fs/pipe-max-size", read 2026-11-21.
const PIPE_BYTES: usize = 1024 * 1024;

/// Seconds between key frames: players seek by them, and two seconds cost little.
const KEY_FRAME_SECONDS: u32 = 2;

/// A running encoder.
#[derive(Debug)]
pub(crate) struct Encoder {
    running: Running,
    writer: JoinHandle<()>,
    full: SyncSender<Picture>,
    empty: Receiver<Picture>,
}

impl Encoder {
    /// Starts it; `audio` is read as it is, `out` is overwritten.
    pub(crate) fn start(
        tools: &Tools,
        composition: &Composition,
        audio: &Path,
        out: &Path,
    ) -> Result<Self, EngineError> {
        let arguments = arguments(
            composition,
            &["-protocol_whitelist", "pipe", "-i", "pipe:0"],
            audio,
            out,
        );
        let limit = limit_for(composition.duration_ms());
        let (running, pipe) = start_fed(arguments.invocation(tools, limit))?;
        // Where the system gives less, it works all the same, only slower.
        fcntl_setpipe_size(&pipe, PIPE_BYTES).ok();
        let (full, to_write) = sync_channel::<Picture>(BUFFERS);
        let (written, empty) = channel::<Picture>();
        for _ in 0..BUFFERS {
            // The receiver is right here, so this cannot fail.
            drop(written.send(Picture::black(composition.width, composition.height)));
        }
        let writer = thread::spawn(move || feed(pipe, &to_write, &written));
        Ok(Self {
            running,
            writer,
            full,
            empty,
        })
    }

    /// A buffer to draw into; `None` when ffmpeg has ended early, which [`Encoder::finish`] then explains.
    pub(crate) fn buffer(&self) -> Option<Picture> {
        self.empty.recv().ok()
    }

    /// Queues a drawn frame; `false` when ffmpeg has ended early.
    pub(crate) fn push(&self, frame: Picture) -> bool {
        self.full.send(frame).is_ok()
    }

    /// Ends the stream and waits for the file.
    pub(crate) fn finish(self) -> Result<(), EngineError> {
        drop(self.full);
        // A panic of the writer would have closed the pipe, and ffmpeg's end tells the rest.
        drop(self.writer.join());
        self.running.finish().map(drop)
    }
}

/// Ends when the sender is gone or when ffmpeg no longer reads.
fn feed(mut pipe: ChildStdin, to_write: &Receiver<Picture>, written: &Sender<Picture>) {
    for frame in to_write {
        if pipe.write_all(frame.bytes()).is_err() {
            return;
        }
        // Nobody waits for buffers after the last frame.
        drop(written.send(frame));
    }
}

/// The encoder's arguments for frames that lie in a file.
pub(crate) fn from_file(composition: &Composition, frames: &Path, audio: &Path, out: &Path) -> Arguments {
    let frames = in_protocol(frames);
    let input = ["-protocol_whitelist", "file", "-i"].map(OsStr::new);
    arguments(
        composition,
        &[&input, &[frames.as_os_str()][..]].concat(),
        audio,
        out,
    )
}

fn arguments<S: AsRef<OsStr>>(
    composition: &Composition,
    frames: &[S],
    audio: &Path,
    out: &Path,
) -> Arguments {
    let output = &composition.output;
    let size = format!("{}x{}", composition.width, composition.height);
    let fps = composition.fps.to_string();
    let keys = (composition.fps * KEY_FRAME_SECONDS).to_string();
    let colours = [
        "-color_range",
        "tv",
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ];
    Arguments::new("error")
        .with([
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s:v",
            size.as_str(),
            "-framerate",
            fps.as_str(),
        ])
        .with(colours)
        .with(frames)
        .input(&[], audio)
        .with(["-map", "0:v:0", "-map", "1:a:0"])
        .with(["-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p"])
        .with([
            "-preset",
            output.preset.name(),
            "-crf",
            &output.crf.to_string(),
            "-g",
            keys.as_str(),
        ])
        .with(colours)
        .with([
            "-c:a",
            "aac",
            "-b:a",
            &format!("{}k", output.audio_kbps),
            "-ar",
            "48000",
            "-ac",
            "2",
        ])
        .with([
            "-map_metadata",
            "-1",
            "-bitexact",
            "-movflags",
            "+faststart",
            "-f",
            "mp4",
        ])
        .output(out)
}
