//! The frames of a video file, one at a time and in step with the composition: a child decodes, crops and scales them.

use std::io::{self, Read};
use std::mem;
use std::process::ChildStdout;
use std::sync::Arc;
use std::time::Duration;

use crate::composition::{AtEnd, Clip, Tint};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::number::count;
use crate::picture::Picture;
use crate::process::{Running, start_read};
use crate::tools::Tools;

/// Luminance of reference white, at which HDR is brought down.
///
/// # Source
/// ITU-R BT.2408-7, table 1, 203 cd/m².
const WHITE_NITS: u32 = 203;

/// A clip on its way through its scene.
///
/// # Promises
/// Two pictures are held, whatever the clip's length; the sound is never decoded.
/// Phone videos stand upright, HDR (HLG and PQ) is tone-mapped to BT.709, any frame rate becomes the composition's.
#[derive(Debug)]
pub(crate) struct ClipReader {
    tools: Tools,
    clip: Clip,
    frame: Frames,
    child: Option<(Running, ChildStdout)>,
    /// What is seen, and the one that the next frame is read into.
    shown: Arc<Picture>,
    spare: Arc<Picture>,
    /// Frames read over all rounds, and in this one.
    read: u64,
    round: u64,
    ended: bool,
}

/// What the frames should be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frames {
    pub(crate) size: (u32, u32),
    pub(crate) fps: u32,
    pub(crate) tint: Option<Tint>,
    /// Length of the whole video, for the child's time limit.
    pub(crate) video_ms: u64,
}

impl ClipReader {
    /// Nothing is opened before the first frame is asked for.
    pub(crate) fn new(tools: &Tools, clip: &Clip, frame: Frames) -> Self {
        let blank = Arc::new(Picture::black(frame.size.0, frame.size.1));
        Self {
            tools: tools.clone(),
            clip: clip.clone(),
            frame,
            child: None,
            shown: Arc::clone(&blank),
            spare: blank,
            read: 0,
            round: 0,
            ended: false,
        }
    }

    /// The frame of a number, counted from the scene's start; numbers go up.
    ///
    /// # Errors
    /// [`EngineError::Io`] without the file, [`EngineError::Media`] when it has no picture there, else ffmpeg's.
    pub(crate) fn frame(&mut self, number: u64) -> Result<Arc<Picture>, EngineError> {
        while !self.ended && self.read <= number {
            self.advance()?;
        }
        Ok(Arc::clone(&self.shown))
    }

    fn advance(&mut self) -> Result<(), EngineError> {
        if self.child.is_none() {
            self.child = Some(self.start()?);
            self.round = 0;
        }
        let Some((_, pipe)) = self.child.as_mut() else {
            return Err(EngineError::Internal("the child was just started"));
        };
        match fill(pipe, Arc::make_mut(&mut self.spare).bytes_mut()) {
            Ok(true) => {
                if let Some(tint) = self.frame.tint {
                    Arc::make_mut(&mut self.spare).tint(tint);
                }
                mem::swap(&mut self.shown, &mut self.spare);
                self.read += 1;
                self.round += 1;
                Ok(())
            }
            Ok(false) => self.end_round(),
            Err(source) => Err(EngineError::io("read frames of", &self.clip.path)(source)),
        }
    }

    fn end_round(&mut self) -> Result<(), EngineError> {
        if let Some((running, _)) = self.child.take() {
            running.finish()?;
        }
        if self.round == 0 {
            return Err(EngineError::media(
                &self.clip.path,
                format!("it has no picture {} ms after its start", self.clip.from_ms),
            ));
        }
        self.ended = self.clip.at_end == AtEnd::Hold;
        Ok(())
    }

    fn start(&self) -> Result<(Running, ChildStdout), EngineError> {
        must_exist(&self.clip.path)?;
        let limit = limit_for(self.frame.video_ms);
        let light = light(&self.tools, &self.clip, limit)?;
        let mut part = vec!["-ss".to_owned(), seconds(self.clip.from_ms)];
        if let Some(length_ms) = self.clip.length_ms {
            part.extend(["-t".to_owned(), seconds(length_ms)]);
        }
        let part: Vec<&str> = part.iter().map(String::as_str).collect();
        let filters = filters(self.frame, light);
        let arguments = Arguments::new("error")
            .input(&part, &self.clip.path)
            .with([
                "-nostdin",
                "-map",
                "0:v:0",
                "-an",
                "-sn",
                "-dn",
                "-vf",
                filters.as_str(),
            ])
            .with(["-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1"]);
        start_read(arguments.invocation(&self.tools, limit))
    }
}

/// `false` at the end; a last frame that is cut off is none.
fn fill(pipe: &mut ChildStdout, buffer: &mut [u8]) -> io::Result<bool> {
    match pipe.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// The range of light in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Light {
    Usual,
    /// HLG or PQ.
    High,
}

/// What the file says of its own light.
fn light(tools: &Tools, clip: &Clip, limit: Duration) -> Result<Light, EngineError> {
    let output = Arguments::new("info")
        .input(&[], &clip.path)
        .with(["-map", "0:v:0", "-t", "0", "-f", "null", "-"])
        .run(tools, limit)?;
    let input = output.stderr.split("\nOutput #0").next().unwrap_or_default();
    let high = input
        .lines()
        .filter(|line| line.contains(": Video: "))
        .any(|line| line.contains("smpte2084") || line.contains("arib-std-b67"));
    Ok(if high { Light::High } else { Light::Usual })
}

/// Scaled to cover its part of the frame by its display aspect, cropped around its middle.
fn filters(frame: Frames, light: Light) -> String {
    let Frames { size, fps, .. } = frame;
    let (width, height) = size;
    let cover = format!(
        "scale=w='2*ceil(max({width}\\,{height}*dar)/2)':h='2*ceil(max({height}\\,{width}/dar)/2)':\
         flags=bicubic+accurate_rnd"
    );
    let crop = format!("crop={width}:{height},setsar=1,format=yuv420p");
    if light == Light::High {
        // Linear light in three planes of 32-bit floats, so the picture is made small first.
        let tone = format!(
            "zscale=t=linear:npl={WHITE_NITS},format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,\
             zscale=t=bt709:m=bt709:r=tv"
        );
        return format!("fps={fps},{cover},{tone},{crop}");
    }
    format!("fps={fps},{cover}:out_color_matrix=bt709:out_range=tv,{crop}")
}

/// Milliseconds as ffmpeg reads them.
fn seconds(time_ms: u64) -> String {
    format!("{}.{:03}", time_ms / 1000, time_ms % 1000)
}

/// The number of the frame of a scene that is seen after a time.
pub(crate) fn frame_number(elapsed_ms: f64, fps: u32) -> u64 {
    u64::from(count(crate::number::round_usize(
        (elapsed_ms.max(0.0) * f64::from(fps) / 1000.0).floor(),
    )))
}

#[cfg(test)]
mod tests;
