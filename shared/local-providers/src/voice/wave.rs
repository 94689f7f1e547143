//! Reads the speaking process's WAV and writes the joined one: 16 bit, mono.

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
    /// Reads a 16-bit mono PCM file; `None` when it is anything else.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let chunks = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
        let mut rest = chunks;
        let mut rate = None;
        while let Some((name, after)) = rest.split_at_checked(4) {
            let (size, after) = after.split_at_checked(4)?;
            let size = usize::try_from(u32::from_le_bytes(size.try_into().ok()?)).ok()?;
            let body = after.get(..size.min(after.len()))?;
            match name {
                b"fmt " => {
                    let mono_16 = body.get(2..4)? == [1, 0] && body.get(14..16)? == [16, 0];
                    let hertz = u32::from_le_bytes(body.get(4..8)?.try_into().ok()?);
                    rate = mono_16.then_some(hertz);
                }
                b"data" => {
                    let (pairs, _) = body.as_chunks::<2>();
                    let samples = pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
                    return Some(Self { rate: rate?, samples });
                }
                _ => {}
            }
            rest = after.get(size.saturating_add(size % 2)..).unwrap_or_default();
        }
        None
    }

    /// The same as a file's bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let size = u32::try_from(self.samples.len())
            .unwrap_or(u32::MAX)
            .saturating_mul(2);
        let mut bytes = Vec::with_capacity(self.samples.len().saturating_mul(2).saturating_add(44));
        bytes.extend_from_slice(b"RIFF");
        bytes.extend_from_slice(&size.saturating_add(36).to_le_bytes());
        bytes.extend_from_slice(b"WAVEfmt ");
        bytes.extend_from_slice(&16_u32.to_le_bytes());
        // PCM, one channel.
        bytes.extend_from_slice(&[1, 0, 1, 0]);
        bytes.extend_from_slice(&self.rate.to_le_bytes());
        bytes.extend_from_slice(&self.rate.saturating_mul(2).to_le_bytes());
        // Two bytes a frame, sixteen bits a sample.
        bytes.extend_from_slice(&[2, 0, 16, 0]);
        bytes.extend_from_slice(b"data");
        bytes.extend_from_slice(&size.to_le_bytes());
        for sample in &self.samples {
            bytes.extend_from_slice(&sample.to_le_bytes());
        }
        bytes
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
