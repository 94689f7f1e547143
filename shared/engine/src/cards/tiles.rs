//! A band of geometric tiles, one of the grounds in `pattern`.

use crate::cards::canvas::{Canvas, circle, polygon, quarter, rectangle};
use crate::cards::palette::Palette;
use crate::colour::Colour;
use crate::random::Random;

/// A band of quarter discs, half drops and dots, in the manner of a poster of the nineteen-twenties.
pub(super) fn draw(canvas: &mut Canvas, palette: &Palette, random: &mut Random) {
    let landscape = canvas.width > canvas.height;
    let side = if landscape {
        canvas.height / 6.0
    } else {
        canvas.width / 6.0
    };
    let (columns, rows) = if landscape {
        (4, 4)
    } else if canvas.height > canvas.width {
        (6, 2)
    } else {
        (6, 1)
    };
    let left = canvas.width - f64::from(columns) * side;
    let colours = [
        palette.glow,
        palette.spark,
        palette.accent,
        palette.base.mix(palette.glow, 0.45),
    ];
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (left + f64::from(column) * side, f64::from(row) * side);
            let ground = palette.base.mix(palette.deep, random.between(0.0, 0.6));
            canvas.fill(rectangle(x, y, side + 1.0, side + 1.0), ground, 1.0);
            let colour = colours
                .get(random.below(colours.len()))
                .copied()
                .unwrap_or(palette.glow);
            tile(canvas, [x, y, side], colour, random);
        }
    }
}

fn tile(canvas: &mut Canvas, [x, y, side]: [f64; 3], colour: Colour, random: &mut Random) {
    let turn = random.below(4);
    let (corner_x, right) = if turn.is_multiple_of(2) {
        (x, 1.0)
    } else {
        (x + side, -1.0)
    };
    let (corner_y, down) = if turn < 2 { (y, 1.0) } else { (y + side, -1.0) };
    match random.below(6) {
        0 | 1 => canvas.fill(quarter(corner_x, corner_y, side, [right, down]), colour, 1.0),
        2 => {
            canvas.fill(quarter(corner_x, corner_y, side, [right, down]), colour, 0.55);
            canvas.fill(
                quarter(corner_x, corner_y, side * 0.5, [right, down]),
                colour,
                1.0,
            );
        }
        3 => canvas.fill(circle(x + side / 2.0, y + side / 2.0, side * 0.28), colour, 1.0),
        4 => {
            let far = (corner_x + right * side, corner_y + down * side);
            canvas.fill(
                polygon(&[(corner_x, corner_y), (far.0, corner_y), (corner_x, far.1)]),
                colour,
                0.9,
            );
        }
        _ => {
            for number in 0..4 {
                let offset = side * (0.125 + 0.25 * f64::from(number));
                canvas.fill(
                    rectangle(x + offset - side * 0.04, y, side * 0.08, side),
                    colour,
                    0.75,
                );
            }
        }
    }
}
