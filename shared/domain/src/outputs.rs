//! What the steps of the pipeline leave behind, stored under the hash of what they were made from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::script::Script;

/// Hash of everything that changes a step's result: provider, model and inputs.
///
/// # Shape
/// 64 lower-case hexadecimal digits (SHA-256).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputHash(String);

impl InputHash {
    /// Hashes the canonical JSON of the inputs.
    ///
    /// # Errors
    /// The serializer's, when a part cannot be JSON; a bug in the caller's type.
    pub fn of<T: Serialize>(step: &str, inputs: &T) -> Result<Self, serde_json::Error> {
        // Through `Value`, whose maps are sorted: field order is not part of the input.
        let value = serde_json::to_value(inputs)?;
        let digest = Sha256::digest(serde_json::to_vec(&(step, value))?);
        Ok(Self(hex::encode(digest)))
    }

    /// The 64 hexadecimal digits, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InputHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object in the media bucket: `accounts/{account}/...`, so that a policy can end at the owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaKey(String);

impl MediaKey {
    /// A key made by `objects`; nothing else builds one.
    pub fn new(key: String) -> Self {
        Self(key)
    }

    /// The key inside the bucket.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One spoken word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Word {
    /// The word as written in the narration, with its punctuation.
    pub text: String,
    /// Start in the voice track, milliseconds.
    pub start_ms: u32,
    /// End, milliseconds from the beginning of the track.
    pub end_ms: u32,
    /// Scene whose narration holds it, from 0.
    pub scene: u32,
}

/// A scene's image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is.
    pub key: MediaKey,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// The voice of a whole script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceTrack {
    /// Where it is: WAV, 48 kHz mono, loudness-normalised.
    pub key: MediaKey,
    /// Length in milliseconds.
    pub duration_ms: u32,
    /// Every word with its time.
    pub words: Vec<Word>,
    /// Start of each scene in the track, milliseconds; the last entry is the end of the last scene.
    pub scene_marks_ms: Vec<u32>,
}

/// The finished video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// Key of the MP4 file.
    pub key: MediaKey,
    /// Key of the JPEG thumbnail.
    pub thumbnail_key: MediaKey,
    /// Length in milliseconds.
    pub duration_ms: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size of the file in bytes.
    pub size_bytes: u64,
    /// Integrated loudness in hundredths of LUFS; -1400 is -14 LUFS.
    pub loudness_centi_lufs: i32,
}

/// The result of one step, as it is kept for the next run with the same inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Output {
    /// Of `write-script`.
    Script {
        /// The script.
        script: Script,
    },
    /// Of `render-image`.
    Image {
        /// The image.
        image: Image,
    },
    /// Of `speak-script`.
    Voice {
        /// The track.
        voice: VoiceTrack,
    },
    /// Of `render-video`.
    Video {
        /// The video.
        video: Video,
    },
}

impl<T> Produced<T> {
    /// What a customer brought, under the hash of what it is.
    pub fn by_customer(value: T, input_hash: InputHash) -> Self {
        Self {
            value,
            input_hash,
            source: Source::AlreadyPaid,
            provider: BY_CUSTOMER.to_owned(),
            model: None,
        }
    }

    /// Whether a customer brought it.
    pub fn is_customers(&self) -> bool {
        self.provider == BY_CUSTOMER
    }
}

/// Outputs that a job works from or has made, by step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outputs {
    /// The script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<Produced<Script>>,
    /// Images by scene.
    pub images: BTreeMap<u32, Produced<Image>>,
    /// The voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<Produced<VoiceTrack>>,
    /// The video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<Produced<Video>>,
}

impl Outputs {
    /// Hash and source of every output there is.
    pub fn sources(&self) -> impl Iterator<Item = (&InputHash, Source)> {
        let script = self.script.iter().map(|made| (&made.input_hash, made.source));
        let images = self.images.values().map(|made| (&made.input_hash, made.source));
        let voice = self.voice.iter().map(|made| (&made.input_hash, made.source));
        let video = self.video.iter().map(|made| (&made.input_hash, made.source));
        script.chain(images).chain(voice).chain(video)
    }

    /// From now on, outputs under these hashes were paid for by an earlier job.
    pub fn mark_paid(&mut self, hashes: &BTreeSet<InputHash>) {
        let script = self
            .script
            .iter_mut()
            .map(|made| (&made.input_hash, &mut made.source));
        let images = self.images.values_mut();
        let images = images.map(|made| (&made.input_hash, &mut made.source));
        let voice = self
            .voice
            .iter_mut()
            .map(|made| (&made.input_hash, &mut made.source));
        let video = self
            .video
            .iter_mut()
            .map(|made| (&made.input_hash, &mut made.source));
        for (hash, source) in script.chain(images).chain(voice).chain(video) {
            if hashes.contains(hash) {
                *source = Source::AlreadyPaid;
            }
        }
    }
}

/// Whether a step had to work for its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Made by this job.
    Fresh,
    /// Made by an earlier run that ended without charging for it: charged when this job delivers it.
    Reused,
    /// Paid for by an earlier job with the same inputs: free.
    AlreadyPaid,
}

/// Provider of what a customer wrote or brought; it is never made, and never charged.
pub const BY_CUSTOMER: &str = "customer";

/// An output and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produced<T> {
    /// The output itself.
    pub value: T,
    /// Hash it is stored under.
    pub input_hash: InputHash,
    /// Made now, or taken from the store.
    pub source: Source,
    /// Provider that made it.
    pub provider: String,
    /// The provider's name or version of the model that made it, as its hash has it; none of what a customer brought,
    /// and of what is older than this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

#[cfg(test)]
mod tests;
