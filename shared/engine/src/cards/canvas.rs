//! A drawing surface in card units: thin wrappers that keep the patterns short.

use std::f64::consts::FRAC_PI_2;

use image::RgbImage;
use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LinearGradient, Paint, Path as Outline, PathBuilder, Pixmap,
    Point, Rect, Shader, SpreadMode, Stroke, Transform,
};

use crate::colour::Colour;
use crate::error::EngineError;
use crate::number::{byte, index, real, single};
use crate::random::Random;
use crate::shape;

/// An image being drawn.
pub(super) struct Canvas {
    pixels: Pixmap,
    /// Width in pixels.
    pub(super) width: f64,
    /// Height in pixels.
    pub(super) height: f64,
    /// One thousandth-and-eighty of the shorter side: sizes are designed for 1080 pixels.
    pub(super) unit: f64,
}

/// A soft light of the ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Light {
    pub(super) colour: Colour,
    /// Centre and radius in pixels.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
    /// 0 to 1, in the centre.
    pub(super) strength: f64,
}

impl Light {
    fn on(&self, colour: [f64; 3], x: f64, y: f64) -> [f64; 3] {
        let distance = ((x - self.x).powi(2) + (y - self.y).powi(2)).sqrt() / self.radius;
        if distance < 1.0 {
            blend(
                colour,
                channels(self.colour),
                self.strength * smooth(1.0 - distance),
            )
        } else {
            colour
        }
    }
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Result<Self, EngineError> {
        let pixels =
            Pixmap::new(width, height).ok_or_else(|| EngineError::bad("width", "must be above 0"))?;
        let unit = f64::from(width.min(height)) / 1080.0;
        Ok(Self {
            pixels,
            width: f64::from(width),
            height: f64::from(height),
            unit,
        })
    }

    /// Paints the whole ground: a vertical gradient under soft lights.
    ///
    /// Computed in floating point and dithered, because an eight-bit gradient shows bands in a video.
    pub(super) fn ground(&mut self, top: Colour, foot: Colour, lights: &[Light], random: &mut Random) {
        let height = self.height;
        for (y, row) in self.rows() {
            let sky = blend(channels(top), channels(foot), smooth(y / height));
            for (x, pixel) in row.iter_mut().enumerate() {
                let colour = lights
                    .iter()
                    .fold(sky, |colour, light| light.on(colour, real(x), y));
                let noise = random.unit() - 0.5;
                let [red, green, blue] = colour.map(|value| byte(value + noise));
                *pixel = [red, green, blue, 255];
            }
        }
    }

    /// Covers everything below `from` with `colour`, softly down to `to` and then fully by `strength`.
    pub(super) fn veil(&mut self, colour: Colour, [from, to]: [f64; 2], strength: f64, random: &mut Random) {
        let target = channels(colour);
        for (y, row) in self.rows().filter(|(y, _)| *y > from) {
            let share = strength * smooth((y - from) / (to - from));
            for pixel in row {
                let noise = random.unit() - 0.5;
                let [red, green, blue, alpha] = pixel.map(f64::from);
                let [red, green, blue] =
                    blend([red, green, blue], target, share).map(|value| byte(value + noise));
                *pixel = [red, green, blue, byte(alpha)];
            }
        }
    }

    /// Rows of premultiplied RGBA pixels, each with its height.
    fn rows(&mut self) -> impl Iterator<Item = (f64, &mut [[u8; 4]])> {
        let width = index(self.pixels.width());
        let (pixels, _) = self.pixels.data_mut().as_chunks_mut::<4>();
        pixels
            .chunks_exact_mut(width)
            .enumerate()
            .map(|(y, row)| (real(y), row))
    }

    pub(super) fn fill(&mut self, shape: Option<Outline>, colour: Colour, alpha: f64) {
        self.fill_with(shape, Shader::SolidColor(paint_colour(colour, alpha)));
    }

    /// Fills with a straight gradient between two points.
    pub(super) fn fill_gradient(
        &mut self,
        shape: Option<Outline>,
        from: (f64, f64, Colour, f64),
        to: (f64, f64, Colour, f64),
    ) {
        let stops = vec![
            GradientStop::new(0.0, paint_colour(from.2, from.3)),
            GradientStop::new(1.0, paint_colour(to.2, to.3)),
        ];
        let (start, end) = (point(from.0, from.1), point(to.0, to.1));
        if let Some(shader) = LinearGradient::new(start, end, stops, SpreadMode::Pad, Transform::identity()) {
            self.fill_with(shape, shader);
        }
    }

    pub(super) fn stroke(&mut self, shape: Option<Outline>, width: f64, colour: Colour, alpha: f64) {
        let Some(shape) = shape else { return };
        let paint = paint(Shader::SolidColor(paint_colour(colour, alpha)));
        let stroke = Stroke {
            width: single(width),
            ..Stroke::default()
        };
        self.pixels
            .stroke_path(&shape, &paint, &stroke, Transform::identity(), None);
    }

    fn fill_with(&mut self, shape: Option<Outline>, shader: Shader<'_>) {
        let Some(shape) = shape else { return };
        self.pixels.fill_path(
            &shape,
            &paint(shader),
            FillRule::Winding,
            Transform::identity(),
            None,
        );
    }

    /// Changes the pixels themselves.
    pub(super) fn map_pixels(mut self, change: impl FnOnce(&mut Pixmap)) -> Self {
        change(&mut self.pixels);
        self
    }

    /// The finished drawing, with its transparency.
    pub(super) fn into_pixmap(self) -> Pixmap {
        self.pixels
    }

    /// The finished image; every pixel is opaque because the ground is.
    pub(super) fn into_image(self) -> Result<RgbImage, EngineError> {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        let bytes = self
            .pixels
            .data()
            .chunks_exact(4)
            .flat_map(|pixel| pixel.iter().take(3).copied())
            .collect();
        RgbImage::from_raw(width, height, bytes).ok_or(EngineError::Internal("three bytes for each pixel"))
    }
}

pub(super) fn circle(x: f64, y: f64, radius: f64) -> Option<Outline> {
    PathBuilder::from_circle(single(x), single(y), single(radius))
}

pub(super) fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Option<Outline> {
    Rect::from_xywh(single(x), single(y), single(width), single(height)).map(PathBuilder::from_rect)
}

/// A rectangle with round corners.
pub(super) fn rounded(x: f64, y: f64, [width, height]: [f64; 2], radius: f64) -> Option<Outline> {
    shape::rounded(
        [single(x), single(y)],
        [single(width), single(height)],
        single(radius),
    )
}

/// A closed shape through points.
pub(super) fn polygon(points: &[(f64, f64)]) -> Option<Outline> {
    let mut builder = PathBuilder::new();
    for (number, (x, y)) in points.iter().enumerate() {
        if number == 0 {
            builder.move_to(single(*x), single(*y));
        } else {
            builder.line_to(single(*x), single(*y));
        }
    }
    builder.close();
    builder.finish()
}

/// A quarter of a disc whose corner is at (`x`, `y`) and which opens towards (`right`, `down`) = ±1.
pub(super) fn quarter(x: f64, y: f64, radius: f64, [right, down]: [f64; 2]) -> Option<Outline> {
    let steps = 48;
    let mut points = vec![(x, y)];
    for step in 0..=steps {
        let angle = real(step) / real(steps) * FRAC_PI_2;
        points.push((x + right * radius * angle.cos(), y + down * radius * angle.sin()));
    }
    polygon(&points)
}

fn smooth(value: f64) -> f64 {
    let value = value.clamp(0.0, 1.0);
    value * value * (3.0 - 2.0 * value)
}

fn channels(colour: Colour) -> [f64; 3] {
    [
        f64::from(colour.red),
        f64::from(colour.green),
        f64::from(colour.blue),
    ]
}

fn blend([red, green, blue]: [f64; 3], to: [f64; 3], share: f64) -> [f64; 3] {
    let [to_red, to_green, to_blue] = to;
    [
        red + (to_red - red) * share,
        green + (to_green - green) * share,
        blue + (to_blue - blue) * share,
    ]
}

fn paint_colour(colour: Colour, alpha: f64) -> Color {
    Color::from_rgba8(colour.red, colour.green, colour.blue, byte(alpha * 255.0))
}

fn point(x: f64, y: f64) -> Point {
    Point::from_xy(single(x), single(y))
}

fn paint(shader: Shader<'_>) -> Paint<'_> {
    Paint {
        shader,
        blend_mode: BlendMode::SourceOver,
        anti_alias: true,
        ..Paint::default()
    }
}
