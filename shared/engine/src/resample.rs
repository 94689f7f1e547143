//! Draws a frame from pictures: sub-pixel pan and zoom by fixed-point bilinear sampling, cross-fade, and dimming.
//!
//! Rows are split over threads; nothing is allocated per frame but the threads themselves.
//! A bilinear sampler is enough because a picture is never enlarged (`Motion::magnification`).

use std::sync::Arc;
use std::thread;

use crate::axis::{Axis, PAD};
use crate::motion::View;
use crate::number::{floor_i32, index};
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

/// Sampling of both axes for luma and chroma of a layer.
#[derive(Debug, Default)]
struct Taps {
    luma: [Axis; 2],
    chroma: [Axis; 2],
    /// The picture has the frame's size and is seen as a whole, so rows are copied.
    identical: bool,
}

/// Row buffers of one thread.
#[derive(Debug, Default)]
struct Scratch {
    line: Vec<u8>,
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
        Self {
            width: index(width),
            height: index(height),
            taps: Default::default(),
            scratch,
        }
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
                let parts = [
                    Band {
                        rows: luma,
                        first,
                        plane: 0,
                    },
                    Band {
                        rows: blue,
                        first: first / 2,
                        plane: 1,
                    },
                    Band {
                        rows: red,
                        first: first / 2,
                        plane: 2,
                    },
                ];
                scope.spawn(move || draw_bands(shot, taps, parts, scratch));
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
        across.prepare(width, own_width, [left, size]);
        across.arrange();
        down.prepare(height, own_height, [top, size]);
        let [across, down] = &mut self.chroma;
        across.prepare(width / 2, own_width / 2, [left, size]);
        across.arrange();
        down.prepare(height / 2, own_height / 2, [top, size]);
    }

    fn of(&self, plane: usize) -> &[Axis; 2] {
        if plane == 0 { &self.luma } else { &self.chroma }
    }
}

fn draw_bands(shot: &Shot, taps: &[Taps; 2], bands: [Band<'_>; 3], scratch: &mut Scratch) {
    for band in bands {
        draw_band(shot, taps, band, scratch);
    }
}

fn draw_band(shot: &Shot, taps: &[Taps; 2], band: Band<'_>, scratch: &mut Scratch) {
    let Band { rows, first, plane } = band;
    let [under, over] = taps;
    let width = under.of(plane)[0].len().max(1);
    let floor = if plane == 0 { BLACK_LUMA } else { GREY_CHROMA };
    for (number, row) in rows.chunks_exact_mut(width).enumerate() {
        let place = (plane, first + number);
        draw_row(&shot.under, under, place, (&mut *row, &mut scratch.line));
        if let Some((layer, weight)) = &shot.over {
            scratch.over.resize(width, 0);
            draw_row(layer, over, place, (&mut scratch.over, &mut scratch.line));
            mix(row, &scratch.over, *weight);
        }
        if shot.brightness < FULL {
            dim(row, floor, shot.brightness);
        }
    }
}

fn draw_row(
    layer: &Layer,
    taps: &Taps,
    (plane, row): (usize, usize),
    (out, line): (&mut [u8], &mut Vec<u8>),
) {
    let source = layer.picture.planes().into_iter().nth(plane).unwrap_or_default();
    let stride = if plane == 0 {
        layer.picture.width
    } else {
        layer.picture.width / 2
    };
    let [across, down] = taps.of(plane);
    let Some((left, weight)) = down.at(row) else {
        return;
    };
    let start = left * stride;
    let Some(upper) = source.get(start..start + stride) else {
        return;
    };
    let lower = source.get(start + stride..start + 2 * stride).unwrap_or(upper);
    if taps.identical {
        // The last row is the lower of its pair, see `Axis::prepare`.
        out.copy_from_slice(if weight == FULL { lower } else { upper });
        return;
    }
    line.resize(stride + 2 * PAD, 0);
    if let Some(middle) = line.get_mut(PAD..PAD + stride) {
        blend_rows(middle, (upper, lower), weight);
    }
    across.read(out, line);
}

// The loops below use wrapping arithmetic because the development profile's overflow checks would keep them from being
// vectorised; each says why nothing can wrap.

/// At most 255 * 256 + 128, which fits.
fn blend_rows(line: &mut [u8], (upper, lower): (&[u8], &[u8]), weight: u16) {
    let (near, far) = (FULL - weight.min(FULL), weight.min(FULL));
    for ((value, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
        let sum = u16::from(*upper)
            .wrapping_mul(near)
            .wrapping_add(u16::from(*lower).wrapping_mul(far));
        [*value, _] = sum.wrapping_add(FULL / 2).to_be_bytes();
    }
}

/// At most 255 * 256 + 128, which fits.
fn mix(row: &mut [u8], over: &[u8], weight: u16) {
    let (keep, weight) = (FULL - weight.min(FULL), weight.min(FULL));
    for (under, over) in row.iter_mut().zip(over) {
        let sum = u16::from(*under)
            .wrapping_mul(keep)
            .wrapping_add(u16::from(*over).wrapping_mul(weight));
        [*under, _] = sum.wrapping_add(128).to_be_bytes();
    }
}

/// Towards black, which is 16 in luma and 128 in chroma; at most 255 * 256 + 128, which fits.
fn dim(row: &mut [u8], floor: u8, brightness: u16) {
    let brightness = brightness.min(FULL);
    let base = u16::from(floor) * (FULL - brightness) + 128;
    for value in row {
        let sum = u16::from(*value).wrapping_mul(brightness).wrapping_add(base);
        [*value, _] = sum.to_be_bytes();
    }
}

/// A share of 0 to 1 as a weight.
pub(crate) fn weight(share: f64) -> u16 {
    let weight = floor_i32(share.clamp(0.0, 1.0) * f64::from(FULL) + 0.5);
    u16::try_from(weight).unwrap_or(FULL)
}

#[cfg(test)]
mod tests;
