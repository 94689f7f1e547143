//! Paints outlines into a window of a larger drawing.

use tiny_skia::{
    Color, FillRule, IntRect, LineJoin, Mask, Paint, Path as Outline, PathBuilder, Pixmap, Rect, Shader,
    Stroke, Transform,
};

use crate::colour::Colour;
use crate::number::{byte, index};

/// Left, top, right and bottom in whole pixels; the last two exclusive, all even.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) right: u32,
    pub(super) bottom: u32,
}

impl Window {
    /// The whole of a drawing.
    pub(super) fn of(drawing: &Pixmap) -> Self {
        Self {
            left: 0,
            top: 0,
            right: drawing.width(),
            bottom: drawing.height(),
        }
    }
}

/// Pixels painted around a window and cut off again: a curve that leaves the drawing is cut in pieces there, and its
/// edge near the cut is not the one of the whole curve.
const EDGE: u32 = 8;

/// A window being painted in the coordinates of the whole drawing.
#[derive(Debug)]
pub(super) struct Brush {
    drawing: Pixmap,
    shift: Transform,
    /// What of the drawing is wanted; all of it when there is nothing around.
    wanted: Option<IntRect>,
}

impl Brush {
    /// Begins with a blank drawing.
    pub(super) fn blank(width: u32, height: u32) -> Option<Self> {
        Some(Self {
            drawing: Pixmap::new(width, height)?,
            shift: Transform::identity(),
            wanted: None,
        })
    }

    /// Begins with a copy of a window of a drawing; `None` when it is empty or outside.
    pub(super) fn copy_of(base: &Pixmap, window: Window) -> Option<Self> {
        let around = Window {
            left: window.left.saturating_sub(EDGE),
            top: window.top.saturating_sub(EDGE),
            right: window.right.saturating_add(EDGE).min(base.width()),
            bottom: window.bottom.saturating_add(EDGE).min(base.height()),
        };
        let wanted = IntRect::from_xywh(
            i32::try_from(window.left.checked_sub(around.left)?).ok()?,
            i32::try_from(window.top.checked_sub(around.top)?).ok()?,
            window.right.checked_sub(window.left)?,
            window.bottom.checked_sub(window.top)?,
        )?;
        let (width, height) = (
            around.right.checked_sub(around.left)?,
            around.bottom.checked_sub(around.top)?,
        );
        let mut drawing = Pixmap::new(width, height)?;
        let (stride, length) = (index(base.width()) * 4, index(width) * 4);
        let rows = base.data().chunks_exact(stride).skip(index(around.top));
        for (from, to) in rows.zip(drawing.data_mut().chunks_exact_mut(length)) {
            let start = index(around.left) * 4;
            to.copy_from_slice(from.get(start..start + length)?);
        }
        let shift = Transform::from_translate(-exact(around.left), -exact(around.top));
        Some(Self {
            drawing,
            shift,
            wanted: Some(wanted),
        })
    }

    pub(super) fn fill(&mut self, shape: &Outline, colour: Colour, alpha: f64) {
        self.drawing
            .fill_path(shape, &paint(colour, alpha), FillRule::Winding, self.shift, None);
    }

    /// Fills only what lies between two columns.
    pub(super) fn fill_between(&mut self, shape: &Outline, colour: Colour, [from, to]: [f32; 2]) {
        let bounds = shape.bounds();
        let clip = Rect::from_ltrb(from, bounds.top() - 1.0, to, bounds.bottom() + 1.0);
        let mask = clip.and_then(|clip| {
            let mut mask = Mask::new(self.drawing.width(), self.drawing.height())?;
            mask.fill_path(&PathBuilder::from_rect(clip), FillRule::Winding, true, self.shift);
            Some(mask)
        });
        if let Some(mask) = mask {
            let paint = paint(colour, 1.0);
            self.drawing
                .fill_path(shape, &paint, FillRule::Winding, self.shift, Some(&mask));
        }
    }

    pub(super) fn stroke(&mut self, shape: &Outline, colour: Colour, width: f32) {
        if width > 0.0 {
            self.drawing.stroke_path(
                shape,
                &paint(colour, 1.0),
                &outline_stroke(width),
                self.shift,
                None,
            );
        }
    }

    pub(super) fn finish(self) -> Pixmap {
        let wanted = self.wanted.and_then(|wanted| self.drawing.clone_rect(wanted));
        wanted.unwrap_or(self.drawing)
    }
}

/// Round joins: mitred ones grow thorns on letters such as M and А.
pub(super) fn outline_stroke(width: f32) -> Stroke {
    Stroke {
        width,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }
}

fn paint(colour: Colour, alpha: f64) -> Paint<'static> {
    let colour = Color::from_rgba8(colour.red, colour.green, colour.blue, byte(alpha * 255.0));
    Paint {
        shader: Shader::SolidColor(colour),
        anti_alias: true,
        ..Paint::default()
    }
}

/// A pixel number as a coordinate; exact, because no drawing is wider than 2^24.
fn exact(pixel: u32) -> f32 {
    crate::number::single(f64::from(pixel))
}
