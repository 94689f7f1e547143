//! The speaking process's sound, cut and joined: 16 bit, mono. The engine reads and writes the files.

use engine::MonoSound;

/// Sound as numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wave {
    /// Samples a second.
    pub(super) rate: u32,
    /// Mono samples.
    pub(super) samples: Vec<i16>,
}

/// Fainter than this is silence: a hundredth of full scale.
const SILENCE: u16 = 300;

impl Wave {
    /// Reads a 16-bit mono WAV file; `None` when it is anything else.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let MonoSound { rate, samples } = MonoSound::parse(bytes)?;
        Some(Self { rate, samples })
    }

    /// The same as a file's bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let Self { rate, samples } = self;
        MonoSound { rate, samples }.to_bytes()
    }

    /// Length in milliseconds.
    pub(super) fn duration_ms(&self) -> u32 {
        self.ms(self.samples.len())
    }

    /// Cuts silence off both ends; answers with how much was cut off the start, milliseconds.
    pub(super) fn trim(&mut self) -> u32 {
        let loud = |sample: &i16| sample.unsigned_abs() > SILENCE;
        let Some(first) = self.samples.iter().position(loud) else {
            self.samples.clear();
            return 0;
        };
        let end = self
            .samples
            .iter()
            .rposition(loud)
            .map_or(0, |last| last.saturating_add(1));
        self.samples.truncate(end);
        self.samples.drain(..first);
        self.ms(first)
    }

    /// Adds silence.
    pub(super) fn rest(&mut self, ms: u32) {
        let count = u64::from(ms).saturating_mul(u64::from(self.rate)) / 1000;
        let count = usize::try_from(count).unwrap_or(0);
        self.samples.resize(self.samples.len().saturating_add(count), 0);
    }

    fn ms(&self, samples: usize) -> u32 {
        let samples = u64::try_from(samples).unwrap_or(u64::MAX);
        let ms = samples
            .saturating_mul(1000)
            .checked_div(u64::from(self.rate))
            .unwrap_or(0);
        u32::try_from(ms).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
