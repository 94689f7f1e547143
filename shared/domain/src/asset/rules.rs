//! The product's rules of assets, as data: what each kind may be, how large and how long.

use serde::{Deserialize, Serialize};

use crate::asset::AssetKind;
use crate::asset::format::{Format, Medium};
use crate::asset::refusal::{Refusal, Refused};

const MEBIBYTE: u64 = 1024 * 1024;
/// The longest video of any plan.
const DURATION_MS_MAX: u64 = 1_800_000;

/// Parameters of a declared media type, in characters: several codecs and their profiles.
const PARAMETERS_CHARS_MAX: usize = 100;

/// What an upload is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadPurpose {
    /// A talking head for a template.
    Avatar,
    /// A moving background for a template.
    Background,
    /// Music under a voice.
    Music,
    /// A still image in front.
    Cover,
    /// A face whose lips are to follow a voice.
    LipSyncVideo,
    /// The voice for it.
    LipSyncAudio,
}

/// What a kind may be.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct UploadRule {
    /// Formats that are taken for the kind.
    pub formats: &'static [Format],
    /// Of the file.
    pub size_bytes_max: u64,
    /// 0 for an image.
    pub duration_ms_max: u64,
    /// What it becomes.
    pub medium: Medium,
}

const VIDEO: UploadRule = UploadRule {
    formats: &[
        Format::Mp4,
        Format::Quicktime,
        Format::Webm,
        Format::Matroska,
        Format::Avi,
        Format::Wmv,
    ],
    size_bytes_max: 100 * MEBIBYTE,
    duration_ms_max: DURATION_MS_MAX,
    medium: Medium::Video,
};
const COVER: UploadRule = UploadRule {
    formats: &[Format::Png, Format::Jpeg, Format::Webp],
    size_bytes_max: 10 * MEBIBYTE,
    duration_ms_max: DURATION_MS_MAX,
    medium: Medium::Image,
};
const MUSIC: UploadRule = UploadRule {
    formats: &[
        Format::Mp3,
        Format::Wav,
        Format::Aac,
        Format::M4a,
        Format::Ogg,
        Format::Flac,
        Format::WebmSound,
    ],
    size_bytes_max: 20 * MEBIBYTE,
    duration_ms_max: DURATION_MS_MAX,
    medium: Medium::Sound,
};
const LIP_SYNC_AUDIO: UploadRule = UploadRule {
    size_bytes_max: 100 * MEBIBYTE,
    ..MUSIC
};

impl AssetKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Image, Self::Video, Self::Audio];

    /// The purpose whose rules an asset of this kind has to hold.
    pub const fn purpose(self) -> UploadPurpose {
        match self {
            Self::Image => UploadPurpose::Cover,
            Self::Video => UploadPurpose::Background,
            Self::Audio => UploadPurpose::Music,
        }
    }
}

impl UploadPurpose {
    /// What it may be.
    pub fn rule(self) -> &'static UploadRule {
        match self {
            Self::Avatar | Self::Background | Self::LipSyncVideo => &VIDEO,
            Self::Music => &MUSIC,
            Self::Cover => &COVER,
            Self::LipSyncAudio => &LIP_SYNC_AUDIO,
        }
    }
}

impl UploadRule {
    /// Every media type that an uploader may declare.
    pub fn media_types(&self) -> impl Iterator<Item = &'static str> {
        self.formats
            .iter()
            .flat_map(|format| format.media_types().iter().copied())
    }

    /// What is wanted, one name for each format.
    fn wanted(&self) -> String {
        let own: Vec<_> = self.formats.iter().map(|format| format.media_type()).collect();
        own.join(", ")
    }

    /// A file of this format and size may be it.
    ///
    /// # Errors
    /// [`Refused`]: another format, or too many bytes.
    pub fn allows(&self, format: Format, size_bytes: u64) -> Result<(), Refused> {
        if !self.formats.contains(&format) {
            let (own, wanted) = (format.media_type(), self.wanted());
            return Err(Refusal::TypeNotAllowed.because(format!("it is {own}, must be {wanted}")));
        }
        size(size_bytes, self.size_bytes_max)
    }
}

/// A media type without its parameters, such as the codecs that a browser's recorder adds; `None` when they are none.
fn essence(media_type: &str) -> Option<&str> {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let visible = parameters.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    (visible && parameters.len() <= PARAMETERS_CHARS_MAX).then(|| essence.trim_end_matches(' '))
}

/// The shape of a media type that some kind of asset takes, as a regular expression of ECMA-262.
pub fn media_type_pattern() -> String {
    let rules = AssetKind::ALL.map(|kind| kind.purpose().rule());
    let mut taken: Vec<_> = rules.iter().flat_map(|rule| rule.media_types()).collect();
    taken.sort_unstable();
    taken.dedup();
    let taken = taken.join("|").replace('.', "\\.");
    format!("^({taken})( *;[ -~]{{0,{PARAMETERS_CHARS_MAX}}})?$")
}

/// Before an upload: what the uploader says of the file, against the rules of its purpose.
///
/// # Errors
/// [`Refused`]: a type that the purpose does not have, no bytes, or too many.
pub fn check_declared(purpose: UploadPurpose, media_type: &str, size_bytes: u64) -> Result<(), Refused> {
    let rule = purpose.rule();
    if !essence(media_type).is_some_and(|own| rule.media_types().any(|taken| taken == own)) {
        let wanted = rule.wanted();
        return Err(Refusal::TypeNotAllowed.because(format!("must be {wanted}")));
    }
    if size_bytes == 0 {
        return Err(Refusal::Empty.because("it has no bytes"));
    }
    size(size_bytes, rule.size_bytes_max)
}

fn size(size_bytes: u64, most: u64) -> Result<(), Refused> {
    if size_bytes <= most {
        return Ok(());
    }
    let (own, most) = (size_bytes.div_ceil(MEBIBYTE), most / MEBIBYTE);
    Err(Refusal::TooLarge.because(format!("it has {own} MiB, at most {most} are taken")))
}
