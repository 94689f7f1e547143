//! Softens the shadow under captions.

use crate::number::{count, low_byte};

/// Blurs a plane of `width` columns: three box blurs are a Gaussian to the eye.
pub(crate) fn soften(plane: &mut [u8], width: usize, radius: usize) {
    for _ in 0..3 {
        for row in plane.chunks_exact_mut(width.max(1)) {
            blur(row, radius);
        }
        blur_columns(plane, width.max(1), radius);
    }
}

fn blur_columns(data: &mut [u8], width: usize, radius: usize) {
    let mut column = Vec::new();
    for x in 0..width {
        column.clear();
        column.extend(data.iter().skip(x).step_by(width).copied());
        blur(&mut column, radius);
        for (target, value) in data.iter_mut().skip(x).step_by(width).zip(&column) {
            *target = *value;
        }
    }
}

/// Running mean over `2 * radius + 1` values; outside is 0.
fn blur(line: &mut [u8], radius: usize) {
    let source = line.to_vec();
    let window = count(2 * radius + 1);
    let mut sum: u32 = source.iter().take(radius).map(|value| u32::from(*value)).sum();
    for (number, target) in line.iter_mut().enumerate() {
        sum += source.get(number + radius).map_or(0, |value| u32::from(*value));
        *target = low_byte(sum / window);
        let leaving = number.checked_sub(radius).and_then(|place| source.get(place));
        sum -= leaving.map_or(0, |value| u32::from(*value));
    }
}
