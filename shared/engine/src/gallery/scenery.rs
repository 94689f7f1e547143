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

/// A picture that is the same for the same column and row.
pub(super) fn draw((width, height): (u32, u32), column: usize, row: usize) -> RgbImage {
    let number = column + row;
    let palette = PALETTES.get(number % PALETTES.len()).copied().unwrap_or_default();
    let [high, low, sun, hills] = palette.map(Colour::rgb);
    let (across, tall) = (f64::from(width), f64::from(height));
    let phase = real(number) * 1.7;
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
