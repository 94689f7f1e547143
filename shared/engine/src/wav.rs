//! Reads and writes PCM WAV files, the form in which sound travels between the stages.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::EngineError;
use crate::number::{count, real_u64, round_u64};

/// The shape of a WAV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wav {
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    pub(crate) bits: u16,
    /// Where the samples are in the file, in bytes.
    pub(crate) start: u64,
    /// How many bytes of samples there are.
    pub(crate) length: u64,
}

/// Chunks before the samples; a file with more is no recording.
const CHUNKS_MAX: usize = 256;

/// Length of a WAV file.
///
/// # Errors
/// [`EngineError::Media`] when it is no PCM WAV.
pub fn duration_ms(path: &Path) -> Result<u64, EngineError> {
    let mut file = File::open(path).map_err(EngineError::io("open", path))?;
    find(&mut file)
        .map_err(EngineError::io("read", path))?
        .map(Wav::duration_ms)
        .ok_or_else(|| EngineError::media(path, "it is no PCM WAV file"))
}

impl Wav {
    /// Bytes of one moment.
    fn frame(self) -> u64 {
        (u64::from(self.channels) * u64::from(self.bits / 8)).max(1)
    }

    fn duration_ms(self) -> u64 {
        let frames = self.length / self.frame();
        round_u64(real_u64(frames) * 1000.0 / f64::from(self.sample_rate.max(1)))
    }
}

/// Finds format and samples; a data chunk longer than the file (a writer to a pipe does that) ends with the file.
pub(crate) fn find(file: &mut (impl Read + Seek)) -> io::Result<Option<Wav>> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut head = [[0; 4]; 3];
    file.seek(SeekFrom::Start(0))?;
    if end < 12 {
        return Ok(None);
    }
    file.read_exact(head.as_flattened_mut())?;
    let [riff, _, wave] = head;
    if riff != *b"RIFF" || wave != *b"WAVE" {
        return Ok(None);
    }
    let (mut at, mut format) = (12_u64, None);
    for _ in 0..CHUNKS_MAX {
        let start = at.saturating_add(8);
        if start > end {
            return Ok(None);
        }
        let mut chunk = [[0; 4]; 2];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(chunk.as_flattened_mut())?;
        let [name, length] = chunk;
        let length = u64::from(u32::from_le_bytes(length));
        match &name {
            b"fmt " if length >= 16 && start + 16 <= end => {
                let mut fields = [[0; 2]; 8];
                file.read_exact(fields.as_flattened_mut())?;
                let [_, channels, low, high, _, _, _, bits] = fields.map(u16::from_le_bytes);
                format = Some((channels, u32::from(high) << 16 | u32::from(low), bits));
            }
            b"data" => {
                return Ok(format.and_then(|(channels, sample_rate, bits)| {
                    let usable = channels > 0 && sample_rate > 0 && bits >= 8;
                    usable.then_some(Wav {
                        sample_rate,
                        channels,
                        bits,
                        start,
                        length: length.min(end - start),
                    })
                }));
            }
            _ => {}
        }
        // Chunks begin at even places.
        at = start.saturating_add(length).saturating_add(length % 2);
    }
    Ok(None)
}

/// The samples of a 16-bit mono file, one after another.
///
/// # Limits
/// Reads 64 KiB at a time, so half an hour takes no more memory than a second.
#[derive(Debug)]
pub(crate) struct Samples {
    file: BufReader<File>,
    pub(crate) rate: u32,
    /// Samples that are left.
    pub(crate) left: u64,
}

impl Samples {
    pub(crate) fn open(path: &Path) -> Result<Self, EngineError> {
        let read = EngineError::io("read", path);
        let mut file = File::open(path).map_err(EngineError::io("open", path))?;
        let mut place = || -> io::Result<Option<Wav>> {
            let wav = find(&mut file)?.filter(|wav| wav.channels == 1 && wav.bits == 16);
            if let Some(wav) = wav {
                file.seek(SeekFrom::Start(wav.start))?;
            }
            Ok(wav)
        };
        let wav = place().map_err(read)?;
        let wav = wav.ok_or_else(|| EngineError::media(path, "it is no 16-bit mono WAV file"))?;
        Ok(Self {
            file: BufReader::with_capacity(64 * 1024, file),
            rate: wav.sample_rate,
            left: wav.length / wav.frame(),
        })
    }
}

impl Iterator for Samples {
    type Item = io::Result<i16>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let mut pair = [0; 2];
        Some(self.file.read_exact(&mut pair).map(|()| i16::from_le_bytes(pair)))
    }
}

/// A 16-bit mono sound in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonoSound {
    /// Samples a second.
    pub rate: u32,
    /// The samples.
    pub samples: Vec<i16>,
}

impl MonoSound {
    /// Reads a 16-bit mono WAV file; `None` when it is anything else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let wav = find(&mut Cursor::new(bytes)).ok()??;
        if wav.channels != 1 || wav.bits != 16 {
            return None;
        }
        let start = usize::try_from(wav.start).ok()?;
        let length = usize::try_from(wav.length).ok()?;
        let (pairs, _) = bytes.get(start..start.checked_add(length)?)?.as_chunks::<2>();
        Some(Self {
            rate: wav.sample_rate,
            samples: pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect(),
        })
    }

    /// The same as a WAV file.
    ///
    /// # Limits
    /// 4 GiB, twelve hours at 48 kHz; the header of a longer one says 4 GiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        let length = count(self.samples.len()).saturating_mul(2);
        let mut bytes = header(length, self.rate);
        bytes.extend(self.samples.iter().flat_map(|sample| sample.to_le_bytes()));
        bytes
    }
}

/// Writes `count` samples as a 16-bit mono file.
///
/// # Limits
/// 4 GiB, twelve hours at 48 kHz.
pub(crate) fn write_stream(
    path: &Path,
    sample_rate: u32,
    count: u64,
    samples: impl Iterator<Item = io::Result<i16>>,
) -> Result<(), EngineError> {
    let length = count.checked_mul(2).and_then(|bytes| u32::try_from(bytes).ok());
    let length = length.ok_or_else(|| EngineError::media(path, "it is longer than a WAV file can be"))?;
    let write = || -> io::Result<()> {
        let mut file = BufWriter::with_capacity(64 * 1024, File::create(path)?);
        file.write_all(&header(length, sample_rate))?;
        for sample in samples {
            file.write_all(&sample?.to_le_bytes())?;
        }
        file.flush()
    };
    write().map_err(EngineError::io("write", path))
}

/// The 44 bytes before the samples of a 16-bit mono file.
fn header(length: u32, sample_rate: u32) -> Vec<u8> {
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
    header
}

/// Writes a 16-bit mono file out of memory; tests make their sounds with it.
#[cfg(test)]
pub(crate) fn write_mono(path: &Path, samples: &[i16], sample_rate: u32) -> Result<(), EngineError> {
    let count = u64::try_from(samples.len()).unwrap_or(u64::MAX);
    write_stream(path, sample_rate, count, samples.iter().map(|sample| Ok(*sample)))
}

/// All samples of a 16-bit mono file and their rate.
#[cfg(test)]
pub(crate) fn read_mono(path: &Path) -> Result<(Vec<i16>, u32), EngineError> {
    let samples = Samples::open(path)?;
    let rate = samples.rate;
    let all: io::Result<Vec<i16>> = samples.collect();
    Ok((all.map_err(EngineError::io("read", path))?, rate))
}

#[cfg(test)]
mod tests;
