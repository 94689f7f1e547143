//! An image as the encoder wants it: planar 4:2:0, BT.709, limited range.

use std::path::Path;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{CropBox, FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};

use crate::blend::{FULL, weight};
use crate::colour::Colour;
use crate::composition::Tint;
use crate::error::EngineError;
use crate::number::{byte, byte_i32, index, real, round_u32};

/// Largest image taken, per side; the product refuses bigger uploads by name.
const IMAGE_SIDE_MAX: u32 = 16_384;
/// Memory a decoder may use: a 100-megapixel RGB image.
const DECODE_BYTES_MAX: u64 = 320 * 1024 * 1024;

/// Rows that are scaled at once; even.
const BAND: u32 = 128;

/// Luma of black in limited range.
pub(crate) const BLACK_LUMA: u8 = 16;
/// Chroma of every grey.
pub(crate) const GREY_CHROMA: u8 = 128;

/// What frames are drawn on: an image of ours, or memory of the encoder's.
pub(crate) trait Canvas {
    /// Width and height of luma; even.
    fn size(&self) -> (usize, usize);

    /// Y, U, V.
    fn planes_mut(&mut self) -> [&mut [u8]; 3];
}

/// The planes of a frame that lie one after another.
pub(crate) fn split(data: &mut [u8], (width, height): (usize, usize)) -> [&mut [u8]; 3] {
    let (luma, chroma) = data.split_at_mut(width * height);
    let half = chroma.len() / 2;
    let (blue, red) = chroma.split_at_mut(half);
    [luma, blue, red]
}

/// Three planes in one buffer, in the order in which ffmpeg reads `yuv420p`: Y, U, V.
///
/// # Limits
/// Width and height are even.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YuvImage {
    pub(crate) width: usize,
    pub(crate) height: usize,
    data: Vec<u8>,
}

impl YuvImage {
    pub(crate) fn black(width: u32, height: u32) -> Self {
        let (width, height) = (index(width), index(height));
        let mut data = vec![GREY_CHROMA; width * height * 3 / 2];
        data.iter_mut()
            .take(width * height)
            .for_each(|luma| *luma = BLACK_LUMA);
        Self { width, height, data }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.data
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// Lays a colour evenly over it.
    pub(crate) fn tint(&mut self, tint: Tint) {
        let share = weight(tint.opacity);
        let Colour { red, green, blue } = tint.colour;
        let wanted = premultiplied([red, green, blue].map(f64::from), 255.0).map(byte);
        for (plane, wanted) in self.planes_mut().into_iter().zip(wanted) {
            for value in plane {
                let sum = u16::from(*value)
                    .wrapping_mul(FULL - share)
                    .wrapping_add(u16::from(wanted).wrapping_mul(share));
                // At most 255 * 256 + 128, which fits; wrapping keeps the development build fast.
                [*value, _] = sum.wrapping_add(FULL / 2).to_be_bytes();
            }
        }
    }

    /// Y, U, V.
    pub(crate) fn planes(&self) -> [&[u8]; 3] {
        let (luma, chroma) = self.data.split_at(self.width * self.height);
        let (blue, red) = chroma.split_at(chroma.len() / 2);
        [luma, blue, red]
    }

    /// Y, U, V.
    pub(crate) fn planes_mut(&mut self) -> [&mut [u8]; 3] {
        split(&mut self.data, (self.width, self.height))
    }

    /// Converts an RGB image; an odd last row or column is dropped.
    pub(crate) fn from_rgb(image: &RgbImage) -> Self {
        let mut yuv = Self::black(image.width() & !1, image.height() & !1);
        yuv.write_rows(0, image.as_raw(), index(image.width()) * 3);
        yuv
    }

    /// Converts rows of RGB pixels, each of `stride` bytes, and lays them down from an even row on.
    fn write_rows(&mut self, first: usize, rows: &[u8], stride: usize) {
        let width = self.width;
        let [luma, blue, red] = self.planes_mut();
        let outs = luma.chunks_exact_mut(width).skip(first);
        for (row, out) in rows.chunks_exact(stride).zip(outs) {
            for (pixel, out) in row.as_chunks::<3>().0.iter().zip(out) {
                *out = luma_of(pixel.map(i32::from));
            }
        }
        let outs = blue
            .chunks_exact_mut(width / 2)
            .zip(red.chunks_exact_mut(width / 2))
            .skip(first / 2);
        for (rows, (blue, red)) in rows.chunks_exact(stride * 2).zip(outs) {
            let (upper, lower) = rows.split_at(stride);
            let blocks = upper.as_chunks::<6>().0.iter().zip(lower.as_chunks::<6>().0);
            for ((upper, lower), (blue, red)) in blocks.zip(blue.iter_mut().zip(red)) {
                let mean = mean_of_block(*upper, *lower);
                (*blue, *red) = chroma_of(mean);
            }
        }
    }
}

impl Canvas for YuvImage {
    fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    fn planes_mut(&mut self) -> [&mut [u8]; 3] {
        split(&mut self.data, (self.width, self.height))
    }
}

/// Loads a JPEG or PNG upright, crops it to the frame's aspect and brings it to `magnification` times the frame.
///
/// # Errors
/// [`EngineError::Io`] when the file cannot be opened, [`EngineError::Image`] when it is no image or too large.
pub(crate) fn load(path: &Path, frame: (u32, u32), magnification: f64) -> Result<YuvImage, EngineError> {
    let reader = ImageReader::open(path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(EngineError::io("open", path))?;
    let image = decode(reader).map_err(|source| EngineError::Image {
        path: path.to_path_buf(),
        source,
    })?;
    let even = |side: u32| (round_u32(f64::from(side) * magnification / 2.0) * 2).max(2);
    cover(&image, even(frame.0), even(frame.1)).ok_or_else(|| EngineError::media(path, "it has no pixels"))
}

/// What a decoder may use.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(IMAGE_SIDE_MAX);
    limits.max_image_height = Some(IMAGE_SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    limits
}

fn decode(mut reader: ImageReader<std::io::BufReader<std::fs::File>>) -> Result<RgbImage, image::ImageError> {
    reader.limits(limits());
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image.into_rgb8())
}

/// The middle of an image, scaled so that it fills a frame; `None` only for an image without pixels.
///
/// Scaled band by band, so that beside the image and the image there is a band and not a second image.
fn cover(image: &RgbImage, width: u32, height: u32) -> Option<YuvImage> {
    if image.dimensions() == (width, height) {
        return Some(YuvImage::from_rgb(image));
    }
    let (own_width, own_height) = image.dimensions();
    let source = ImageRef::new(own_width, own_height, image.as_raw(), PixelType::U8x3).ok()?;
    let whole = CropBox::fit_src_into_dst_size(own_width, own_height, width, height, None);
    // Catmull-Rom keeps type crisp without the halos of Lanczos around large letters.
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    let scale = whole.height / f64::from(height);
    let mut resizer = Resizer::new();
    let mut yuv = YuvImage::black(width, height);
    for first in (0..height).step_by(index(BAND)) {
        let mut band = Image::new(width, (height - first).min(BAND), PixelType::U8x3);
        let top = whole.top + f64::from(first) * scale;
        let rows = (f64::from(band.height()) * scale).min(f64::from(own_height) - top);
        let options = options.crop(whole.left, top, whole.width, rows);
        resizer.resize(&source, &mut band, &options).ok()?;
        yuv.write_rows(index(first), band.buffer(), index(width) * 3);
    }
    Some(yuv)
}

/// Mean of a 2x2 block of RGB pixels, times four.
fn mean_of_block(upper: [u8; 6], lower: [u8; 6]) -> [i32; 3] {
    let [red_a, green_a, blue_a, red_b, green_b, blue_b] = upper.map(i32::from);
    let [red_c, green_c, blue_c, red_d, green_d, blue_d] = lower.map(i32::from);
    [
        red_a + red_b + red_c + red_d,
        green_a + green_b + green_c + green_d,
        blue_a + blue_b + blue_c + blue_d,
    ]
}

/// # Source
/// ITU-R BT.709-6, item 3 and 4, limited range, 16-bit fixed point.
fn luma_of([red, green, blue]: [i32; 3]) -> u8 {
    byte_i32(i32::from(BLACK_LUMA) + ((11_966 * red + 40_254 * green + 4_064 * blue + 32_768) >> 16))
}

/// Takes four times the colour, as [`mean_of_block`] gives it.
fn chroma_of([red, green, blue]: [i32; 3]) -> (u8, u8) {
    let half = 1 << 17;
    let cb = (-6_596 * red - 22_189 * green + 28_785 * blue + half) >> 18;
    let cr = (28_785 * red - 26_145 * green - 2_640 * blue + half) >> 18;
    (
        byte_i32(i32::from(GREY_CHROMA) + cb),
        byte_i32(i32::from(GREY_CHROMA) + cr),
    )
}

/// Y, U and V of a colour that is already multiplied by its alpha; all in 0 to 255.
pub(crate) fn premultiplied(rgb: [f64; 3], alpha: f64) -> [f64; 3] {
    let [red, green, blue] = rgb;
    let cover = alpha / 255.0;
    [
        f64::from(BLACK_LUMA) * cover + 0.182_59 * red + 0.614_23 * green + 0.062_01 * blue,
        f64::from(GREY_CHROMA) * cover - 0.100_64 * red - 0.338_57 * green + 0.439_22 * blue,
        f64::from(GREY_CHROMA) * cover + 0.439_22 * red - 0.398_94 * green - 0.040_27 * blue,
    ]
}

/// Mean luma of a plane, for the checks and the thumbnail.
pub(crate) fn mean(plane: &[u8]) -> f64 {
    let sum: u64 = plane.iter().map(|value| u64::from(*value)).sum();
    crate::number::real_u64(sum) / real(plane.len()).max(1.0)
}

#[cfg(test)]
mod tests;
