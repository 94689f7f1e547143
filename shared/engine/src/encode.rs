//! Hands frames to `encode-frames`: through memory that both see, with one byte per frame to say which part of it is next.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout};

use rustix::fs::{MemfdFlags, memfd_create};
use vmap::MapMut;

use crate::composition::Composition;
use crate::error::EngineError;
use crate::ffmpeg::limit_for;
use crate::number::index;
use crate::process::{Invocation, Running, start_talking};
use crate::tools::Tools;
use crate::yuv_image::{Canvas, split};

/// Frames in the shared memory: one that is encoded, one that waits, and one that is written.
const SLOTS: u8 = 3;

/// Up to this size one thread encodes: frames of a draft are done sooner than threads are told of them.
const ALONE_PIXELS: u32 = 640 * 640;

/// Seconds between key frames: players seek by them, and two seconds cost little.
const KEY_FRAME_SECONDS: u32 = 2;

/// Memory of the encoder's that waits for a frame.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    size: (usize, usize),
    data: &'a mut [u8],
}

impl Canvas for Slot<'_> {
    fn size(&self) -> (usize, usize) {
        self.size
    }

    fn planes_mut(&mut self) -> [&mut [u8]; 3] {
        split(self.data, self.size)
    }
}

/// A running encoder; its result is a stream for [`mux`](crate::mux).
#[derive(Debug)]
pub(crate) struct Encoder {
    running: Running,
    filled: ChildStdin,
    emptied: ChildStdout,
    ring: MapMut,
    size: (usize, usize),
    /// Slots that were never used.
    unused: std::ops::Range<u8>,
    /// The slot that is being drawn on.
    taken: Option<u8>,
}

impl Encoder {
    /// Starts it for frames of a composition's size and rate; `out` is overwritten.
    pub(crate) fn start(tools: &Tools, composition: &Composition, out: &Path) -> Result<Self, EngineError> {
        let size = (index(composition.width), index(composition.height));
        let (memory, ring) = shared(frame_bytes(size) * usize::from(SLOTS))
            .map_err(EngineError::io("make memory for", Path::new("frames")))?;
        let frames = format!("fd:{}", memory.as_raw_fd());
        let program = tools.encode_frames();
        let invocation = Invocation {
            tool: "encode-frames",
            program: &program,
            arguments: arguments(
                tools,
                composition,
                (frames.into(), ["--slots".into(), SLOTS.to_string()]),
                out,
            ),
            limit: limit_for(composition.duration_ms()),
        };
        let (running, filled, emptied) = start_talking(invocation)?;
        Ok(Self {
            running,
            filled,
            emptied,
            ring,
            size,
            unused: 0..SLOTS,
            taken: None,
        })
    }

    /// Where the next frame is drawn, once the encoder has let go of it; it holds an older frame.
    ///
    /// `None` when the encoder has ended early, which [`Encoder::finish`] then explains.
    pub(crate) fn slot(&mut self) -> Option<Slot<'_>> {
        let number = match self.taken.or_else(|| self.unused.next()) {
            Some(number) => number,
            None => self.emptied()?,
        };
        self.taken = Some(number);
        let mut slots = self.ring.chunks_exact_mut(frame_bytes(self.size));
        let data = slots.nth(usize::from(number))?;
        Some(Slot {
            size: self.size,
            data,
        })
    }

    /// Hands over what was drawn; `false` when the encoder has ended early, which [`Encoder::finish`] then explains.
    pub(crate) fn push(&mut self) -> bool {
        let taken = self.taken.take();
        taken.is_some_and(|slot| self.filled.write_all(&[slot]).is_ok())
    }

    fn emptied(&mut self) -> Option<u8> {
        let mut slot = [0];
        self.emptied.read_exact(&mut slot).ok()?;
        let [slot] = slot;
        Some(slot)
    }

    /// Ends the stream and waits for the file.
    pub(crate) fn finish(self) -> Result<(), EngineError> {
        let Self {
            running,
            filled,
            mut emptied,
            ..
        } = self;
        drop(filled);
        // The last slots come back; an encoder that finds nobody to tell would fail.
        drop(io::copy(&mut emptied, &mut io::sink()));
        running.finish().map(drop)
    }
}

fn frame_bytes((width, height): (usize, usize)) -> usize {
    width * height / 2 * 3
}

/// Memory with a descriptor that a child inherits, and the same memory to write to.
fn shared(bytes: usize) -> io::Result<(File, MapMut)> {
    // Without the flag that closes it in children: the encoder finds it by its number.
    let memory = File::from(memfd_create("frames", MemfdFlags::empty())?);
    memory.set_len(u64::try_from(bytes).unwrap_or(u64::MAX))?;
    let ring = MapMut::with_options().write().len(bytes).map(&memory)?;
    Ok((memory, ring))
}

/// The encoder's command for frames that lie in a file, one after another.
pub(crate) fn from_file(
    tools: &Tools,
    composition: &Composition,
    frames: &Path,
    out: &Path,
) -> Vec<OsString> {
    let count = ["--count".into(), composition.frames().to_string()];
    let mut command = vec![tools.encode_frames().into_os_string()];
    command.extend(arguments(tools, composition, (frames.into(), count), out));
    command
}

fn arguments(
    tools: &Tools,
    composition: &Composition,
    (frames, [kind, number]): (OsString, [String; 2]),
    out: &Path,
) -> Vec<OsString> {
    let output = &composition.output;
    let library: PathBuf = tools.x264();
    let numbers = [
        ("--width", composition.width),
        ("--height", composition.height),
        ("--fps", composition.fps),
        ("--crf", output.crf),
        ("--keyint", composition.fps * KEY_FRAME_SECONDS),
    ];
    let mut arguments: Vec<OsString> = vec!["--lib".into(), library.into(), "--frames".into(), frames];
    for (name, value) in numbers {
        arguments.extend([name.into(), value.to_string().into()]);
    }
    arguments.extend(["--preset".into(), output.preset.name().into()]);
    if let Some(frames) = output.preset.look_ahead() {
        arguments.extend(["--look-ahead".into(), frames.to_string().into()]);
    }
    if let Some(threads) = threads(composition) {
        arguments.extend(["--threads".into(), threads.to_string().into()]);
    }
    arguments.extend([kind.into(), number.into(), "--out".into(), out.into()]);
    arguments
}

/// Threads of the encoder; none where it decides by the number of cores.
fn threads(composition: &Composition) -> Option<u32> {
    (composition.width.saturating_mul(composition.height) <= ALONE_PIXELS).then_some(1)
}

/// The same encoding by ffmpeg alone, sound included, for frames that lie in a file.
pub(crate) use bare::by_ffmpeg;

mod bare;
