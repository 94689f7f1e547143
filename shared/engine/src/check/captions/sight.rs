//! Tells on which frame a caption was first seen, whatever is behind it.

use crate::blend::FULL;
use crate::number::{real, real_u64};
use crate::overlay::Overlay;
use crate::yuv_image::YuvImage;

/// What the frames around a mark show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// The number of the first frame with the new look.
    At(u64),
    /// None of the frames has it.
    Never,
    /// The background looks the same, or too little of the caption changes.
    Unclear,
}

/// Levels between two looks below which the encoder's noise could hide the change.
const CONTRAST_MIN: u8 = 40;
/// Mean distance in levels at which a look counts as there; the encoder's noise is about 5.
const NOISE_MAX: f64 = 26.0;
/// Fewer samples than this are no proof.
const SAMPLES_MIN: usize = 12;
/// How much two backgrounds may shine through paint that counts as solid.
const SHINE_MAX: u8 = 4;

/// A sample of a frame and the values it has with each look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    place: usize,
    after: u8,
    before: Option<u8>,
}

/// The samples of a band of the frame that are solid paint after a change and were not the same before it.
pub(super) fn samples(
    frame: (u32, u32),
    band: (usize, usize),
    before: Option<&Overlay>,
    after: &Overlay,
) -> Vec<Sample> {
    let before = before.map(|overlay| solid(frame, band, overlay));
    let known = |place: usize| before.as_ref()?.get(place).copied().flatten();
    solid(frame, band, after)
        .into_iter()
        .enumerate()
        .filter_map(|(place, value)| {
            let (after, before) = (value?, known(place));
            let differs = before.is_none_or(|before| before.abs_diff(after) >= CONTRAST_MIN);
            differs.then_some(Sample { place, after, before })
        })
        .collect()
}

/// The first frame with the new look.
///
/// A look that is there from the first frame on came too early, when nothing else can explain it: the change stands
/// `alone`, and the old look is known everywhere or the new one has both light and dark paint.
pub(super) fn first<F: AsRef<[u8]>>(
    (samples, alone): (&[Sample], bool),
    frames: impl Iterator<Item = (u64, F)>,
) -> Sight {
    if samples.len() < SAMPLES_MIN {
        return Sight::Unclear;
    }
    for (count, (number, frame)) in frames.enumerate() {
        if shown(samples, frame.as_ref()) {
            let proven = alone && is_telling(samples);
            return if count == 0 && number > 0 && !proven {
                Sight::Unclear
            } else {
                Sight::At(number)
            };
        }
    }
    Sight::Never
}

/// Whether no plain background could be taken for the new look.
fn is_telling(samples: &[Sample]) -> bool {
    let count = |is: fn(&Sample) -> bool| samples.iter().filter(|sample| is(sample)).count();
    count(|sample| sample.before.is_some()) == samples.len()
        || count(|sample| sample.after < 70).min(count(|sample| sample.after > 180)) >= SAMPLES_MIN
}

fn shown(samples: &[Sample], frame: &[u8]) -> bool {
    let (mut to_after, mut to_before, mut known) = (0_u64, 0_u64, 0_usize);
    for sample in samples {
        let value = frame.get(sample.place).copied().unwrap_or_default();
        to_after += u64::from(value.abs_diff(sample.after));
        if let Some(before) = sample.before {
            to_before += u64::from(value.abs_diff(before));
            known += 1;
        }
    }
    let after = real_u64(to_after) / real(samples.len());
    // Where the old look is known everywhere, the nearer one of the two is on screen.
    if known == samples.len() {
        to_after < to_before
    } else {
        after <= NOISE_MAX
    }
}

/// The values of a band wherever nothing shines through an overlay.
fn solid((width, height): (u32, u32), band: (usize, usize), overlay: &Overlay) -> Vec<Option<u8>> {
    let [dark, bright] = [0, 255].map(|level| {
        let mut yuv = YuvImage::black(width, height);
        for plane in yuv.planes_mut() {
            plane.fill(level);
        }
        overlay.blend(&mut yuv, FULL);
        cropped(&yuv, band)
    });
    dark.into_iter()
        .zip(bright)
        .map(|(dark, bright)| (dark.abs_diff(bright) <= SHINE_MAX).then_some(dark))
        .collect()
}

/// Some rows of all planes, in the order in which ffmpeg writes them.
fn cropped(yuv: &YuvImage, (top, height): (usize, usize)) -> Vec<u8> {
    let width = yuv.width;
    let [luma, blue, red] = yuv.planes();
    let rows = |plane: &[u8], width: usize, divisor: usize| -> Vec<u8> {
        let bytes = plane.iter().skip(top / divisor * width);
        bytes.take(height / divisor * width).copied().collect()
    };
    [
        rows(luma, width, 1),
        rows(blue, width / 2, 2),
        rows(red, width / 2, 2),
    ]
    .concat()
}
