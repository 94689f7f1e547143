//! The frames of a video file, one at a time and in step with the composition: a child decodes, crops and scales them.

use std::io::{self, Read};
use std::mem;
use std::process::ChildStdout;
use std::sync::Arc;

use crate::composition::{AtEnd, Clip, Tint};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::number::count;
use crate::probe::{VideoStream, probe};
use crate::process::{Running, start_read};
use crate::tools::Tools;
use crate::yuv_image::YuvImage;

/// So much earlier a file is opened than the moment that is wanted.
///
/// The index of some files names a key frame that is seen a little after the moment it is asked for: of 18 moments in each
/// of four files, two were missed without a lead and none with 200 ms.
const LEAD_MS: u64 = 500;

/// A clip on its way through its scene.
///
/// # Promises
/// Two images are held, whatever the clip's length; the sound is never decoded.
/// Phone videos stand upright, HDR (HLG and PQ) is tone-mapped to BT.709, any frame rate becomes the composition's.
#[derive(Debug)]
pub(crate) struct ClipReader {
    tools: Tools,
    clip: Clip,
    frame: Frames,
    child: Option<(Running, ChildStdout)>,
    /// What is seen, and the one that the next frame is read into.
    shown: Arc<YuvImage>,
    spare: Arc<YuvImage>,
    /// Frames over all rounds, and in this one; those that were skipped count.
    read: u64,
    round: u64,
    /// Of a whole round, once one has ended.
    round_frames: Option<u64>,
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
        let blank = Arc::new(YuvImage::black(frame.size.0, frame.size.1));
        Self {
            tools: tools.clone(),
            clip: clip.clone(),
            frame,
            child: None,
            shown: Arc::clone(&blank),
            spare: blank,
            read: 0,
            round: 0,
            round_frames: None,
            ended: false,
        }
    }

    /// The frame of a number, counted from the scene's start; numbers go up, and may begin anywhere.
    ///
    /// # Errors
    /// [`EngineError::Io`] without the file, [`EngineError::Media`] when it has no image there, else ffmpeg's.
    pub(crate) fn frame(&mut self, number: u64) -> Result<Arc<YuvImage>, EngineError> {
        if number > 0 && self.read == 0 {
            self.skip_to(number)?;
        }
        while !self.ended && self.read <= number {
            self.advance()?;
        }
        Ok(Arc::clone(&self.shown))
    }

    /// Begins with a frame in the middle, without decoding those before the key frame before it.
    fn skip_to(&mut self, number: u64) -> Result<(), EngineError> {
        if self.begin_at(number, number)? {
            return Ok(());
        }
        // The part is shorter than that: what is seen depends on its length.
        while self.round_frames.is_none() {
            self.advance()?;
        }
        if let (false, Some(length)) = (self.ended, self.round_frames) {
            self.begin_at(number % length.max(1), number)?;
        }
        Ok(())
    }

    /// Starts a round at one of its frames, which is the frame of a number; `false` when the part ends before it.
    fn begin_at(&mut self, round: u64, number: u64) -> Result<bool, EngineError> {
        let (running, mut pipe) = self.start(round)?;
        if !self.take(&mut pipe)? {
            running.finish()?;
            return Ok(false);
        }
        (self.read, self.round) = (number + 1, round + 1);
        self.child = Some((running, pipe));
        Ok(true)
    }

    fn advance(&mut self) -> Result<(), EngineError> {
        let (running, mut pipe) = if let Some(child) = self.child.take() {
            child
        } else {
            self.round = 0;
            self.start(0)?
        };
        if !self.take(&mut pipe)? {
            return self.end_round(running);
        }
        self.child = Some((running, pipe));
        self.read += 1;
        self.round += 1;
        Ok(())
    }

    /// Shows the next image of a child; `false` at its end.
    fn take(&mut self, pipe: &mut ChildStdout) -> Result<bool, EngineError> {
        let yuv = Arc::make_mut(&mut self.spare);
        let is_there = fill(pipe, yuv.bytes_mut());
        if !is_there.map_err(EngineError::io("read frames of", &self.clip.path))? {
            return Ok(false);
        }
        if let Some(tint) = self.frame.tint {
            yuv.tint(tint);
        }
        mem::swap(&mut self.shown, &mut self.spare);
        Ok(true)
    }

    fn end_round(&mut self, running: Running) -> Result<(), EngineError> {
        running.finish()?;
        if self.round == 0 {
            return Err(EngineError::media(
                &self.clip.path,
                format!("it has no image {} ms after its start", self.clip.from_ms),
            ));
        }
        self.round_frames = Some(self.round);
        self.ended = self.clip.at_end == AtEnd::Hold;
        Ok(())
    }

    /// A child that begins with a frame of the part.
    fn start(&self, first: u64) -> Result<(Running, ChildStdout), EngineError> {
        must_exist(&self.clip.path)?;
        let limit = limit_for(self.frame.video_ms);
        let video = probe(&self.tools, &self.clip.path)?
            .video
            .ok_or_else(|| EngineError::media(&self.clip.path, "it has no image"))?;
        let from_ms = self.clip.from_ms + first * 1000 / u64::from(self.frame.fps.max(1));
        let seek_ms = from_ms.saturating_sub(LEAD_MS);
        let filters = filters(&video, self.frame, &part(&self.clip, first, self.frame.fps));
        let decoder = video.decoder().map_or(vec![], |decoder| vec!["-c:v", decoder]);
        let arguments = Arguments::new("error")
            // Times stay those of the file, and frames begin with a key frame: `part` cuts.
            .with(["-copyts", "-start_at_zero"])
            .with(decoder)
            .input(&["-noaccurate_seek", "-ss", &seconds(seek_ms)], &self.clip.path)
            .with([
                "-nostdin",
                "-map",
                &format!("0:{}", video.index),
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

/// The frames of a clip's part from one of them on, at the composition's rate.
///
/// # Promises
/// Which image a frame shows does not depend on the first one: times count from the part's start in every run.
fn part(clip: &Clip, first: u64, fps: u32) -> String {
    let end = clip.length_ms.map_or_else(String::new, |length_ms| {
        format!("trim=end={},", seconds(length_ms))
    });
    format!(
        "setpts=PTS-round({}/TB),{end}fps={fps}:start_time=0,trim=start_pts={first},setpts=PTS-{first}",
        seconds(clip.from_ms)
    )
}

/// Scaled to cover its part of the frame by its display aspect, cropped around its middle.
fn filters(video: &VideoStream, frame: Frames, part: &str) -> String {
    let (width, height) = frame.size;
    let cover = format!(
        "w='2*ceil(max({width}\\,{height}*dar)/2)':h='2*ceil(max({height}\\,{width}/dar)/2)':\
         flags=bicubic+accurate_rnd"
    );
    let (cleaned, scaled) = (video.cleaned(), video.scaled(&cover));
    let crop = format!("crop={width}:{height},setsar=1");
    // Frames that are dropped are not scaled, and those that are repeated are scaled once.
    if video.fps > f64::from(frame.fps) {
        format!("{cleaned},{part},{scaled},{crop}")
    } else {
        format!("{cleaned},{scaled},{crop},{part}")
    }
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
