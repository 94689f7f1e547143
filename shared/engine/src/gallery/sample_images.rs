//! Backgrounds of the sheet: a sky, a sun and hills, bright and dark, so that captions have to stand out on both.

use image::{Rgb, RgbImage};

use crate::colour::Colour;
use crate::number::real;

/// Sky above, sky below, sun, hills.
const PALETTES: [[u32; 4]; 6] = [
    [0x1b_2a_5c, 0xf2_8a_5b, 0xff_e2_a8, 0x24_1a_3d],
    [0x4f_a3_d9, 0xd9_f1_f5, 0xff_ff_ff, 0x1f_6b_4f],
    [0x0d_11_2b, 0x3b_4c_8c, 0xe8_ec_ff, 0x0a_0f_24],
    [0xf7_b7_33, 0xfc_e5_b2, 0xff_ff_f0, 0x8a_4b_20],
    [0x2e_1f_47, 0xc6_5b_8e, 0xff_c9_d6, 0x1d_12_2f],
    [0x6f_c2_b0, 0xf3_f7_d4, 0xff_f6_b8, 0x2b_5d_63],
];
const RIDGES: usize = 3;

/// An image that is the same for the same column and row.
pub(super) fn draw((width, height): (u32, u32), column: usize, row: usize) -> RgbImage {
    let number = column + row;
    draw_in((width, height), number, real(number) * 1.7)
}

/// An image in a palette; the same phase gives the same hills in any light.
pub(super) fn draw_in((width, height): (u32, u32), number: usize, phase: f64) -> RgbImage {
    let palette = PALETTES.get(number % PALETTES.len()).copied().unwrap_or_default();
    let [high, low, sun, hills] = palette.map(Colour::rgb);
    let (across, tall) = (f64::from(width), f64::from(height));
    let centre = (across * (0.5 + 0.28 * (phase * 1.3).sin()), tall * 0.27);
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let mut colour = high.mix(low, (y / tall * 1.5).min(1.0));
        let from_sun = (x - centre.0).hypot(y - centre.1);
        colour = colour.mix(sun, 0.35 * (1.0 - from_sun / (across * 0.5)).max(0.0));
        colour = colour.mix(sun, across * 0.11 - from_sun);
        for ridge in 0..RIDGES {
            let layer = real(ridge);
            let wave = (x / across * (4.0 + layer * 2.0) + phase + layer * 2.1).sin() * (0.05 - layer * 0.01);
            let edge = tall * (0.52 + layer * 0.14 + wave);
            let shade = low.mix(hills, 0.4 + 0.3 * layer);
            colour = colour.mix(shade, y - edge);
        }
        Rgb([colour.red, colour.green, colour.blue])
    })
}

/// A person who looks at the camera, in flat shapes.
pub(super) fn face((width, height): (u32, u32)) -> RgbImage {
    let [wall, glow, shirt, skin, hair, ink] = [
        0x2f_5d_62, 0x5e_8b_7e, 0xf2_ef_e6, 0xe8_b0_8a, 0x2a_1d_1a, 0x3a_22_1c,
    ]
    .map(Colour::rgb);
    let unit = f64::from(width) / 100.0;
    let tall = f64::from(height) / unit;
    RgbImage::from_fn(width, height, |x, y| {
        // Around the middle of the face, in hundredths of the width.
        let (x, y) = (f64::from(x) / unit - 50.0, f64::from(y) / unit - tall * 0.5);
        let oval = |(at_x, at_y): (f64, f64), (wide, high): (f64, f64)| {
            (1.0 - ((x - at_x) / wide).hypot((y - at_y) / high)) * wide.min(high) * unit
        };
        let mut colour = wall.mix(glow, 1.0 - (x.hypot(y + 8.0) / 70.0));
        colour = colour.mix(hair, oval((0.0, -5.0), (24.5, 29.0)));
        colour = colour.mix(shirt, oval((0.0, 74.0), (46.0, 42.0)));
        colour = colour.mix(skin, oval((0.0, 24.0), (9.0, 18.0)));
        colour = colour.mix(skin, oval((0.0, 1.0), (19.5, 25.0)));
        colour = colour.mix(hair, oval((-5.0, -22.5), (19.0, 9.5)));
        for side in [-1.0, 1.0] {
            colour = colour.mix(ink, oval((side * 7.6, -1.5), (1.9, 2.3)));
            colour = colour.mix(ink, oval((side * 7.6, -7.2), (4.0, 0.9)));
        }
        colour = colour.mix(Colour::rgb(0xc4_6a_5a), oval((0.0, 13.2), (6.2, 2.6)));
        colour = colour.mix(skin, oval((0.0, 11.4), (7.4, 2.4)));
        Rgb([colour.red, colour.green, colour.blue])
    })
}
