//! Where the samples of a line come from, laid out so that a whole block of pixels is one run of vector instructions.

#![expect(
    clippy::inline_always,
    reason = "inlined, they are compiled for the instructions of `Processor::run`; alone they would not be"
)]

use crate::blend::FULL;
use crate::number::{count as count_of, index, low_byte, low_half, real, round_u32};

/// Pixels that are computed together: a full AVX2 register of 16-bit numbers, two of NEON or SSE2.
pub(crate) const LANES: usize = 16;

/// Zeros that stand before and behind a line, so that a block may begin and end outside of it: one that begins with the
/// last pixel but one reads [`LANES`] and [`TAPS_MAX`] samples.
pub(crate) const PAD: usize = 2 * LANES;

/// Neighbours that a block may need: at a step of 1.5, the largest of any motion, 16 pixels span 23 samples and the
/// right neighbour of the last, which are 9 more than they would side by side.
const TAPS_MAX: usize = 12;

/// Up to so many neighbours there is a loop for each number.
const FEW_TAPS: usize = 5;

/// Samples of a line: for each, the left of two neighbours and the weight of the right one.
///
/// Pixels of a zoom are not evenly spaced in memory, and baseline processors cannot gather. So a block reads a few
/// shifted copies of its stretch of the line and gives each pixel a weight in each, zero where it takes nothing; that
/// is a third of the time of a look-up per pixel.
#[derive(Debug, Default)]
pub(crate) struct Axis {
    lefts: Vec<usize>,
    weights: Vec<u16>,
    /// Begin of each block in the padded line.
    starts: Vec<usize>,
    /// `count` rows of weights for each block.
    taps: Vec<[u16; LANES]>,
    count: usize,
}

impl Axis {
    /// Maps the centre of each of `count` pixels into a line of `length` samples of which a part is seen.
    pub(crate) fn prepare(&mut self, count: usize, length: usize, [start, size]: [f64; 2]) {
        let last = length.saturating_sub(1);
        // The last sample has no right neighbour; full weight on it from its left one is the same.
        let left_max = count_of(length.saturating_sub(2));
        let step = real(length) * size / real(count.max(1));
        let origin = real(length) * start - 0.5;
        self.lefts.clear();
        self.weights.clear();
        for number in 0..count {
            let position = (origin + (real(number) + 0.5) * step).clamp(0.0, real(last));
            let fixed = round_u32(position * f64::from(FULL));
            let left = (fixed >> 8).min(left_max);
            self.lefts.push(index(left));
            self.weights.push(low_half(fixed - (left << 8)));
        }
    }

    /// Adds the blocks, for the axis along which lines are read; [`Axis::prepare`] comes before.
    pub(crate) fn arrange(&mut self) {
        let widest = self.lefts.chunks(LANES).map(|block| {
            let (least, most) = spread(block);
            most - least + 2
        });
        self.count = match widest.max().unwrap_or(2) {
            few @ ..=FEW_TAPS => few,
            _ => TAPS_MAX,
        };
        self.starts.clear();
        self.taps.clear();
        let blocks = self.lefts.chunks(LANES).zip(self.weights.chunks(LANES));
        for (lefts, weights) in blocks {
            let (least, _) = spread(lefts);
            self.starts.push(least);
            let first = self.taps.len();
            self.taps.resize(first + self.count, [0; LANES]);
            let rows = self.taps.get_mut(first..).unwrap_or_default();
            for (lane, (offset, weight)) in offsets(lefts).zip(weights).enumerate() {
                put(rows, (offset - least, lane), [FULL - weight, *weight]);
            }
        }
    }

    /// Number of pixels.
    pub(crate) fn len(&self) -> usize {
        self.lefts.len()
    }

    /// Left neighbour of a pixel, and the weight of its right one.
    pub(crate) fn at(&self, pixel: usize) -> Option<(usize, u16)> {
        Some((*self.lefts.get(pixel)?, *self.weights.get(pixel)?))
    }

    /// Reads a padded line; one pixel each goes to `out`.
    #[inline(always)]
    pub(crate) fn read(&self, out: &mut [u8], line: &[u8]) {
        match self.count {
            2 => self.read_taps::<2>(out, line),
            3 => self.read_taps::<3>(out, line),
            4 => self.read_taps::<4>(out, line),
            FEW_TAPS => self.read_taps::<FEW_TAPS>(out, line),
            _ => self.read_taps::<TAPS_MAX>(out, line),
        }
    }

    #[inline(always)]
    fn read_taps<const TAPS: usize>(&self, out: &mut [u8], line: &[u8]) {
        let (blocks, _) = self.taps.as_chunks::<TAPS>();
        for (out, (start, block)) in out.chunks_mut(LANES).zip(self.starts.iter().zip(blocks)) {
            // One check for all neighbours.
            let reach = line.get(*start..*start + LANES + TAPS - 1).unwrap_or_default();
            let sums = weighed(reach, block);
            let bytes = sums.map(|sum| low_byte(u32::from(sum >> 8)));
            match out.as_mut_array::<LANES>() {
                Some(out) => *out = bytes,
                None => out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = byte),
            }
        }
    }
}

/// How far in the padded line the left neighbour of each pixel lies from where it would be if all lay side by side.
fn offsets(block: &[usize]) -> impl Iterator<Item = usize> {
    block.iter().enumerate().map(|(lane, left)| left + PAD - lane)
}

/// The least and the greatest of the offsets.
fn spread(block: &[usize]) -> (usize, usize) {
    offsets(block).fold((usize::MAX, 0), |(least, most), offset| {
        (least.min(offset), most.max(offset))
    })
}

/// Writes the weights of one pixel and its right neighbour into two rows that follow each other.
fn put(rows: &mut [[u16; LANES]], (first, lane): (usize, usize), shares: [u16; 2]) {
    for (row, share) in rows.iter_mut().skip(first).zip(shares) {
        row.iter_mut().skip(lane).take(1).for_each(|slot| *slot = share);
    }
}

/// A block's pixels times 256, and half of that for rounding.
#[inline(always)]
fn weighed<const TAPS: usize>(reach: &[u8], rows: &[[u16; LANES]; TAPS]) -> [u16; LANES] {
    let mut sums = [FULL / 2; LANES];
    for (tap, weights) in rows.iter().enumerate() {
        if let Some(values) = reach.get(tap..).and_then(<[u8]>::first_chunk::<LANES>) {
            add(&mut sums, values, weights);
        }
    }
    sums
}

/// The weights of a pixel are 256 together, so a sum is at most 255 * 256 + 128, which fits.
///
/// Anything wider than 16 bits would halve the pixels per instruction.
#[inline(always)]
fn add(sums: &mut [u16; LANES], values: &[u8; LANES], weights: &[u16; LANES]) {
    for ((sum, value), weight) in sums.iter_mut().zip(values).zip(weights) {
        *sum = sum.wrapping_add(u16::from(*value).wrapping_mul(*weight));
    }
}

#[cfg(test)]
mod tests;
