//! What lies over all scenes but under the captions: vignette, logo, progress bar, blocks of text.

use image::imageops::{FilterType, resize};
use image::{DynamicImage, ImageReader, RgbaImage};
use tiny_skia::{IntSize, Pixmap};

use crate::blend::dimmed;
use crate::blend::{FULL, weight};
use crate::cards::text_block;
use crate::composition::{Composition, Corner, Edge, Entrance, Logo, ProgressBar, TextBlock};
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::motion::smooth;
use crate::number::{byte, floor_i32, index, real, real_u64, round_u32, round_usize};
use crate::overlay::Overlay;
use crate::safe_area::SafeArea;
use crate::vignette::Vignette;
use crate::yuv_image::{Canvas, limits, premultiplied};

/// How long a text comes and goes.
const FADE_MS: f64 = 300.0;
/// How far a rising text comes from, when the shorter side of the frame is 1080 pixels.
const RISE_PX: f64 = 56.0;
/// How much of the frame is seen through the part of the bar that has not been played.
const TRACK_OPACITY: f64 = 0.28;

/// Everything of a composition that is drawn once and laid over many frames.
#[derive(Debug)]
pub(crate) struct Overlays<'a> {
    vignette: Option<Vignette>,
    logo: Option<(Overlay, u16)>,
    bar: Option<(ProgressBar, f64)>,
    texts: Vec<(&'a TextBlock, Overlay)>,
    /// Pixels of the frame for one of the design.
    unit: f64,
}

impl<'a> Overlays<'a> {
    /// # Errors
    /// [`EngineError::Io`] and [`EngineError::Image`] for the logo's file.
    pub(crate) fn new(fonts: &mut Fonts, composition: &'a Composition) -> Result<Self, EngineError> {
        let frame = (composition.width, composition.height);
        let area = composition
            .captions
            .as_ref()
            .map_or(SafeArea::Frame, |captions| captions.safe_area);
        let logo = match &composition.logo {
            Some(logo) => Some((draw_logo(logo, frame, area)?, weight(logo.opacity))),
            None => None,
        };
        let texts = composition.texts.iter().filter_map(|block| {
            let (pixmap, x, y) = text_block(fonts, block, frame)?;
            Some((block, Overlay::new(&pixmap, x, y)))
        });
        Ok(Self {
            vignette: Vignette::new((index(frame.0), index(frame.1)), composition.vignette),
            logo,
            texts: texts.collect(),
            bar: composition
                .progress_bar
                .map(|bar| (bar, real_u64(composition.duration_ms()))),
            unit: f64::from(frame.0.min(frame.1)) / 1080.0,
        })
    }

    /// `brightness` is that of the scenes: what lies over them comes from black and goes to black with them.
    pub(crate) fn draw(&self, frame: &mut dyn Canvas, now_ms: f64, brightness: u16) {
        if let Some(vignette) = &self.vignette {
            vignette.draw(frame);
        }
        if let Some((logo, opacity)) = &self.logo {
            logo.blend(frame, dimmed(*opacity, brightness));
        }
        if let Some((bar, length_ms)) = &self.bar {
            draw_bar(frame, *bar, (now_ms / length_ms, self.unit), brightness);
        }
        for (block, overlay) in &self.texts {
            if let Some((strength, rise)) = shown(block, now_ms) {
                let down = floor_i32(rise * RISE_PX * self.unit);
                overlay.blend_moved(frame, (0, down), dimmed(strength, brightness));
            }
        }
    }
}

/// How strongly a text is seen at a moment, and the part of its rise that is left.
fn shown(block: &TextBlock, now_ms: f64) -> Option<(u16, f64)> {
    let (since, left) = (now_ms - real_u64(block.start_ms), real_u64(block.end_ms) - now_ms);
    if since < 0.0 || left <= 0.0 {
        return None;
    }
    let coming = match block.entrance {
        Entrance::Cut => 1.0,
        Entrance::Fade | Entrance::Rise => smooth(since / FADE_MS),
    };
    let rise = match block.entrance {
        Entrance::Rise => (1.0 - (since / (FADE_MS * 1.6)).min(1.0)).powi(3),
        Entrance::Fade | Entrance::Cut => 0.0,
    };
    let strength = weight(coming.min(smooth(left / FADE_MS)));
    (strength > 0).then_some((strength, rise))
}

/// In its corner, with its longer side as asked.
fn draw_logo(logo: &Logo, frame: (u32, u32), area: SafeArea) -> Result<Overlay, EngineError> {
    let unreadable = |source| EngineError::Image {
        path: logo.path.clone(),
        source,
    };
    let mut reader = ImageReader::open(&logo.path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(EngineError::io("open", &logo.path))?;
    reader.limits(limits());
    let image = reader.decode().map_err(unreadable)?;
    let longest = f64::from(image.width().max(image.height())).max(1.0);
    let wanted = f64::from(frame.0.min(frame.1)) * logo.size_pct / 100.0;
    let side = |side: u32| (round_u32(f64::from(side) * wanted / longest / 2.0) * 2).max(2);
    let (width, height) = (side(image.width()), side(image.height()));
    let pixmap = premultiplied_pixels(&image, (width, height))
        .ok_or_else(|| EngineError::media(&logo.path, "it has no pixels"))?;
    let [left, top, right, bottom] = area.limits((index(frame.0), index(frame.1)));
    let (far_x, far_y) = (right - f64::from(width), bottom - f64::from(height));
    let (x, y) = match logo.corner {
        Corner::TopLeft => (left, top),
        Corner::TopRight => (far_x, top),
        Corner::BottomLeft => (left, far_y),
        Corner::BottomRight => (far_x, far_y),
    };
    Ok(Overlay::new(&pixmap, floor_i32(x), floor_i32(y)))
}

/// Colours are multiplied by their alpha before they are made smaller, or the hidden ones would shine through.
fn premultiplied_pixels(image: &DynamicImage, (width, height): (u32, u32)) -> Option<Pixmap> {
    let mut pixels: RgbaImage = image.to_rgba8();
    for pixel in pixels.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let share = f64::from(alpha) / 255.0;
        let [red, green, blue] = [red, green, blue].map(|value| byte(f64::from(value) * share));
        pixel.0 = [red, green, blue, alpha];
    }
    let mut small = resize(&pixels, width, height, FilterType::Triangle);
    // Rounding may leave a colour one above its alpha.
    for pixel in small.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let [red, green, blue] = [red, green, blue].map(|value| value.min(alpha));
        pixel.0 = [red, green, blue, alpha];
    }
    Pixmap::from_vec(small.into_raw(), IntSize::from_wh(width, height)?)
}

/// A flat band; the end of the played part lies between two pixels.
fn draw_bar(frame: &mut dyn Canvas, bar: ProgressBar, (share, unit): (f64, f64), brightness: u16) {
    let (width, height) = frame.size();
    let rows = (round_usize(bar.height_px * unit / 2.0) * 2).clamp(2, height);
    let full = [bar.colour.red, bar.colour.green, bar.colour.blue].map(f64::from);
    let wanted = premultiplied(full, 255.0);
    let widths = [width, width / 2, width / 2];
    let light = f64::from(brightness) / f64::from(FULL);
    for (plane, ((samples, width), wanted)) in
        frame.planes_mut().into_iter().zip(widths).zip(wanted).enumerate()
    {
        let half = plane.min(1);
        let (rows, height) = (rows >> half, height >> half);
        let first = match bar.edge {
            Edge::Top => 0,
            Edge::Bottom => height - rows,
        };
        let played = share.clamp(0.0, 1.0) * real(width);
        let band = samples.chunks_exact_mut(width.max(1)).skip(first).take(rows);
        for row in band {
            for (x, value) in row.iter_mut().enumerate() {
                let solid = (played - real(x)).clamp(0.0, 1.0);
                let cover = (solid + (1.0 - solid) * TRACK_OPACITY) * light;
                *value = byte(f64::from(*value) + (wanted - f64::from(*value)) * cover);
            }
        }
    }
}

#[cfg(test)]
mod tests;
