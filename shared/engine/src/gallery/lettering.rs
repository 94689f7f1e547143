//! The names on the sheet, and its file.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use tiny_skia::{FillRule, Mask, Transform};

use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::gallery::INK;
use crate::number::{byte, count, index, single};
use crate::text::TextStyle;

/// In pixels of the sheet.
const SIZE: f32 = 19.0;
/// No ringing around type, and a sheet of less than 300 kB.
const QUALITY: u8 = 66;

/// Writes a name around a point.
pub(super) fn write(fonts: &mut Fonts, sheet: &mut RgbImage, text: &str, (x, y): (u32, u32)) {
    let line = fonts.shape(text, TextStyle::new(SIZE, 600));
    let left = single(f64::from(x)) - line.width / 2.0;
    let baseline = single(f64::from(y)) + SIZE * 0.36;
    let letters = line.outline(&(0..usize::MAX), left, baseline);
    let mask = letters.zip(Mask::new(sheet.width(), sheet.height()));
    let Some((letters, mut mask)) = mask else { return };
    mask.fill_path(&letters, FillRule::Winding, true, Transform::identity());
    let width = index(sheet.width()).max(1);
    let covers = mask.data().iter().enumerate().filter(|(_, cover)| **cover > 0);
    for (place, cover) in covers {
        let pixel = sheet.get_pixel_mut(count(place % width), count(place / width));
        for (value, ink) in pixel.0.iter_mut().zip(INK) {
            let share = f64::from(*cover) / 255.0;
            *value = byte(f64::from(*value) * (1.0 - share) + f64::from(ink) * share);
        }
    }
}

/// PNG, or JPEG for `.jpg` and `.jpeg`.
pub(super) fn save(sheet: &RgbImage, out: &Path) -> Result<(), EngineError> {
    let ending = out
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let outcome = if ["jpg", "jpeg"].contains(&ending) {
        let file = File::create(out).map_err(EngineError::io("create", out))?;
        JpegEncoder::new_with_quality(BufWriter::new(file), QUALITY).encode_image(sheet)
    } else {
        sheet.save_with_format(out, image::ImageFormat::Png)
    };
    outcome.map_err(|source| EngineError::Image {
        path: out.to_path_buf(),
        source,
    })
}
