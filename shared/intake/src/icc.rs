//! Colours by the profile that an image carries, brought to sRGB, which is what everything behind us takes them for.

use image::{DynamicImage, ImageBuffer, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// What Adobe's programs and everybody after them write into a JPEG of inks: its numbers are light then, not ink.
const ADOBE: &[u8] = b"\xff\xee\x00\x0eAdobe";

/// A profile that was read.
pub(crate) struct Profile(ColorProfile);

impl Profile {
    /// Reads one; `None` of what is none, which viewers pass over too.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        ColorProfile::new_from_slice(bytes).ok().map(Self)
    }

    /// Whether it tells what inks look like, so that the decoder's red, green and blue are a guess.
    pub(crate) fn is_of_inks(&self) -> bool {
        self.0.color_space == DataColorSpace::Cmyk
    }

    /// The image in sRGB; as it is where the profile does not fit it.
    pub(crate) fn to_srgb(&self, image: DynamicImage) -> DynamicImage {
        let has_alpha = image.color().has_alpha();
        match self.0.color_space {
            DataColorSpace::Rgb if has_alpha => {
                let mut image = image.into_rgba8();
                self.rows(&mut image, Layout::Rgba, 4);
                image.into()
            }
            DataColorSpace::Rgb => {
                let mut image = image.into_rgb8();
                self.rows(&mut image, Layout::Rgb, 3);
                image.into()
            }
            DataColorSpace::Gray if !has_alpha && !image.color().has_color() => {
                let grey = image.to_luma8();
                let size = grey.dimensions();
                let converted = self.converted(grey.as_raw(), Layout::Gray, size);
                converted.map_or(image, DynamicImage::from)
            }
            _ => image,
        }
    }

    /// A JPEG of inks, decoded once more without the guess; `None` where it is of another kind.
    pub(crate) fn inks_to_srgb(&self, jpeg: &[u8]) -> Option<RgbImage> {
        let options = DecoderOptions::default()
            .set_strict_mode(false)
            .set_max_width(usize::MAX)
            .set_max_height(usize::MAX);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
        decoder.decode_headers().ok()?;
        let own = decoder.input_colorspace()?;
        let (width, height) = decoder.dimensions()?;
        decoder.set_options(decoder.options().jpeg_set_out_colorspace(own));
        let mut inks = decoder.decode().ok()?;
        let is_light = jpeg.windows(ADOBE.len()).any(|part| part == ADOBE);
        for ink in inks.as_chunks_mut::<4>().0 {
            match own {
                ColorSpace::YCCK => *ink = from_ycck(*ink),
                ColorSpace::CMYK if is_light => *ink = ink.map(|level| 255 - level),
                ColorSpace::CMYK => {}
                _ => return None,
            }
        }
        let size = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        self.converted(&inks, Layout::Rgba, size)
    }

    /// Converts in place, row by row, so that no second image is in memory.
    fn rows(&self, levels: &mut [u8], layout: Layout, channels: usize) {
        let srgb = ColorProfile::new_srgb();
        let Ok(transform) = self.0.create_transform_8bit(layout, &srgb, layout, options()) else {
            return;
        };
        let mut row = vec![0; ROW_PIXELS * channels];
        for part in levels.chunks_mut(ROW_PIXELS * channels) {
            let Some(from) = row.get_mut(..part.len()) else {
                return;
            };
            from.copy_from_slice(part);
            if transform.transform(from, part).is_err() {
                // Nothing was written: the same part in its own colours.
                part.copy_from_slice(from);
            }
        }
    }

    fn converted(&self, levels: &[u8], layout: Layout, (width, height): (u32, u32)) -> Option<RgbImage> {
        let srgb = ColorProfile::new_srgb();
        let transform = self
            .0
            .create_transform_8bit(layout, &srgb, Layout::Rgb, options())
            .ok()?;
        let mut image: RgbImage = ImageBuffer::new(width, height);
        transform.transform(levels, &mut image).ok()?;
        Some(image)
    }
}

/// Pixels that are converted at once.
const ROW_PIXELS: usize = 16_384;

fn options() -> TransformOptions {
    TransformOptions::default()
}

/// Cyan, magenta, yellow and black of what Adobe's programs write: light in Y, Cb and Cr, and the light that black leaves.
fn from_ycck([luma, blue, red, light]: [u8; 4]) -> [u8; 4] {
    let (luma, blue, red) = (f64::from(luma), f64::from(blue) - 128.0, f64::from(red) - 128.0);
    let inks = [
        luma + 1.402 * red,
        luma - 0.344_136 * blue - 0.714_136 * red,
        luma + 1.772 * blue,
    ];
    let [cyan, magenta, yellow] = inks.map(engine::number::byte);
    [cyan, magenta, yellow, 255 - light]
}
