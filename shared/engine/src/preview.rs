//! A draft of a composition: small frames and fast encoders, everything else as it is.

use crate::composition::{Composition, EncoderPreset, Output, SoundEffort};
use crate::number::round_u32;

/// The shorter side of a draft.
const SIDE: u32 = 360;
/// A draft is looked at and thrown away; at this, letters of captions still have clean edges.
const CRF: u32 = 30;
/// Speech is clear at this, and it is encoded in half the time.
const AUDIO_KBPS: u32 = 64;

impl Composition {
    /// The same video with a shorter side of 360 pixels, for looking at before the whole is rendered.
    ///
    /// # Promises
    /// Every moment shows what it shows in the whole, and the same is heard: times, line breaks and positions scale with the
    /// frame, the mix is the same. A smaller video keeps its size.
    #[must_use]
    pub fn preview(&self) -> Self {
        let shorter = self.width.min(self.height).max(1);
        let scale = (f64::from(SIDE) / f64::from(shorter)).min(1.0);
        let side = |side: u32| round_u32(f64::from(side) * scale / 2.0) * 2;
        Self {
            width: side(self.width),
            height: side(self.height),
            output: Output {
                crf: CRF.max(self.output.crf),
                preset: EncoderPreset::Ultrafast,
                audio_kbps: AUDIO_KBPS.min(self.output.audio_kbps),
                sound: SoundEffort::Draft,
            },
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
