//! A block of text on its own, as a drawing with transparency and its place in the frame.

use tiny_skia::Pixmap;

use crate::captions::soften;
use crate::cards::canvas::{Canvas, rounded};
use crate::cards::typeset::{Room, Side, fit};
use crate::colour::Colour;
use crate::composition::{Align, TextBlock};
use crate::fonts::Fonts;
use crate::number::{floor_i32, index, low_byte, round_u32};

/// Air around the letters, in parts of their size: on a plate, and for the shadow.
const PAD_EM: [f64; 2] = [0.62, 0.34];
/// Roundness of a plate, in parts of the letters' size.
const ROUND_EM: f64 = 0.28;
/// How far a shadow reaches, in parts of the letters' size, and how dark it is.
const SHADOW: (f64, u32) = (0.12, 190);
/// From here on the plate, and no longer the scene, decides whether letters can be read.
const OPAQUE: f64 = 0.5;
/// WCAG AA; a colour with less against its plate is moved towards white or black.
const CONTRAST_MIN: f64 = 4.5;
/// Letters are not set smaller than this part of what was asked.
const SMALLEST: f64 = 0.42;

/// Draws a block for a frame; `None` when no letter of it can be drawn.
pub(crate) fn text_block(
    fonts: &mut Fonts,
    block: &TextBlock,
    frame: (u32, u32),
) -> Option<(Pixmap, i32, i32)> {
    let (width, height) = (f64::from(frame.0), f64::from(frame.1));
    let unit = width.min(height) / 1080.0;
    let size = block.font_px * unit;
    let [across, down] = PAD_EM.map(|pad| pad * size);
    let asked = width * block.width_pct / 100.0;
    let room = Room {
        width: (asked - 2.0 * across).max(size),
        height: height * 0.9,
        sizes: [size, size * SMALLEST],
        lines_max: block.lines_max,
        weight: block.weight,
    };
    let text = fit(fonts, block.text.trim(), room);
    if text.width() <= 0.0 {
        return None;
    }
    let full = block.plate.is_some_and(|plate| plate.full_width);
    let inner = if full { asked - 2.0 * across } else { text.width() };
    let even = |length: f64| round_u32((length / 2.0).ceil()) * 2;
    let (wide, tall) = (even(inner + 2.0 * across), even(text.height() + 2.0 * down));
    let language = fonts.language().clone();
    let start = match block.align {
        Align::Centre => Side::Centre,
        Align::Start => Side::Start,
    };
    let write = |canvas: &mut Canvas, colour: Colour| {
        let left = (f64::from(wide) - inner) / 2.0;
        let top = (f64::from(tall) - text.height()) / 2.0;
        text.draw(canvas, [left, top, inner], (start, &language), colour);
    };
    let mut canvas = Canvas::new(wide, tall).ok()?;
    if let Some(plate) = block.plate {
        let round = if full { 0.0 } else { ROUND_EM * size };
        let shape = rounded(0.0, 0.0, [f64::from(wide), f64::from(tall)], round);
        canvas.fill(shape, plate.colour, plate.opacity);
    } else {
        write(&mut canvas, Colour::BLACK);
        canvas = canvas.map_pixels(|pixels| shadow(pixels, index(round_u32(size * SHADOW.0)).max(1)));
    }
    let ink = match block.plate {
        Some(plate) if plate.opacity >= OPAQUE => block.colour.readable_on(plate.colour, CONTRAST_MIN),
        _ => block.colour,
    };
    write(&mut canvas, ink);
    let place = |middle_pct: f64, length: f64, own: u32| {
        let free = (length - f64::from(own)).max(0.0);
        floor_i32((length * middle_pct / 100.0 - f64::from(own) / 2.0).clamp(0.0, free))
    };
    let (x, y) = (place(block.x_pct, width, wide), place(block.y_pct, height, tall));
    Some((canvas.into_pixmap(), x, y))
}

/// Turns black letters into their own soft shadow.
fn shadow(pixels: &mut Pixmap, radius: usize) {
    let width = index(pixels.width());
    let mut cover: Vec<u8> = pixels
        .data()
        .chunks_exact(4)
        .filter_map(|pixel| pixel.last().copied())
        .collect();
    soften(&mut cover, width, radius);
    for (pixel, cover) in pixels.data_mut().chunks_exact_mut(4).zip(cover) {
        // Twice the blurred cover is a shadow that is dense near the letters and still soft outside.
        let alpha = (u32::from(cover) * 2).min(255) * SHADOW.1 / 255;
        let values = [0, 0, 0, low_byte(alpha)];
        pixel
            .iter_mut()
            .zip(values)
            .for_each(|(target, value)| *target = value);
    }
}
