//! Blocks give what the plain formula gives, at every step and at both ends of a line.

use super::*;

/// What `read` must answer for one pixel.
fn expected(axis: &Axis, line: &[u8], pixel: usize) -> u8 {
    let (left, weight) = axis.at(pixel).unwrap();
    let sum =
        u32::from(line[left]) * u32::from(FULL - weight) + u32::from(line[left + 1]) * u32::from(weight);
    low_byte((sum + 128) >> 8)
}

#[test]
fn blocks_agree_with_the_formula_for_every_zoom() {
    for length in [20_usize, 33, 200, 621] {
        let line: Vec<u8> = (0..length).map(|at| low_byte(count_of(at * 97 % 251))).collect();
        let padded = [vec![0; PAD], line.clone(), vec![0; PAD]].concat();
        for (count, start, size) in [
            (length, 0.0, 1.0),
            (length * 2 / 3, 0.0, 1.0),
            (length * 9 / 10, 0.03, 0.94),
        ] {
            let mut axis = Axis::default();
            axis.prepare(count, length, [start, size]);
            axis.arrange();
            let mut out = vec![0; count];
            axis.read(&mut out, &padded);
            for (pixel, value) in out.into_iter().enumerate() {
                assert_eq!(
                    value,
                    expected(&axis, &line, pixel),
                    "length {length}, count {count}, pixel {pixel}"
                );
            }
        }
    }
}

#[test]
fn no_length_reads_past_the_padding() {
    for length in 2_usize..90 {
        let line: Vec<u8> = (0..length).map(|at| low_byte(count_of(at * 89 % 251))).collect();
        let padded = [vec![0; PAD], line.clone(), vec![0; PAD]].concat();
        for count in (length * 2).div_ceil(3)..=length + length / 8 {
            let mut axis = Axis::default();
            axis.prepare(count, length, [0.0, 1.0]);
            axis.arrange();
            let mut out = vec![0; count];
            axis.read(&mut out, &padded);
            for (pixel, value) in out.into_iter().enumerate() {
                let wanted = expected(&axis, &line, pixel);
                assert_eq!(value, wanted, "{length} to {count}, pixel {pixel}");
            }
        }
    }
}

#[test]
fn an_enlarged_line_is_read_too() {
    let line: Vec<u8> = (0..40).map(|at| low_byte(at * 5)).collect();
    let padded = [vec![0; PAD], line.clone(), vec![0; PAD]].concat();
    let mut axis = Axis::default();
    axis.prepare(44, 40, [0.1, 0.8]);
    axis.arrange();
    let mut out = vec![0; 44];
    axis.read(&mut out, &padded);
    for (pixel, value) in out.into_iter().enumerate() {
        assert_eq!(value, expected(&axis, &line, pixel), "pixel {pixel}");
    }
}
