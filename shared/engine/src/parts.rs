//! What the encoder gets, as files: to measure it alone, to compare frames, or to feed another one.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::audio;
use crate::composition::Composition;
use crate::encode;
use crate::error::EngineError;
use crate::frame_renderer::FrameRenderer;
use crate::mux::SoundForm;
use crate::tools::Tools;
use crate::yuv_image::YuvImage;

/// The parts of a video before they are encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// All frames, one after another: planes Y, U and V of 4:2:0, 8 bit, BT.709 in limited range, no header.
    pub frames: PathBuf,
    /// The finished sound: 48 kHz stereo, 16-bit WAV.
    pub sound: PathBuf,
    /// How many frames there are.
    pub count: u64,
    /// Arguments for ffmpeg that make a video of them in one run.
    pub ffmpeg: Vec<String>,
    /// The command that encodes the frames as [`compose()`](crate::compose()) does, into `stream.flv` of the folder.
    pub encoder: Vec<String>,
}

/// Writes the frames and the sound of a composition into a folder, exactly as the encoder would get them.
///
/// # Promises
/// Both ways give the images and sounds of [`compose()`](crate::compose()), bit for bit; [`Parts::ffmpeg`] adds notes
/// of its own to the stream.
///
/// # Limits
/// Frames are not compressed: a second at 1080x1920 and 30 frames takes 93 MB.
///
/// # Errors
/// As [`compose()`](crate::compose()); a failed call leaves what it has written so far.
pub fn parts(tools: &Tools, composition: &Composition, folder: &Path) -> Result<Parts, EngineError> {
    composition.validate()?;
    let (frames, sound) = (folder.join("frames.yuv"), folder.join("mix.wav"));
    audio::mix(tools, composition, &sound, SoundForm::Wav { channels: 2 })?;
    let mut renderer = FrameRenderer::new(tools, composition)?;
    let mut yuv = YuvImage::black(composition.width, composition.height);
    let mut sink = File::create(&frames).map_err(EngineError::io("create", &frames))?;
    for number in 0..composition.frames() {
        renderer.draw(number, &mut yuv)?;
        sink.write_all(yuv.bytes())
            .map_err(EngineError::io("write to", &frames))?;
    }
    let ffmpeg = encode::by_ffmpeg(composition, &frames, &sound, &folder.join("encoded.mp4"));
    let encoder = encode::from_file(tools, composition, &frames, &folder.join("stream.flv"));
    Ok(Parts {
        ffmpeg: ffmpeg.into_texts(),
        encoder: encoder.iter().map(|part| in_text(part)).collect(),
        frames,
        sound,
        count: composition.frames(),
    })
}

/// A path that is no UTF-8 loses the bytes that are not.
fn in_text(part: &OsStr) -> String {
    part.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
