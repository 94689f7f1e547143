//! What a composition sounds like: a voice, music under it, further tracks, and how loud all of it is.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Everything heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audio {
    /// The voice; cut or padded with silence to the video's length.
    pub voice: Option<PathBuf>,
    /// When the voice starts.
    pub voice_start_ms: u64,
    /// Music under it.
    pub music: Option<Music>,
    /// Further sounds, each at its time: a clip's own sound, an effect, a second voice. At most 64.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<Track>,
    /// Integrated loudness of the whole; -31 to -9.
    pub target_lufs: f64,
    /// Highest true peak; -9 to 0.
    pub true_peak_dbtp: f64,
    /// Where the video is going; decides `target_lufs` and `true_peak_dbtp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness_preset: Option<LoudnessPreset>,
}

/// Music, repeated until the video ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Music {
    /// The file.
    pub path: PathBuf,
    /// Against the file's own level; -60 to 12.
    #[serde(default = "defaults::music_gain")]
    pub gain_db: f64,
    /// Whether it steps back while the voice speaks.
    #[serde(default = "defaults::yes")]
    pub ducking: bool,
    /// From silence at the start.
    #[serde(default)]
    pub fade_in_ms: u64,
    /// To silence at the end.
    #[serde(default = "defaults::music_fade")]
    pub fade_out_ms: u64,
}

/// A sound at its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// A sound or a video file.
    pub path: PathBuf,
    /// When it is heard first.
    #[serde(default)]
    pub start_ms: u64,
    /// Where in the file it begins.
    #[serde(default)]
    pub from_ms: u64,
    /// How long it is heard, at least 10; to the file's end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_ms: Option<u64>,
    /// Against the file's own level; -60 to 12.
    #[serde(default)]
    pub gain_db: f64,
    /// From silence.
    #[serde(default)]
    pub fade_in_ms: u64,
    /// To silence at its end.
    #[serde(default)]
    pub fade_out_ms: u64,
    /// Whether someone speaks in it: then music with ducking steps back for it as for the voice.
    #[serde(default)]
    pub speech: bool,
}

/// Loudness of a place where videos are shown.
///
/// # Source
/// `YouTube` turns down what is louder than -14 LUFS ("content loudness" in its statistics for nerds).
/// `TikTok` and Meta publish no number; a file at `YouTube`'s is not turned down by much on any of them.
/// Podcasts: Apple Podcasts, "Audio requirements": -16 dB LKFS within 1 dB, true peak at most -1 dB FS.
/// Television: EBU R 128: -23 LUFS, at most -1 dBTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LoudnessPreset {
    /// -14 LUFS, -1 dBTP.
    Tiktok,
    /// -14 LUFS, -1 dBTP.
    Reels,
    /// -14 LUFS, -1 dBTP.
    Shorts,
    /// -14 LUFS, -1 dBTP.
    Youtube,
    /// -16 LUFS, -1 dBTP.
    Podcast,
    /// -23 LUFS, -1 dBTP.
    Television,
}

impl LoudnessPreset {
    /// Integrated loudness in LUFS and highest true peak in dBTP.
    pub fn levels(self) -> (f64, f64) {
        match self {
            Self::Tiktok | Self::Reels | Self::Shorts | Self::Youtube => (-14.0, -1.0),
            Self::Podcast => (-16.0, -1.0),
            Self::Television => (-23.0, -1.0),
        }
    }
}

impl Audio {
    /// Integrated loudness in LUFS and highest true peak in dBTP that the video will have.
    pub fn levels(&self) -> (f64, f64) {
        let own = (self.target_lufs, self.true_peak_dbtp);
        self.loudness_preset.map_or(own, LoudnessPreset::levels)
    }

    /// Whether anything can be heard.
    pub fn is_heard(&self) -> bool {
        self.voice.is_some() || self.music.is_some() || !self.tracks.is_empty()
    }
}

impl Default for Audio {
    fn default() -> Self {
        Self {
            voice: None,
            voice_start_ms: 0,
            music: None,
            tracks: Vec::new(),
            target_lufs: -14.0,
            true_peak_dbtp: -1.0,
            loudness_preset: None,
        }
    }
}

impl Music {
    /// Music that steps back behind the voice, at the usual level.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            gain_db: defaults::music_gain(),
            ducking: true,
            fade_in_ms: 0,
            fade_out_ms: defaults::music_fade(),
        }
    }
}

impl Track {
    /// The whole of a file at its own level, from a moment on.
    pub fn new(path: &Path, start_ms: u64) -> Self {
        Self {
            path: path.to_path_buf(),
            start_ms,
            from_ms: 0,
            length_ms: None,
            gain_db: 0.0,
            fade_in_ms: 0,
            fade_out_ms: 0,
            speech: false,
        }
    }
}

/// Defaults that serde needs as functions.
mod defaults {
    pub(super) fn music_gain() -> f64 {
        -18.0
    }
    pub(super) fn music_fade() -> u64 {
        1_200
    }
    pub(super) fn yes() -> bool {
        true
    }
}
