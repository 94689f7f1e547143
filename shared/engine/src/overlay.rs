//! A small image with transparency that is laid over frames: captions and the lower third.

use tiny_skia::Pixmap;

use crate::blend::FULL;
use crate::number::{byte, index, real};
use crate::yuv_image::{Canvas, premultiplied};

/// No shadow of ours is as strong; letters, outlines and pills are.
const INK_ALPHA: u8 = 224;

/// Planes that are already multiplied by their alpha, so blending is one multiplication and one sum.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    /// Place in the frame; even, may be partly outside.
    x: i32,
    y: i32,
    /// Even.
    width: usize,
    luma: Plane,
    blue: Plane,
    red: Plane,
}

/// Values and the alpha they were multiplied by.
#[derive(Clone, Debug, Default)]
struct Plane {
    values: Vec<u8>,
    alpha: Vec<u8>,
}

impl Plane {
    fn push(&mut self, value: f64, alpha: f64) {
        self.values.push(byte(value));
        self.alpha.push(byte(alpha));
    }

    fn patch(&mut self, part: &Self, (width, part_width): (usize, usize), (left, top): (usize, usize)) {
        if width == 0 || part_width == 0 {
            return;
        }
        let pairs = [(&mut self.values, &part.values), (&mut self.alpha, &part.alpha)];
        for (whole, part) in pairs {
            let rows = whole.chunks_exact_mut(width).skip(top);
            for (row, from) in rows.zip(part.chunks_exact(part_width)) {
                row.iter_mut()
                    .skip(left)
                    .zip(from)
                    .for_each(|(target, value)| *target = *value);
            }
        }
    }
}

impl Overlay {
    /// Converts a drawing; its sides and its place are rounded down to even numbers.
    pub(crate) fn new(pixmap: &Pixmap, x: i32, y: i32) -> Self {
        let (width, stride) = (index(pixmap.width()) & !1, index(pixmap.width()) * 4);
        let mut overlay = Self {
            x: x & !1,
            y: y & !1,
            width,
            luma: Plane::default(),
            blue: Plane::default(),
            red: Plane::default(),
        };
        for rows in pixmap.data().chunks_exact(stride * 2) {
            let (upper, lower) = rows.split_at(stride);
            overlay.push_luma(upper);
            overlay.push_luma(lower);
            for (upper, lower) in upper.as_chunks::<8>().0.iter().zip(lower.as_chunks::<8>().0) {
                let [red, green, blue, alpha] = mean_of_block(*upper, *lower);
                let [_, cb, cr] = premultiplied([red, green, blue], alpha);
                overlay.blue.push(cb, alpha);
                overlay.red.push(cr, alpha);
            }
        }
        overlay
    }

    fn push_luma(&mut self, row: &[u8]) {
        for pixel in row.as_chunks::<4>().0.iter().take(self.width) {
            let [red, green, blue, alpha] = pixel.map(f64::from);
            let [luma, ..] = premultiplied([red, green, blue], alpha);
            self.luma.push(luma, alpha);
        }
    }

    /// The same drawing at another place; even numbers of pixels.
    pub(crate) fn moved(self, (right, down): (i32, i32)) -> Self {
        Self {
            x: self.x + (right & !1),
            y: self.y + (down & !1),
            ..self
        }
    }

    /// Replaces a part of it by another drawing of the same place.
    ///
    /// # Units
    /// Pixels from its own corner; even, like the sides of the drawing.
    pub(crate) fn patch(&mut self, pixmap: &Pixmap, left: u32, top: u32) {
        let part = Self::new(pixmap, 0, 0);
        let (left, top) = (index(left) & !1, index(top) & !1);
        let halves = (self.width / 2, part.width / 2);
        self.luma.patch(&part.luma, (self.width, part.width), (left, top));
        self.blue.patch(&part.blue, halves, (left / 2, top / 2));
        self.red.patch(&part.red, halves, (left / 2, top / 2));
    }

    /// First row and the row after the last, inside of a frame.
    pub(crate) fn rows(&self, frame_height: usize) -> (usize, usize) {
        let height = self.luma.alpha.len() / self.width.max(1);
        let (skipped, top) = split_offset(self.y);
        let bottom = top + height.saturating_sub(skipped);
        (top.min(frame_height), bottom.min(frame_height))
    }

    /// Left, top, right and bottom in the frame of all paint that is more than a shadow.
    pub(crate) fn ink(&self) -> Option<[f64; 4]> {
        let solid = self.luma.alpha.iter().enumerate();
        let places = solid
            .filter(|(_, alpha)| **alpha >= INK_ALPHA)
            .map(|(place, _)| (place % self.width, place / self.width));
        let (left, top) = (f64::from(self.x), f64::from(self.y));
        places.fold(None, |known: Option<[f64; 4]>, (x, y)| {
            let (x, y) = (left + real(x), top + real(y));
            let [low_x, low_y, high_x, high_y] = known.unwrap_or([x, y, x, y]);
            Some([
                low_x.min(x),
                low_y.min(y),
                high_x.max(x + 1.0),
                high_y.max(y + 1.0),
            ])
        })
    }

    /// Lays it over a frame; `opacity` is 0 to [`FULL`].
    pub(crate) fn blend(&self, frame: &mut dyn Canvas, opacity: u16) {
        self.blend_moved(frame, (0, 0), opacity);
    }

    /// The same, moved by even numbers of pixels.
    pub(crate) fn blend_moved(&self, frame: &mut dyn Canvas, (right, down): (i32, i32), opacity: u16) {
        let (x, y) = (self.x + (right & !1), self.y + (down & !1));
        let (width, height) = frame.size();
        let [luma, blue, red] = frame.planes_mut();
        lay(&self.luma, self.width, (x, y), (luma, width, height), opacity);
        let place = (x / 2, y / 2);
        lay(
            &self.blue,
            self.width / 2,
            place,
            (blue, width / 2, height / 2),
            opacity,
        );
        lay(
            &self.red,
            self.width / 2,
            place,
            (red, width / 2, height / 2),
            opacity,
        );
    }
}

fn mean_of_block(upper: [u8; 8], lower: [u8; 8]) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for pixel in upper.as_chunks::<4>().0.iter().chain(lower.as_chunks::<4>().0) {
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += f64::from(*value) / 4.0;
        }
    }
    sums
}

/// Blends the part of a plane that is inside the frame.
fn lay(plane: &Plane, width: usize, (x, y): (i32, i32), target: (&mut [u8], usize, usize), opacity: u16) {
    let (frame, frame_width, frame_height) = target;
    if width == 0 || frame_width == 0 {
        return;
    }
    let (skip_x, at_x) = split_offset(x);
    let (skip_y, at_y) = split_offset(y);
    let count = width.saturating_sub(skip_x).min(frame_width.saturating_sub(at_x));
    let opacity = opacity.min(FULL);
    let rows = plane
        .values
        .chunks_exact(width)
        .zip(plane.alpha.chunks_exact(width))
        .skip(skip_y);
    let targets = frame.chunks_exact_mut(frame_width).take(frame_height).skip(at_y);
    let (from, to) = (skip_x..skip_x + count, at_x..at_x + count);
    for ((values, alphas), target) in rows.zip(targets) {
        let paint = values.get(from.clone()).zip(alphas.get(from.clone()));
        if let Some(((values, alphas), target)) = paint.zip(target.get_mut(to.clone())) {
            cover(target, (values, alphas), opacity);
        }
    }
}

/// Nothing is skipped and nothing is wider than 16 bits, so that all of it becomes vector instructions.
///
/// The products are at most 255 * 256 + 128, which fits; wrapping arithmetic is for the development profile, whose
/// overflow checks would keep the loop from being vectorised. Where alpha is 0, so is the value, and the target stays.
fn cover(target: &mut [u8], (values, alphas): (&[u8], &[u8]), opacity: u16) {
    for ((target, value), alpha) in target.iter_mut().zip(values).zip(alphas) {
        let alpha = u16::from(*alpha).wrapping_mul(opacity) >> 8;
        let value = u16::from(*value).wrapping_mul(opacity).wrapping_add(128) >> 8;
        let part = u16::from(*target)
            .wrapping_mul(255_u16.wrapping_sub(alpha))
            .wrapping_add(128);
        // (x + (x >> 8)) >> 8 is x / 255 with rounding, without a division.
        let kept = part.wrapping_add(part >> 8) >> 8;
        [*target, _] = kept.wrapping_add(value).min(255).to_le_bytes();
    }
}

/// How much of the overlay is cut off before the frame begins, and where it then lies in the frame.
fn split_offset(offset: i32) -> (usize, usize) {
    let size = usize::try_from(offset.unsigned_abs()).unwrap_or_default();
    if offset < 0 { (size, 0) } else { (0, size) }
}

#[cfg(test)]
mod tests;
