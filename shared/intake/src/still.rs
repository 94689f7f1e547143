//! PNG and JPEG files: decoded by our own decoders, inside of limits, with their turn and their transparency.

use std::fs;
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageReader, Limits, Rgb, RgbImage};

use domain::asset::{Format, Medium, Refusal, Refused};
use engine::EngineError;

use crate::{Inspection, IntakeError};

/// Longer sides are of no camera, and of every bomb.
pub(super) const SIDE_MAX: u32 = 16_384;
/// The largest phone image has 200 million; a video of ours shows two.
pub(super) const PIXELS_MAX: u64 = 64_000_000;
/// A decoded image of that many pixels with alpha.
const DECODE_BYTES_MAX: u64 = 320 * 1024 * 1024;

/// Decodes it once, so that what passes can be prepared.
pub(super) fn inspect(path: &Path, format: Format, size_bytes: u64) -> Result<Inspection, IntakeError> {
    let bytes = fs::read(path).map_err(EngineError::io("read", path))?;
    within_limits(&bytes, format)?;
    let (image, rotation_deg) = upright(path, format)?;
    Ok(Inspection {
        format,
        medium: Medium::Image,
        size_bytes,
        duration_ms: 0,
        shown: Some((image.width(), image.height())),
        rotation_deg,
        hdr: false,
        video: None,
        audio: None,
    })
}

/// What the decoders do not say clearly: the size that a PNG claims, and the missing end of a JPEG, which they fill.
fn within_limits(bytes: &[u8], format: Format) -> Result<(), Refused> {
    if format == Format::Png {
        let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if let (Some(width), Some(height)) = (side(16), side(20))
            && width.max(height) > SIDE_MAX
        {
            return Err(Refusal::TooManyPixels.because(format!("it is {width}x{height}")));
        }
        return Ok(());
    }
    // A scan (FF DA) without an end of image (FF D9) after it; neither can be part of the coded data.
    let last = |marker: &[u8]| bytes.windows(2).rposition(|pair| pair == marker);
    match (last(b"\xff\xda"), last(b"\xff\xd9")) {
        (Some(scan), Some(end)) if end > scan => Ok(()),
        _ => Err(Refusal::Truncated.because("the end of the image is missing")),
    }
}

/// The image as it is meant to be seen, and the turn that the file asked for.
pub(super) fn upright(path: &Path, format: Format) -> Result<(DynamicImage, i32), IntakeError> {
    let mut reader = ImageReader::open(path).map_err(EngineError::io("open", path))?;
    reader.set_format(match format {
        Format::Jpeg => image::ImageFormat::Jpeg,
        _ => image::ImageFormat::Png,
    });
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Refusal::TooManyPixels
            .because(format!("it is {width}x{height}"))
            .into());
    }
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    image.apply_orientation(orientation);
    Ok((image, degrees(orientation)))
}

/// What shines through is white, as paper is.
pub(super) fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    ImageBuffer::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|level| over_white(level, alpha)))
    })
}

fn over_white(level: u8, alpha: u8) -> u8 {
    let (level, alpha) = (u32::from(level), u32::from(alpha));
    let mixed = (level * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

fn refused(error: &ImageError) -> Refused {
    let text = error.to_string();
    match error {
        ImageError::Limits(_) => Refusal::TooManyPixels.because(text),
        ImageError::IoError(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
            Refusal::Truncated.because(text)
        }
        _ if text.contains("unexpected end") || text.contains("UnexpectedEof") => {
            Refusal::Truncated.because(text)
        }
        _ => Refusal::Corrupt.because(text),
    }
}

fn degrees(orientation: Orientation) -> i32 {
    match orientation {
        Orientation::NoTransforms | Orientation::FlipHorizontal => 0,
        Orientation::Rotate90 | Orientation::Rotate90FlipH => 90,
        Orientation::Rotate180 | Orientation::FlipVertical => 180,
        Orientation::Rotate270 | Orientation::Rotate270FlipH => 270,
    }
}
