//! The seven grounds of a card; each leaves the lower part calm for captions and the text side quiet.

use std::f64::consts::TAU;

use tiny_skia::Transform;

use crate::cards::canvas::{Canvas, Light, circle, polygon, rounded};
use crate::cards::palette::Palette;
use crate::cards::tiles;
use crate::colour::Colour;
use crate::number::{real, single};
use crate::random::Random;

/// A way to fill the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Aurora,
    Rings,
    Tiles,
    Waves,
    Beams,
    Halftone,
    Paper,
}

/// In the order in which neighbouring scenes differ most.
pub(super) const PATTERNS: [Pattern; 7] = [
    Pattern::Aurora,
    Pattern::Tiles,
    Pattern::Waves,
    Pattern::Paper,
    Pattern::Beams,
    Pattern::Halftone,
    Pattern::Rings,
];

impl Pattern {
    /// Draws the ground with its ornament and the veil under the captions.
    pub(super) fn draw(self, canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
        let lights = self.lights(canvas, palette, random);
        canvas.ground(palette.base, palette.deep, &lights, random);
        match self {
            Self::Aurora => orbits(canvas, palette, random),
            Self::Rings => rings(canvas, palette),
            Self::Tiles => tiles::draw(canvas, palette, random),
            Self::Waves => waves(canvas, palette, random),
            Self::Beams => beams(canvas, palette, random),
            Self::Halftone => halftone(canvas, palette, random),
            Self::Paper => {}
        }
        let strength = if self == Self::Waves { 0.35 } else { 0.66 };
        let band = [canvas.height * 0.50, canvas.height * 0.66];
        canvas.veil(palette.deep, band, strength, random);
        if self == Self::Paper {
            paper(canvas, palette, random);
        }
    }

    fn lights(self, canvas: &Canvas, palette: &Palette, random: &mut Random) -> Vec<Light> {
        let (width, height) = (canvas.width, canvas.height);
        let reach = width.max(height);
        let mut light = |colour: Colour, x: [f64; 2], y: [f64; 2], radius: f64, strength: f64| Light {
            colour,
            x: width * random.between(x[0], x[1]),
            y: height * random.between(y[0], y[1]),
            radius: reach * radius,
            strength,
        };
        let [glow, spark] = palette.lights;
        // A faint light at the foot of every ground: below the captions the card must not look unfinished.
        let foot = light(glow, [-0.1, 0.35], [1.02, 1.1], 0.42, 0.6);
        let mut lights = match self {
            Self::Aurora => vec![
                light(glow, [0.0, 0.4], [0.0, 0.15], 0.62, 0.78),
                light(spark, [0.85, 1.1], [0.0, 0.22], 0.5, 0.74),
                light(glow, [0.7, 1.0], [0.4, 0.55], 0.4, 0.45),
            ],
            Self::Waves => vec![light(spark, [0.6, 0.9], [0.1, 0.2], 0.6, 0.42)],
            Self::Paper => vec![light(glow, [0.2, 0.8], [0.4, 0.7], 0.55, 0.55)],
            Self::Rings | Self::Tiles | Self::Beams | Self::Halftone => vec![
                light(glow, [0.75, 1.0], [0.0, 0.2], 0.6, 0.55),
                light(glow, [0.0, 0.2], [0.4, 0.6], 0.4, 0.25),
            ],
        };
        lights.push(foot);
        lights
    }
}

/// Thin orbits around a small sun.
fn orbits(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let (x, y) = (canvas.width * 0.86, canvas.height * random.between(0.1, 0.16));
    let unit = canvas.unit;
    for number in 1..=4 {
        let radius = unit * (90.0 + 120.0 * f64::from(number));
        canvas.stroke(
            circle(x, y, radius),
            unit * 2.0,
            palette.ink,
            0.26 - 0.05 * f64::from(number),
        );
        let angle = random.between(0.44, 0.62) * TAU;
        let (bead_x, bead_y) = (x + radius * angle.cos(), y + radius * angle.sin());
        let bead = unit * random.between(7.0, 15.0);
        // Only a tall card has room for beads above the text.
        if canvas.height > canvas.width * 1.2 {
            canvas.fill(circle(bead_x, bead_y, bead), palette.accent, 0.9);
        }
    }
    canvas.fill_gradient(
        circle(x, y, unit * 84.0),
        (x, y - unit * 84.0, palette.accent, 1.0),
        (x, y + unit * 84.0, palette.spark, 1.0),
    );
}

/// Concentric discs from the upper corner.
fn rings(canvas: &mut Canvas, palette: &Palette) {
    let (x, y, unit) = (canvas.width, 0.0, canvas.unit);
    for number in (1..=6).rev() {
        let share = f64::from(number) / 6.0;
        let radius = unit * 160.0 * f64::from(number);
        let tint = palette.glow.mix(palette.base, share * 0.9);
        canvas.fill(circle(x, y, radius), tint, 0.5);
        canvas.stroke(
            circle(x, y, radius),
            unit * 2.5,
            palette.spark,
            0.42 * (1.15 - share),
        );
    }
    canvas.fill(circle(x, y, unit * 150.0), palette.accent, 1.0);
}

/// A low sun and quiet hills.
fn waves(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let (width, height, unit) = (canvas.width, canvas.height, canvas.unit);
    let (x, y, radius) = (width * random.between(0.7, 0.8), height * 0.17, unit * 170.0);
    canvas.fill_gradient(
        circle(x, y, radius),
        (x, y - radius, palette.accent, 1.0),
        (x, y + radius, palette.spark, 0.65),
    );
    for number in 0..5 {
        let share = f64::from(number) / 4.0;
        let middle = height * (0.585 + 0.05 * f64::from(number));
        let swing = unit * random.between(26.0, 58.0);
        let (phase, turns) = (random.unit() * TAU, random.between(0.7, 1.4));
        let mut points = vec![(0.0, height), (0.0, middle)];
        for step in 0..=60 {
            let along = real(step) / 60.0;
            points.push((
                width * along,
                middle + swing * (phase + along * turns * TAU).sin(),
            ));
        }
        points.push((width, height));
        let colour = palette
            .base
            .mix(palette.glow, 0.30 * (1.0 - share))
            .mix(palette.deep, 0.25 + share * 0.7);
        canvas.fill(polygon(&points), colour, 0.92);
    }
}

/// Slanted bars of light that fade towards the text.
fn beams(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let unit = canvas.unit;
    let turn = Transform::from_rotate_at(-38.0, single(canvas.width), 0.0);
    for number in 0..7 {
        let thickness = unit * random.between(46.0, 96.0);
        let x = canvas.width - unit * (120.0 + random.between(0.0, 620.0));
        let y = unit * (-330.0 + 118.0 * f64::from(number));
        let length = unit * random.between(420.0, 980.0);
        let colour = if number % 3 == 1 {
            palette.accent
        } else if number % 2 == 1 {
            palette.spark
        } else {
            palette.glow
        };
        let bar = rounded(x, y, [length, thickness], thickness).and_then(|bar| bar.transform(turn));
        let slope = 38.0_f64.to_radians();
        let end = (x + length * slope.cos(), y - length * slope.sin());
        canvas.fill_gradient(
            bar,
            (x - length * 0.1, y + length * 0.3, colour, 0.0),
            (end.0, end.1, colour, 0.85),
        );
    }
}

/// Dots that grow towards the upper corner.
fn halftone(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let (width, unit) = (canvas.width, canvas.unit);
    let step = unit * 46.0;
    let reach = unit * random.between(820.0, 980.0);
    let rows = 24;
    for row in 0..rows {
        for column in 0..=rows {
            let shift = if row % 2 == 0 { 0.0 } else { 0.5 };
            let (x, y) = (width - (f64::from(column) + shift) * step, f64::from(row) * step);
            let near = 1.0 - (((width - x).powi(2) + y.powi(2)).sqrt() / reach);
            if near > 0.04 {
                let colour = palette.spark.mix(palette.accent, near);
                canvas.fill(
                    circle(x, y, step * 0.47 * near.sqrt()),
                    colour,
                    0.25 + 0.65 * near,
                );
            }
        }
    }
}

/// A light sheet for dark text above the calm foot.
fn paper(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let (width, height, unit) = (canvas.width, canvas.height, canvas.unit);
    let sheet = paper_colour(palette);
    let (left, top) = (width * 0.06, height * 0.06);
    let size = [width * 0.88, height * 0.53];
    canvas.fill(
        rounded(left + unit * 16.0, top + unit * 18.0, size, unit * 56.0),
        palette.accent,
        0.9,
    );
    canvas.fill(rounded(left, top, size, unit * 56.0), sheet, 1.0);
    let radius = unit * 64.0;
    let (x, y) = (left + size[0] - unit * 150.0, top + unit * 118.0);
    canvas.fill(circle(x, y, radius), palette.spark, 1.0);
    let turn = random.below(2);
    let shift = if turn == 0 { -48.0 } else { 48.0 };
    canvas.fill(
        circle(x + unit * shift, y + unit * 28.0, radius),
        palette.glow,
        0.82,
    );
}

/// The colour of the sheet, which the text of a paper card must stand out from.
pub(super) fn paper_colour(palette: &Palette) -> Colour {
    Colour::rgb(0xf8_f4_ec).mix(palette.accent, 0.06)
}
