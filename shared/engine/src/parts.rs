//! What the encoder gets, as files: to measure it alone, to compare frames, or to feed another one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::audio;
use crate::composition::Composition;
use crate::encode;
use crate::error::EngineError;
use crate::film::Film;
use crate::picture::Picture;
use crate::tools::Tools;

/// The parts of a video before they are encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// All frames, one after another: planes Y, U and V of 4:2:0, 8 bit, BT.709 in limited range, no header.
    pub frames: PathBuf,
    /// The finished sound: 48 kHz stereo, 16-bit WAV.
    pub sound: PathBuf,
    /// How many frames there are.
    pub count: u64,
    /// The arguments with which [`compose()`](crate::compose()) would run ffmpeg on these files.
    pub encoder: Vec<String>,
}

/// Writes the frames and the sound of a composition into a folder, exactly as the encoder would get them.
///
/// # Promises
/// Running ffmpeg with [`Parts::encoder`] gives, byte for byte, the file that [`compose()`](crate::compose()) makes.
///
/// # Limits
/// Frames are not compressed: a second at 1080x1920 and 30 frames takes 93 MB.
///
/// # Errors
/// As [`compose()`](crate::compose()); a failed call leaves what it has written so far.
pub fn parts(tools: &Tools, composition: &Composition, folder: &Path) -> Result<Parts, EngineError> {
    composition.validate()?;
    let (frames, sound) = (folder.join("frames.yuv"), folder.join("mix.wav"));
    audio::mix(tools, composition, &sound)?;
    let mut film = Film::new(tools, composition)?;
    let mut picture = Picture::black(composition.width, composition.height);
    let mut sink = File::create(&frames).map_err(EngineError::io("create", &frames))?;
    for number in 0..composition.frames() {
        film.draw(number, &mut picture)?;
        sink.write_all(picture.bytes())
            .map_err(EngineError::io("write to", &frames))?;
    }
    let encoder = encode::from_file(composition, &frames, &sound, &folder.join("encoded.mp4"));
    Ok(Parts {
        frames,
        sound,
        count: composition.frames(),
        encoder: encoder.into_texts(),
    })
}

#[cfg(test)]
mod tests;
