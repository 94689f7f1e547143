//! Reads and writes PCM WAV files, the form in which sound travels between the stages.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::EngineError;
use crate::number::{real_u64, round_u64};

/// The shape of a WAV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wav {
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    pub(crate) bits: u16,
    /// Where the samples are in the file, in bytes.
    pub(crate) start: usize,
    pub(crate) length: usize,
}

/// Length of a WAV file.
///
/// # Errors
/// [`EngineError::Media`] when it is no PCM WAV.
pub fn duration_ms(path: &Path) -> Result<u64, EngineError> {
    let bytes = fs::read(path).map_err(EngineError::io("read", path))?;
    parse(&bytes)
        .map(Wav::duration_ms)
        .ok_or_else(|| EngineError::media(path, "it is no PCM WAV file"))
}

impl Wav {
    fn duration_ms(self) -> u64 {
        let frame = u64::from(self.channels) * u64::from(self.bits / 8);
        let frames = u64::try_from(self.length).unwrap_or_default() / frame.max(1);
        round_u64(real_u64(frames) * 1000.0 / f64::from(self.sample_rate.max(1)))
    }
}

/// Finds format and samples; a data chunk longer than the file (a writer to a pipe does that) ends with the file.
pub(crate) fn parse(bytes: &[u8]) -> Option<Wav> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut at = 12;
    let mut format = None;
    loop {
        let name = bytes.get(at..at + 4)?;
        let length = usize::try_from(word(bytes, at + 4)?).ok()?;
        let start = at + 8;
        match name {
            b"fmt " => {
                let rate = word(bytes, start + 4)?;
                format = Some((half(bytes, start + 2)?, rate, half(bytes, start + 14)?));
            }
            b"data" => {
                let (channels, sample_rate, bits) = format?;
                let usable = channels > 0 && sample_rate > 0 && bits >= 8;
                let length = length.min(bytes.len().saturating_sub(start));
                return usable.then_some(Wav {
                    sample_rate,
                    channels,
                    bits,
                    start,
                    length,
                });
            }
            _ => {}
        }
        // Chunks begin at even places.
        at = start.checked_add(length)?.checked_add(length % 2)?;
    }
}

/// Samples of a 16-bit mono file and their rate.
pub(crate) fn read_mono(path: &Path) -> Result<(Vec<i16>, u32), EngineError> {
    let bytes = fs::read(path).map_err(EngineError::io("read", path))?;
    let wav = parse(&bytes).filter(|wav| wav.channels == 1 && wav.bits == 16);
    let wav = wav.ok_or_else(|| EngineError::media(path, "it is no 16-bit mono WAV file"))?;
    let data = bytes.get(wav.start..wav.start + wav.length).unwrap_or_default();
    let samples = data
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| i16::from_le_bytes(*pair))
        .collect();
    Ok((samples, wav.sample_rate))
}

/// Writes a 16-bit mono file.
///
/// # Limits
/// 4 GiB, twelve hours at 48 kHz.
pub(crate) fn write_mono(path: &Path, samples: &[i16], sample_rate: u32) -> Result<(), EngineError> {
    let length = u32::try_from(samples.len() * 2).ok();
    let length = length.ok_or_else(|| EngineError::media(path, "it is longer than a WAV file can be"))?;
    let mut header = Vec::with_capacity(44);
    header.extend(b"RIFF");
    header.extend(length.saturating_add(36).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    header.extend(1_u16.to_le_bytes());
    header.extend(1_u16.to_le_bytes());
    header.extend(sample_rate.to_le_bytes());
    header.extend((sample_rate * 2).to_le_bytes());
    header.extend(2_u16.to_le_bytes());
    header.extend(16_u16.to_le_bytes());
    header.extend(b"data");
    header.extend(length.to_le_bytes());
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(&header)?;
        for sample in samples {
            file.write_all(&sample.to_le_bytes())?;
        }
        file.flush()
    };
    write().map_err(EngineError::io("write", path))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

#[cfg(test)]
mod tests;
