//! Feeds frames to ffmpeg: a writer thread and a few buffers that go round, so neither side waits for long.

use std::io::Write;
use std::path::Path;
use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use crate::composition::Composition;
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for};
use crate::picture::Picture;
use crate::process::{Running, start_fed};
use crate::tools::Tools;

/// Frames between the renderer and the pipe: enough to bridge the drawing of a caption, 19 MB at 1080x1920.
const BUFFERS: usize = 6;

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
        let arguments = arguments(composition, audio, out);
        let limit = limit_for(composition.duration_ms());
        let (running, pipe) = start_fed(arguments.invocation(tools, limit))?;
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

fn arguments(composition: &Composition, audio: &Path, out: &Path) -> Arguments {
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
        .with(["-protocol_whitelist", "pipe", "-i", "pipe:0"])
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
