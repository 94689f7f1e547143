//! Draws a frame from images: sub-pixel pan and zoom by fixed-point bilinear sampling, transitions, and dimming.
//!
//! Rows are split over threads where that pays; nothing is allocated per frame but those threads.
//! A bilinear sampler is enough because an image is never enlarged (`Motion::magnification`).

#![expect(
    clippy::inline_always,
    reason = "inlined, they are compiled for the instructions of `Processor::run`; alone they would not be"
)]

use std::sync::Arc;
use std::thread::{self, Scope};

use crate::axis::{Axis, PAD};
use crate::blend::FULL;
use crate::motion::View;
use crate::number::index;
use crate::processor::Processor;
use crate::transitions::{Blur, Change, Row};
use crate::yuv_image::{BLACK_LUMA, Canvas, GREY_CHROMA, YuvImage};

/// An image and the part of it that is seen.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) yuv: Arc<YuvImage>,
    pub(crate) view: View,
}

/// What a frame shows.
#[derive(Clone, Debug)]
pub(crate) struct FrameLayers {
    pub(crate) under: Layer,
    /// The next scene and how far it is in.
    pub(crate) over: Option<(Layer, Change)>,
    /// [`FULL`] is as it is, 0 is black.
    pub(crate) brightness: u16,
}

/// Sampling of both axes for luma and chroma of a layer.
#[derive(Debug, Default)]
struct Taps {
    luma: [Axis; 2],
    chroma: [Axis; 2],
    /// The image has the frame's size and is seen as a whole, so rows are copied.
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
    /// Weights of the next scene by column, in luma and in chroma.
    columns: [Vec<u16>; 2],
    scratch: Vec<Scratch>,
    blur: Blur,
    processor: Processor,
}

/// What all bands of a frame share.
#[derive(Clone, Copy)]
struct Plan<'a> {
    shot: &'a FrameLayers,
    taps: &'a [Taps; 2],
    columns: &'a [Vec<u16>; 2],
    processor: Processor,
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
            columns: Default::default(),
            scratch,
            blur: Blur::default(),
            processor: Processor::new(),
        }
    }

    /// Draws one frame; `frame` has the renderer's size.
    pub(crate) fn draw(&mut self, shot: &FrameLayers, frame: &mut dyn Canvas) {
        let (width, height) = (self.width, self.height);
        let [under, over] = &mut self.taps;
        under.prepare(&shot.under, width, height);
        if let Some((layer, change)) = &shot.over {
            over.prepare(layer, width, height);
            let [luma, chroma] = &mut self.columns;
            change.columns(luma, width);
            change.columns(chroma, width / 2);
        }
        let plan = Plan {
            shot,
            taps: &self.taps,
            columns: &self.columns,
            processor: self.processor,
        };
        // Chroma has half the rows, so a band of luma has an even number of them.
        let rows = (height / 2).div_ceil(self.scratch.len()) * 2;
        let many = self.scratch.len();
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
                start(scope, many, move || draw_bands(plan, parts, scratch));
            }
        });
        let radius = shot
            .over
            .as_ref()
            .map_or(0, |(_, change)| change.blur_px(width.min(height)));
        let [luma, blue, red] = frame.planes_mut();
        self.blur.soften(luma, width, radius);
        self.blur.soften(blue, width / 2, radius / 2);
        self.blur.soften(red, width / 2, radius / 2);
    }
}

impl Taps {
    fn prepare(&mut self, layer: &Layer, width: usize, height: usize) {
        let (own_width, own_height) = (layer.yuv.width, layer.yuv.height);
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

/// A thread for each of several; one alone needs none.
fn start<'scope>(scope: &'scope Scope<'scope, '_>, bands: usize, work: impl FnOnce() + Send + 'scope) {
    if bands > 1 {
        scope.spawn(work);
    } else {
        work();
    }
}

fn draw_bands(plan: Plan<'_>, bands: [Band<'_>; 3], scratch: &mut Scratch) {
    plan.processor.run(
        #[inline(always)]
        || {
            for band in bands {
                draw_band(plan, band, scratch);
            }
        },
    );
}

#[inline(always)]
fn draw_band(plan: Plan<'_>, band: Band<'_>, scratch: &mut Scratch) {
    let Band { rows, first, plane } = band;
    let Plan { shot, taps, .. } = plan;
    let [under, _] = taps;
    let width = under.of(plane)[0].len().max(1);
    let floor = if plane == 0 { BLACK_LUMA } else { GREY_CHROMA };
    for (number, row) in rows.chunks_exact_mut(width).enumerate() {
        let at = PlaneRow {
            plane,
            row: first + number,
        };
        match &shot.over {
            None => draw_row(&shot.under, under, at, row, &mut scratch.line),
            Some((layer, change)) => draw_change(
                plan,
                Incoming {
                    layer,
                    change: *change,
                },
                at,
                row,
                scratch,
            ),
        }
        if shot.brightness < FULL {
            dim(row, floor, shot.brightness);
        }
    }
}

/// A row in which one scene becomes another.
#[inline(always)]
fn draw_change(plan: Plan<'_>, incoming: Incoming<'_>, at: PlaneRow, out: &mut [u8], scratch: &mut Scratch) {
    let Incoming { layer: new, change } = incoming;
    let PlaneRow { plane, row } = at;
    let old = &plan.shot.under;
    let [under, over] = plan.taps;
    let [across, down] = under.of(plane);
    let width = across.len();
    let shown = change.row(row, (width, down.len()), u32::from(plane != 0));
    let alone = match shown {
        Row::Old(row) => Some((old, under, row)),
        Row::New(row) => Some((new, over, row)),
        _ => None,
    };
    if let Some((layer, taps, row)) = alone {
        draw_row(layer, taps, PlaneRow { plane, row }, out, &mut scratch.line);
        return;
    }
    draw_row(old, under, at, out, &mut scratch.line);
    scratch.over.resize(width, 0);
    let (beside, line) = (scratch.over.as_mut_slice(), &mut scratch.line);
    draw_row(new, over, at, beside, line);
    match shown {
        Row::Mixed(weight) => mix(out, beside, weight),
        Row::Columns => {
            let [luma, chroma] = plan.columns;
            mix_by(out, beside, if plane == 0 { luma } else { chroma });
        }
        Row::ToLeft(way) => push(out, beside, (way.min(width), 0)),
        Row::ToRight(way) => push(out, beside, (0, way.min(width))),
        Row::Old(_) | Row::New(_) => {}
    }
}

/// Moves a row to one side and lets the other one in behind it.
#[inline(always)]
fn push(row: &mut [u8], new: &[u8], (to_left, to_right): (usize, usize)) {
    let width = row.len();
    row.copy_within(to_left..width - to_right, to_right);
    let (from, to) = if to_left > 0 {
        (new.get(..to_left), row.get_mut(width - to_left..))
    } else {
        (new.get(width - to_right..), row.get_mut(..to_right))
    };
    if let (Some(from), Some(to)) = (from, to) {
        to.copy_from_slice(from);
    }
}

/// A row of a plane: 0 is luma, 1 and 2 are chroma at half of the size.
#[derive(Clone, Copy)]
struct PlaneRow {
    plane: usize,
    row: usize,
}

/// The scene that comes, and how.
#[derive(Clone, Copy)]
struct Incoming<'a> {
    layer: &'a Layer,
    change: Change,
}

/// Writes a row of a layer into `out`; `line` is scratch memory for a source row.
#[inline(always)]
fn draw_row(layer: &Layer, taps: &Taps, at: PlaneRow, out: &mut [u8], line: &mut Vec<u8>) {
    let PlaneRow { plane, row } = at;
    let source = layer.yuv.planes().into_iter().nth(plane).unwrap_or_default();
    let stride = if plane == 0 {
        layer.yuv.width
    } else {
        layer.yuv.width / 2
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
#[inline(always)]
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
#[inline(always)]
fn mix(row: &mut [u8], over: &[u8], weight: u16) {
    let (keep, weight) = (FULL - weight.min(FULL), weight.min(FULL));
    for (under, over) in row.iter_mut().zip(over) {
        let sum = u16::from(*under)
            .wrapping_mul(keep)
            .wrapping_add(u16::from(*over).wrapping_mul(weight));
        [*under, _] = sum.wrapping_add(128).to_be_bytes();
    }
}

/// At most 255 * 256 + 128, which fits.
#[inline(always)]
fn mix_by(row: &mut [u8], over: &[u8], weights: &[u16]) {
    for ((under, over), weight) in row.iter_mut().zip(over).zip(weights) {
        let sum = u16::from(*under)
            .wrapping_mul(FULL - weight)
            .wrapping_add(u16::from(*over).wrapping_mul(*weight));
        [*under, _] = sum.wrapping_add(128).to_be_bytes();
    }
}

/// Towards black, which is 16 in luma and 128 in chroma; at most 255 * 256 + 128, which fits.
#[inline(always)]
fn dim(row: &mut [u8], floor: u8, brightness: u16) {
    let brightness = brightness.min(FULL);
    let base = u16::from(floor) * (FULL - brightness) + 128;
    for value in row {
        let sum = u16::from(*value).wrapping_mul(brightness).wrapping_add(base);
        [*value, _] = sum.to_be_bytes();
    }
}

#[cfg(test)]
mod tests;
