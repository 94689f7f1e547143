//! The lower third: a line on a dark plate with a bar in the accent colour.

use crate::blend::weight;
use crate::captions::brush::Brush;
use crate::captions::page_art::{BASELINE_EM, even};
use crate::colour::Colour;
use crate::composition::{CaptionColours, Composition, LowerThird};
use crate::fonts::Fonts;
use crate::motion::smooth;
use crate::number::{floor_i32, real_u64, single};
use crate::overlay::Overlay;
use crate::shape::rounded;
use crate::text::TextStyle;

/// How long it comes and goes.
const FADE_MS: f64 = 250.0;
/// The bold that every family of ours has.
const WEIGHT: u16 = 700;
/// It keeps this part of the height free above and below.
const SAFE_HEIGHT: f64 = 0.06;

/// The lower third, drawn once.
#[derive(Debug)]
pub(crate) struct LowerThirdTrack<'a> {
    lower_third: &'a LowerThird,
    overlay: Overlay,
}

impl<'a> LowerThirdTrack<'a> {
    /// `None` when no letter of it can be drawn.
    pub(crate) fn new(
        fonts: &mut Fonts,
        composition: &Composition,
        lower_third: &'a LowerThird,
    ) -> Option<Self> {
        let frame = (composition.width, composition.height);
        let accent = composition
            .captions
            .as_ref()
            .map_or_else(Default::default, |captions| captions.colours);
        let overlay = draw(fonts, lower_third, frame, accent)?;
        Some(Self { lower_third, overlay })
    }

    /// What to lay over the frame at a moment, and how strongly.
    pub(crate) fn at(&self, now_ms: f64) -> Option<(&Overlay, u16)> {
        let (start, end) = (
            real_u64(self.lower_third.start_ms),
            real_u64(self.lower_third.end_ms),
        );
        let nearest = (now_ms - start).min(end - now_ms);
        let strength = weight(smooth(nearest / FADE_MS));
        (strength > 0).then_some((&self.overlay, strength))
    }
}

fn draw(
    fonts: &mut Fonts,
    lower_third: &LowerThird,
    frame: (u32, u32),
    colours: CaptionColours,
) -> Option<Overlay> {
    let unit = f64::from(frame.0.min(frame.1)) / 1080.0;
    let text = fonts.drawable(lower_third.text.trim());
    let mut style = TextStyle::new(single(42.0 * unit), WEIGHT);
    let widest = single(f64::from(frame.0) * 0.76);
    let natural = fonts.width(&text, style);
    if natural > widest {
        style.size *= widest / natural;
    }
    let mut line = fonts.shape(&text, style);
    line.width = line.width.min(widest);
    let (pad, bar, height) = (style.size * 0.7, style.size * 0.18, style.size * 2.0);
    let width = line.width + 2.0 * pad + bar;
    let mut brush = Brush::blank(even(width), even(height))?;
    let plate = rounded([0.0, 0.0], [width, height], style.size * 0.3)?;
    brush.fill(&plate, Colour::rgb(0x10_12_18), 0.78);
    let accent = rounded([0.0, 0.0], [bar, height], bar * 0.4)?;
    brush.fill(&accent, colours.active, 1.0);
    let letters = line.outline(
        &(0..usize::MAX),
        bar + pad,
        height / 2.0 + style.size * BASELINE_EM,
    )?;
    brush.fill(&letters, Colour::WHITE, 1.0);
    let drawing = brush.finish();
    let (x, y) = place(
        frame,
        (drawing.width(), drawing.height()),
        lower_third.position_pct,
    );
    Some(Overlay::new(&drawing, x, y))
}

/// In the middle of the width, its own middle at a part of the height.
fn place(frame: (u32, u32), (width, height): (u32, u32), position_pct: f64) -> (i32, i32) {
    let frame_height = f64::from(frame.1);
    let free = frame_height * (1.0 - SAFE_HEIGHT) - f64::from(height);
    let y = (frame_height * position_pct / 100.0 - f64::from(height) / 2.0)
        .clamp(frame_height * SAFE_HEIGHT, free.max(frame_height * SAFE_HEIGHT));
    (
        floor_i32((f64::from(frame.0) - f64::from(width)) / 2.0),
        floor_i32(y),
    )
}
