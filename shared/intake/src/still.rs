//! PNG and JPEG files: decoded by our own decoders, inside of limits, with their turn and their transparency.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageReader, Limits, Rgb, RgbImage};

use domain::asset::{Format, Medium, Refusal, Refused};
use engine::{EngineError, Tools};

use crate::icc::Profile;
use crate::{Inspection, IntakeError, Sizes, jpeg};

/// What a JPEG can have; panoramas and scrolled screens are long, so that the area is what counts.
const SIDE_MAX: u32 = 65_535;
/// The largest phone image has 200 million; a video of ours shows two.
pub(super) const PIXELS_MAX: u64 = 64_000_000;
/// A decoded image of that many pixels with alpha.
const DECODE_BYTES_MAX: u64 = 320 * MEBIBYTE;
const MEBIBYTE: u64 = 1024 * 1024;

/// Decodes it once, so that what passes can be prepared.
pub(super) fn inspect(
    tools: &Tools,
    path: &Path,
    format: Format,
    size_bytes: u64,
) -> Result<Inspection, IntakeError> {
    let bytes = fs::read(path).map_err(EngineError::io("read", path))?;
    within_limits(&bytes, format)?;
    let (image, rotation_deg) = upright(path, format)?;
    if format == Format::Jpeg {
        jpeg::is_sound(tools, path, &bytes)?;
    }
    Ok(Inspection {
        format,
        medium: Medium::Image,
        size_bytes,
        duration_ms: 0,
        shown: Some((image.width(), image.height())),
        sizes: Sizes::One,
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
        return match (side(16), side(20)) {
            (Some(width), Some(height)) => too_many_pixels(width, height),
            _ => Err(cut()),
        };
    }
    jpeg::first(bytes)?;
    Ok(())
}

/// The limit of any image or frame, by its area.
pub(super) fn too_many_pixels(width: u32, height: u32) -> Result<(), Refused> {
    let pixels = u64::from(width) * u64::from(height);
    let reason = if pixels > PIXELS_MAX {
        let most = PIXELS_MAX / 1_000_000;
        format!("it is {width}x{height}: at most {most} million pixels are taken")
    } else if width.max(height) > SIDE_MAX {
        format!("it is {width}x{height}: at most {SIDE_MAX} pixels a side are taken")
    } else {
        return Ok(());
    };
    Err(Refusal::TooManyPixels.because(reason))
}

/// The image as it is meant to be seen, and the turn that the file asked for.
pub(super) fn upright(path: &Path, format: Format) -> Result<(DynamicImage, i32), IntakeError> {
    let Decoded {
        mut image,
        orientation,
        ..
    } = decoded(path, format)?;
    image.apply_orientation(orientation);
    Ok((image, degrees(orientation)))
}

/// The same in sRGB.
pub(super) fn upright_srgb(path: &Path, format: Format) -> Result<DynamicImage, IntakeError> {
    let (mut image, orientation) = in_srgb(path, format)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// An image in sRGB, and the turn that it wants; a profile that cannot be read is passed over.
pub(super) fn in_srgb(path: &Path, format: Format) -> Result<(DynamicImage, Orientation), IntakeError> {
    let Decoded {
        image,
        orientation,
        profile,
    } = decoded(path, format)?;
    let Some(profile) = profile.and_then(|bytes| Profile::read(&bytes)) else {
        return Ok((image, orientation));
    };
    if format != Format::Jpeg || !profile.is_of_inks() {
        return Ok((profile.to_srgb(image), orientation));
    }
    let bytes = fs::read(path).map_err(EngineError::io("read", path))?;
    let inks = profile.inks_to_srgb(&bytes);
    Ok((inks.map_or(image, DynamicImage::from), orientation))
}

/// What is in a file, as it lies there.
struct Decoded {
    image: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

fn decoded(path: &Path, format: Format) -> Result<Decoded, IntakeError> {
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
    let mut decoder = reader.into_decoder().map_err(|error| refused(error, path))?;
    let (width, height) = decoder.dimensions();
    too_many_pixels(width, height)?;
    let orientation = decoder.orientation().map_err(|error| refused(error, path))?;
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refused(error, path))?;
    Ok(Decoded {
        image,
        orientation,
        profile,
    })
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

/// The uploader's fault, unless the machine could not read the file.
fn refused(error: ImageError, path: &Path) -> IntakeError {
    let text = error.to_string();
    let refused = match error {
        ImageError::IoError(cause) if cause.raw_os_error().is_some() => {
            return EngineError::io("read", path)(cause).into();
        }
        ImageError::Limits(_) => {
            let most = DECODE_BYTES_MAX / MEBIBYTE;
            Refusal::TooManyPixels.because(format!("it takes more than {most} MiB to decode"))
        }
        ImageError::IoError(cause) if cause.kind() == ErrorKind::UnexpectedEof => cut(),
        _ if text.contains("unexpected end") || text.contains("UnexpectedEof") => cut(),
        ImageError::Unsupported(_) => {
            Refusal::CodecNotAllowed.because("it is of a form of its format that is not taken")
        }
        _ => Refusal::Corrupt.because("its image is damaged or incomplete"),
    };
    refused.into()
}

fn cut() -> Refused {
    Refusal::Truncated.because("the end of the image is missing")
}

fn degrees(orientation: Orientation) -> i32 {
    match orientation {
        Orientation::NoTransforms | Orientation::FlipHorizontal => 0,
        Orientation::Rotate90 | Orientation::Rotate90FlipH => 90,
        Orientation::Rotate180 | Orientation::FlipVertical => 180,
        Orientation::Rotate270 | Orientation::Rotate270FlipH => 270,
    }
}
