//! The port to the video engine: a plan and a folder of files in, a video in the same folder out.
//!
//! The crate `composer` has the real one; the state machine's tests use a fast one.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

use domain::Failure;
use domain::ports::Work;
use serde::Serialize;

use crate::plan::VideoPlan;

/// The voice in the folder.
pub const VOICE_FILE: &str = "voice.wav";
/// The video in the folder.
pub const VIDEO_FILE: &str = "video.mp4";
/// Its thumbnail in the folder.
pub const THUMBNAIL_FILE: &str = "thumbnail.jpg";

/// A scene's image in the folder; the engine reads what it is from its first bytes.
pub fn scene_file(index: usize) -> String {
    format!("scene-{index:02}")
}

/// A rendered chunk in the folder.
pub fn chunk_file(number: u32) -> String {
    format!("chunk-{number:03}.flv")
}

/// A part of a long video that is rendered by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chunk {
    /// Its place, from 0.
    pub number: u32,
    /// Of the whole video.
    pub first_frame: u64,
    /// How many there are.
    pub frames: u64,
    /// The scenes that are seen in it, by their index: it needs no other images.
    pub scenes: BTreeSet<usize>,
}

/// What a composer says of the video it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rendered {
    /// Length of the video, milliseconds.
    pub duration_ms: u32,
    /// Integrated loudness, hundredths of LUFS.
    pub loudness_centi_lufs: i32,
}

/// One thing that was looked at in a finished video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name of the rule that was broken.
    pub code: String,
    /// Whether it is as planned.
    pub ok: bool,
    /// What it is.
    pub measured: String,
    /// What it should be.
    pub wanted: String,
}

/// Composes and checks videos.
pub trait Composer: Debug + Send + Sync {
    /// The provider's name in price list and receipts.
    fn provider(&self) -> &str;
    /// The version: part of the input hash, so a better one composes anew.
    fn version(&self) -> &str;
    /// Composes the scenes and the voice of `folder` into its video and thumbnail.
    ///
    /// # Errors
    /// `render_engine_failed` with the cause.
    fn render<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Rendered, Failure>>;
    /// Cuts a video into chunks of at most so many milliseconds: the same plan is always cut in the same way.
    ///
    /// # Errors
    /// As [`Composer::render`].
    fn chunks(&self, plan: &VideoPlan, length_ms_max: u64) -> Result<Vec<Chunk>, Failure>;
    /// Renders one of them into its file, out of the images of its scenes that lie in `folder`; without sound.
    ///
    /// # Errors
    /// As [`Composer::render`].
    fn render_chunk<'a>(
        &'a self,
        plan: &'a VideoPlan,
        chunk: &'a Chunk,
        folder: &'a Path,
    ) -> Work<'a, Result<(), Failure>>;
    /// Joins the files of all chunks and the voice of `folder` into its video and thumbnail; images are not needed.
    ///
    /// # Errors
    /// As [`Composer::render`].
    fn join<'a>(
        &'a self,
        plan: &'a VideoPlan,
        chunks: &'a [Chunk],
        folder: &'a Path,
    ) -> Work<'a, Result<Rendered, Failure>>;
    /// Looks at the video and the thumbnail of `folder`.
    ///
    /// # Errors
    /// `render_engine_failed` when it could not look; a bad video is a finding, not an error.
    fn check<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Vec<Finding>, Failure>>;
}
