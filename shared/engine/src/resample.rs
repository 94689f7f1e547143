//! Draws a frame from pictures: sub-pixel pan and zoom by fixed-point bilinear sampling, cross-fade, and dimming.
//!
//! Rows are split over threads; nothing is allocated per frame but the threads themselves.
//! A bilinear sampler is enough because a picture is never enlarged (`Motion::magnification`).

use std::sync::Arc;
use std::thread;

use crate::motion::View;
use crate::number::{floor_i32, index, low_half, real, round_u32};
use crate::picture::{BLACK_LUMA, GREY_CHROMA, Picture};

/// Full weight of a blend; eight bits of position are 0.004 px, an order below the visible.
pub(crate) const FULL: u16 = 256;

/// A picture and the part of it that is seen.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) picture: Arc<Picture>,
    pub(crate) view: View,
}

/// What a frame shows.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) under: Layer,
    /// The next scene and its weight, 0 to [`FULL`].
    pub(crate) over: Option<(Layer, u16)>,
    /// [`FULL`] is as it is, 0 is black.
    pub(crate) brightness: u16,
}

/// One sample of a line: the left of two neighbours, and the weight of the right one.
#[derive(Clone, Copy, Debug, Default)]
struct Tap {
    left: u16,
    weight: u16,
}

/// Taps of both axes for luma and chroma of a layer.
#[derive(Debug, Default)]
struct Taps {
    luma: [Vec<Tap>; 2],
    chroma: [Vec<Tap>; 2],
    /// The picture has the frame's size and is seen as a whole, so rows are copied.
    identical: bool,
}

/// Row buffers of one thread.
#[derive(Debug, Default)]
struct Scratch {
    sum: Vec<u16>,
    over: Vec<u8>,
}

/// Draws frames of one size.
#[derive(Debug)]
pub(crate) struct Renderer {
    width: usize,
    height: usize,
    taps: [Taps; 2],
    scratch: Vec<Scratch>,
}

/// One horizontal band of one plane.
struct Band<'a> {
    rows: &'a mut [u8],
    first: usize,
    plane: usize,
}

impl Renderer {
    /// `threads` bands are drawn at the same time.
    pub(crate) fn new(width: u32, height: u32, threads: usize) -> Self {
        let scratch = (0..threads.max(1)).map(|_| Scratch::default()).collect();
        Self { width: index(width), height: index(height), taps: Default::default(), scratch }
    }

    /// Draws one frame; `frame` has the renderer's size.
    pub(crate) fn draw(&mut self, shot: &Shot, frame: &mut Picture) {
        let (width, height) = (self.width, self.height);
        let [under, over] = &mut self.taps;
        under.prepare(&shot.under, width, height);
        if let Some((layer, _)) = &shot.over {
            over.prepare(layer, width, height);
        }
        let taps = &self.taps;
        // Chroma has half the rows, so a band of luma has an even number of them.
        let rows = (height / 2).div_ceil(self.scratch.len()) * 2;
        let [luma, blue, red] = frame.planes_mut();
        let bands = luma
            .chunks_mut(rows * width)
            .zip(blue.chunks_mut(rows * width / 4))
            .zip(red.chunks_mut(rows * width / 4))
            .zip(&mut self.scratch)
            .enumerate();
        thread::scope(|scope| {
            for (number, (((luma, blue), red), scratch)) in bands {
                let first = number * rows;
                scope.spawn(move || {
                    let parts = [
                        Band { rows: luma, first, plane: 0 },
                        Band { rows: blue, first: first / 2, plane: 1 },
                        Band { rows: red, first: first / 2, plane: 2 },
                    ];
                    for part in parts {
                        draw_band(shot, taps, part, scratch);
                    }
                });
            }
        });
    }
}

impl Taps {
    fn prepare(&mut self, layer: &Layer, width: usize, height: usize) {
        let (own_width, own_height) = (layer.picture.width, layer.picture.height);
        let View { left, top, size } = layer.view;
        self.identical = own_width == width && own_height == height && size >= 1.0;
        let [across, down] = &mut self.luma;
        fill(across, width, own_width, [left, size]);
        fill(down, height, own_height, [top, size]);
        let [across, down] = &mut self.chroma;
        fill(across, width / 2, own_width / 2, [left, size]);
        fill(down, height / 2, own_height / 2, [top, size]);
    }

    fn of(&self, plane: usize) -> &[Vec<Tap>; 2] {
        if plane == 0 { &self.luma } else { &self.chroma }
    }
}

/// Maps the centre of each of `count` pixels into a line of `length` samples of which a part is seen.
fn fill(taps: &mut Vec<Tap>, count: usize, length: usize, [start, size]: [f64; 2]) {
    let last = real(length.saturating_sub(1));
    let step = real(length) * size / real(count.max(1));
    let origin = real(length) * start - 0.5;
    taps.clear();
    taps.extend((0..count).map(|number| {
        let position = (origin + (real(number) + 0.5) * step).clamp(0.0, last);
        let fixed = round_u32(position * f64::from(FULL));
        // The last sample has no right neighbour; full weight on it from its left one is the same.
        let left = (fixed >> 8).min(u32::try_from(length.saturating_sub(2)).unwrap_or_default());
        Tap { left: low_half(left), weight: low_half(fixed - (left << 8)) }
    }));
}

fn draw_band(shot: &Shot, taps: &[Taps; 2], band: Band<'_>, scratch: &mut Scratch) {
    let [under, over] = taps;
    let width = under.of(band.plane)[0].len().max(1);
    let floor = if band.plane == 0 { BLACK_LUMA } else { GREY_CHROMA };
    for (number, row) in band.rows.chunks_exact_mut(width).enumerate() {
        let place = (band.plane, band.first + number);
        draw_row(&shot.under, under, place, (&mut *row, &mut scratch.sum));
        if let Some((layer, weight)) = &shot.over {
            scratch.over.resize(width, 0);
            draw_row(layer, over, place, (&mut scratch.over, &mut scratch.sum));
            mix(row, &scratch.over, *weight);
        }
        if shot.brightness < FULL {
            dim(row, floor, shot.brightness);
        }
    }
}

fn draw_row(layer: &Layer, taps: &Taps, (plane, row): (usize, usize), (out, sum): (&mut [u8], &mut Vec<u16>)) {
    let source = layer.picture.planes().into_iter().nth(plane).unwrap_or_default();
    let stride = if plane == 0 { layer.picture.width } else { layer.picture.width / 2 };
    let [across, down] = taps.of(plane);
    let Some(tap) = down.get(row) else { return };
    let start = usize::from(tap.left) * stride;
    let Some(upper) = source.get(start..start + stride) else { return };
    if taps.identical {
        // `left` stops one short of the last row, so the weight says which of the two rows is meant.
        let start = start + if tap.weight == FULL { stride } else { 0 };
        out.copy_from_slice(source.get(start..start + stride).unwrap_or(upper));
        return;
    }
    let lower = source.get(start + stride..start + 2 * stride).unwrap_or(upper);
    sum.resize(stride, 0);
    let (near, far) = (FULL - tap.weight, tap.weight);
    for ((sum, upper), lower) in sum.iter_mut().zip(upper).zip(lower) {
        *sum = u16::from(*upper) * near + u16::from(*lower) * far;
    }
    for (out, tap) in out.iter_mut().zip(across) {
        let left = usize::from(tap.left);
        if let Some(&[one, two]) = sum.get(left..left + 2) {
            let (near, far) = (u32::from(FULL - tap.weight), u32::from(tap.weight));
            *out = crate::number::low_byte((u32::from(one) * near + u32::from(two) * far + 32_768) >> 16);
        }
    }
}

fn mix(row: &mut [u8], over: &[u8], weight: u16) {
    let keep = FULL - weight;
    for (under, over) in row.iter_mut().zip(over) {
        let sum = u16::from(*under) * keep + u16::from(*over) * weight + 128;
        *under = crate::number::low_byte(u32::from(sum >> 8));
    }
}

/// Towards black, which is 16 in luma and 128 in chroma.
fn dim(row: &mut [u8], floor: u8, brightness: u16) {
    let base = u16::from(floor) * (FULL - brightness) + 128;
    for value in row {
        *value = crate::number::low_byte(u32::from((u16::from(*value) * brightness + base) >> 8));
    }
}

/// A share of 0 to 1 as a weight.
pub(crate) fn weight(share: f64) -> u16 {
    let weight = floor_i32(share.clamp(0.0, 1.0) * f64::from(FULL) + 0.5);
    u16::try_from(weight).unwrap_or(FULL)
}

#[cfg(test)]
mod tests;
