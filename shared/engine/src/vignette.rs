//! Darker corners: a mask that is made once and multiplied into every frame.

use crate::motion::smooth;
use crate::number::{byte, real};
use crate::yuv_image::{BLACK_LUMA, Canvas, GREY_CHROMA};

/// What is left of the light in a corner at full strength.
const CORNER: f64 = 0.22;
/// Where the shade begins, from the middle at 0 to a corner at 1.
const CLEAR: f64 = 0.42;

/// Shares of the light, each less one, so that 255 is all of it.
#[derive(Debug)]
pub(crate) struct Vignette {
    luma: Vec<u8>,
    chroma: Vec<u8>,
}

impl Vignette {
    /// `None` when there is nothing to darken.
    pub(crate) fn new((width, height): (usize, usize), strength: f64) -> Option<Self> {
        (strength > 0.0).then(|| Self {
            luma: mask((width, height), strength),
            chroma: mask((width / 2, height / 2), strength),
        })
    }

    /// Colours lose strength with the light, as they do behind a real lens.
    pub(crate) fn draw(&self, frame: &mut dyn Canvas) {
        let [luma, blue, red] = frame.planes_mut();
        shade(luma, &self.luma, BLACK_LUMA);
        shade(blue, &self.chroma, GREY_CHROMA);
        shade(red, &self.chroma, GREY_CHROMA);
    }
}

fn mask((width, height): (usize, usize), strength: f64) -> Vec<u8> {
    let across =
        |place: usize, length: usize| (2.0 * (real(place) + 0.5) / real(length.max(1)) - 1.0).powi(2);
    let mut mask = Vec::with_capacity(width * height);
    for y in 0..height {
        let down = across(y, height);
        mask.extend((0..width).map(|x| {
            let radius = f64::midpoint(across(x, width), down).sqrt();
            let shade = smooth((radius - CLEAR) / (1.0 - CLEAR)) * strength * (1.0 - CORNER);
            byte((1.0 - shade) * 256.0 - 1.0)
        }));
    }
    mask
}

/// At most 255 * 256 + 128, which fits; wrapping keeps the development build fast.
fn shade(plane: &mut [u8], mask: &[u8], floor: u8) {
    for (value, light) in plane.iter_mut().zip(mask) {
        let light = u16::from(*light) + 1;
        let sum = u16::from(*value)
            .wrapping_mul(light)
            .wrapping_add(u16::from(floor).wrapping_mul(256 - light));
        [*value, _] = sum.wrapping_add(128).to_be_bytes();
    }
}

#[cfg(test)]
mod tests;
