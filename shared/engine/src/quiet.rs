//! Finds the silences of a voice, and copies the voice without them.

use std::io;
use std::ops::Range;
use std::path::Path;

use crate::error::EngineError;
use crate::number::real_u64;
use crate::voice::Cut;
use crate::wav::{Samples, write_stream};

/// What is looked at as one: shorter than any sound of speech.
const BLOCK_MS: u64 = 10;
/// Breath left before the first and after the last sound.
const KEPT_MS: u64 = 60;
/// So much below the loudest sound is silence: 36 dB, the lowest consonants are some 30 below a vowel.
const QUIET_SHARE: u16 = 64;
/// But never more than -50 dB or less than -66 dB against full scale, where noise and dither are.
const QUIET_MAX: u16 = 104;
const QUIET_MIN: u16 = 16;
/// The sound falls and rises at a cut inside of a pause, so that noise does not click.
const RAMP_MS: u64 = 5;

/// What stays although nothing is heard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    /// Silence at both ends.
    pub(crate) ends: bool,
    /// So much of each pause inside; `None` for all of it.
    pub(crate) pause_ms_max: Option<u64>,
}

/// The parts of a file that stay, in samples.
#[derive(Debug)]
pub(crate) struct Spans {
    kept: Vec<Range<u64>>,
    total: u64,
    rate: u32,
}

/// Reads a 16-bit mono WAV file once and decides what stays of it; all of it when nothing is heard.
pub(crate) fn spans(path: &Path, keep: Keep) -> Result<Spans, EngineError> {
    let samples = Samples::open(path)?;
    let (rate, total) = (samples.rate, samples.left);
    let block = per_block(rate);
    let mut loudest = Vec::new();
    for (number, sample) in (0_u64..).zip(samples) {
        let level = sample.map_err(EngineError::io("read", path))?.unsigned_abs();
        if number % block == 0 {
            loudest.push(level);
        } else if let Some(last) = loudest.last_mut() {
            *last = level.max(*last);
        }
    }
    let end = |blocks: Range<u64>| blocks.start * block..(blocks.end * block).min(total);
    let kept = kept(&loudest, keep).into_iter().map(end).collect();
    Ok(Spans { kept, total, rate })
}

/// The blocks that stay.
fn kept(loudest: &[u16], keep: Keep) -> Vec<Range<u64>> {
    let peak = loudest.iter().copied().max().unwrap_or_default();
    let quiet = (peak / QUIET_SHARE).clamp(QUIET_MIN, QUIET_MAX);
    let sounds: Vec<u64> = (0..)
        .zip(loudest)
        .filter_map(|(number, level)| (*level > quiet).then_some(number))
        .collect();
    let count = u64::try_from(loudest.len()).unwrap_or(u64::MAX);
    let (Some(first), Some(last)) = (sounds.first(), sounds.last()) else {
        return std::iter::once(0..count).collect();
    };
    let air = KEPT_MS / BLOCK_MS;
    let (mut start, end) = if keep.ends {
        (0, count)
    } else {
        (first.saturating_sub(air), (last + 1 + air).min(count))
    };
    let mut kept = Vec::new();
    if let Some(pause_ms) = keep.pause_ms_max {
        let stays = pause_ms / BLOCK_MS;
        for (before, after) in sounds.iter().zip(sounds.iter().skip(1)) {
            let pause = after - before - 1;
            if pause > stays {
                let cut_from = before + 1 + stays / 2;
                kept.push(start..cut_from);
                start = cut_from + (pause - stays);
            }
        }
    }
    kept.push(start..end);
    kept
}

impl Spans {
    /// Whether nothing is cut.
    pub(crate) fn is_whole(&self) -> bool {
        self.kept.len() == 1 && self.kept.first() == Some(&(0..self.total))
    }

    /// What is cut at the beginning.
    pub(crate) fn lead_ms(&self) -> u64 {
        self.kept.first().map_or(0, |first| self.ms(first.start))
    }

    /// What is cut inside.
    pub(crate) fn cuts(&self) -> Vec<Cut> {
        let pairs = self.kept.iter().zip(self.kept.iter().skip(1));
        pairs
            .map(|(before, after)| Cut {
                at_ms: self.ms(before.end),
                length_ms: self.ms(after.start - before.end),
            })
            .collect()
    }

    /// Writes what stays.
    pub(crate) fn copy(&self, input: &Path, output: &Path) -> Result<(), EngineError> {
        let count = self.kept.iter().map(|span| span.end - span.start).sum();
        let ramp = per_block(self.rate) * RAMP_MS / BLOCK_MS;
        let (mut spans, last) = (self.kept.iter().peekable(), self.kept.len());
        let mut passed = 0;
        let part = |(number, sample): (u64, io::Result<i16>)| {
            while spans.next_if(|span| span.end <= number).is_some() {
                passed += 1;
            }
            let span = spans.peek().filter(|span| span.contains(&number))?;
            let mut edge = ramp;
            if passed > 0 {
                edge = edge.min(number - span.start);
            }
            if passed + 1 < last {
                edge = edge.min(span.end - 1 - number);
            }
            Some(sample.map(|sample| softened(sample, edge, ramp)))
        };
        write_stream(
            output,
            self.rate,
            count,
            (0..).zip(Samples::open(input)?).filter_map(part),
        )
    }

    fn ms(&self, samples: u64) -> u64 {
        samples * 1_000 / u64::from(self.rate.max(1))
    }
}

fn softened(sample: i16, edge: u64, ramp: u64) -> i16 {
    if edge >= ramp {
        return sample;
    }
    let share = real_u64(edge) / real_u64(ramp);
    i16::try_from(crate::number::floor_i32(f64::from(sample) * share)).unwrap_or(sample)
}

fn per_block(rate: u32) -> u64 {
    (u64::from(rate) * BLOCK_MS / 1_000).max(1)
}
