//! Shapes that cards and captions share.

use tiny_skia::{Path as Outline, PathBuilder};

/// How far the control point of a quarter circle's cubic lies from its end, as a part of the radius.
const QUARTER_CONTROL: f32 = 0.552_284_8;

/// A rectangle with round corners; the radius is cut to half the shorter side.
pub(crate) fn rounded([x, y]: [f32; 2], [width, height]: [f32; 2], radius: f32) -> Option<Outline> {
    let radius = radius.min(width / 2.0).min(height / 2.0).max(0.0);
    let bend = radius * (1.0 - QUARTER_CONTROL);
    let (right, foot) = (x + width, y + height);
    let mut builder = PathBuilder::new();
    builder.move_to(x + radius, y);
    builder.line_to(right - radius, y);
    builder.cubic_to(right - bend, y, right, y + bend, right, y + radius);
    builder.line_to(right, foot - radius);
    builder.cubic_to(right, foot - bend, right - bend, foot, right - radius, foot);
    builder.line_to(x + radius, foot);
    builder.cubic_to(x + bend, foot, x, foot - bend, x, foot - radius);
    builder.line_to(x, y + radius);
    builder.cubic_to(x, y + bend, x + bend, y, x + radius, y);
    builder.close();
    builder.finish()
}
