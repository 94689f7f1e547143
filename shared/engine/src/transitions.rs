//! How one scene becomes the next: where each row of a frame comes from, and the blur that hides a change.

use crate::blend::{FULL, weight};
use crate::composition::{Direction, Transition, TransitionKind};
use crate::motion::smooth;
use crate::number::{floor_i32, low_byte, real, round_u32, round_usize};

/// The soft edge of a wipe, as a part of its way.
const SOFT: f64 = 0.12;
/// Radius of the strongest blur, as a part of the frame's shorter side.
const BLUR: f64 = 0.03;

/// A moment of a change; the share goes from 0, only the old scene, to 1, only the new one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Change {
    /// The weight of the new scene.
    Fade(u16),
    Slide(Direction, f64),
    Wipe(Direction, f64),
    Blur(f64),
    /// A hard upright edge, in parts of the width: the new scene is on its right.
    Divide(f64),
}

/// What a row of the frame shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// Another row of the old scene alone.
    Old(usize),
    /// Another row of the new scene alone.
    New(usize),
    /// Both, by one weight of the new one.
    Mixed(u16),
    /// Both, by a weight for each column.
    Columns,
    /// The old one moved to the left by so many pixels, the new one beside it.
    ToLeft(usize),
    /// The old one moved to the right by so many pixels, the new one beside it.
    ToRight(usize),
}

impl Change {
    /// `None` for a cut, which has no moments.
    pub(crate) fn of(transition: Transition, share: f64) -> Option<Self> {
        let eased = smooth(share);
        match transition.kind {
            TransitionKind::Cut => None,
            TransitionKind::Fade => Some(Self::Fade(weight(eased))),
            TransitionKind::Slide => Some(Self::Slide(transition.direction, eased)),
            TransitionKind::Wipe => Some(Self::Wipe(transition.direction, eased)),
            TransitionKind::Blur => Some(Self::Blur(share)),
        }
    }

    /// What a row shows, in a plane with one sample for `1 << halved` pixels each way.
    pub(crate) fn row(self, row: usize, (width, height): (usize, usize), halved: u32) -> Row {
        let way =
            |length: usize, share: f64| (round_usize(real(length << halved) * share / 2.0) * 2) >> halved;
        match self {
            Self::Fade(weight) => Row::Mixed(weight),
            Self::Blur(share) => Row::Mixed(weight(smooth(smooth(share)))),
            Self::Slide(Direction::Left, share) => Row::ToLeft(way(width, share)),
            Self::Slide(Direction::Right, share) => Row::ToRight(way(width, share)),
            Self::Slide(Direction::Up, share) => match row + way(height, share) {
                old if old < height => Row::Old(old),
                new => Row::New(new - height),
            },
            Self::Slide(Direction::Down, share) => {
                let way = way(height, share);
                row.checked_sub(way)
                    .map_or(Row::New(height + row - way), Row::Old)
            }
            Self::Wipe(Direction::Up, share) => Row::Mixed(uncovered(share, 1.0 - place(row, height))),
            Self::Wipe(Direction::Down, share) => Row::Mixed(uncovered(share, place(row, height))),
            Self::Wipe(Direction::Left | Direction::Right, _) | Self::Divide(_) => Row::Columns,
        }
    }

    /// Fills in the weight of the new scene in each column, for [`Row::Columns`].
    pub(crate) fn columns(self, weights: &mut Vec<u16>, width: usize) {
        weights.clear();
        let places = (0..width).map(|column| place(column, width));
        match self {
            Self::Wipe(Direction::Left, share) => {
                weights.extend(places.map(|place| uncovered(share, 1.0 - place)));
            }
            Self::Wipe(Direction::Right, share) => {
                weights.extend(places.map(|place| uncovered(share, place)));
            }
            Self::Divide(edge) => weights.extend(places.map(|place| if place < edge { 0 } else { FULL })),
            Self::Fade(_) | Self::Slide(..) | Self::Wipe(..) | Self::Blur(_) => {}
        }
    }

    /// Radius of the blur over the whole frame, in pixels.
    pub(crate) fn blur_px(self, shorter_side: usize) -> usize {
        match self {
            Self::Blur(share) => {
                let strength = smooth(1.0 - (2.0 * share - 1.0).abs());
                round_usize(real(shorter_side) * BLUR * strength)
            }
            Self::Fade(_) | Self::Slide(..) | Self::Wipe(..) | Self::Divide(_) => 0,
        }
    }
}

/// The middle of a pixel in a line, 0 to 1.
fn place(number: usize, length: usize) -> f64 {
    (real(number) + 0.5) / real(length.max(1))
}

/// Weight of the new scene at a place of the wipe's way.
fn uncovered(share: f64, place: f64) -> u16 {
    weight(smooth((share * (1.0 + SOFT) - place) / SOFT))
}

/// Lines of a plane of two blurred scenes; kept, so that no frame allocates.
#[derive(Debug, Default)]
pub(crate) struct Blur {
    source: Vec<u8>,
    sums: Vec<u32>,
}

impl Blur {
    /// Two box blurs each way: a tent, which the eye takes for out of focus. Beyond an edge its last sample goes on.
    pub(crate) fn soften(&mut self, plane: &mut [u8], width: usize, radius: usize) {
        if radius == 0 || width == 0 {
            return;
        }
        for _ in 0..2 {
            self.across(plane, width, radius);
            self.down(plane, width, radius);
        }
    }

    fn across(&mut self, plane: &mut [u8], width: usize, radius: usize) {
        let share = reciprocal(radius);
        for row in plane.chunks_exact_mut(width) {
            self.source.clear();
            let (Some(first), Some(last)) = (row.first().copied(), row.last().copied()) else {
                continue;
            };
            self.source.extend(std::iter::repeat_n(first, radius + 1));
            self.source.extend_from_slice(row);
            self.source.extend(std::iter::repeat_n(last, radius));
            let window = 2 * radius + 1;
            let mut sum: u32 = self
                .source
                .iter()
                .take(window)
                .map(|value| u32::from(*value))
                .sum();
            let entering = self.source.iter().skip(window);
            for ((value, leaving), entering) in row.iter_mut().zip(&self.source).zip(entering) {
                sum = sum + u32::from(*entering) - u32::from(*leaving);
                *value = mean(sum, share);
            }
        }
    }

    fn down(&mut self, plane: &mut [u8], width: usize, radius: usize) {
        let share = reciprocal(radius);
        let height = plane.len() / width;
        self.source.clear();
        self.source.extend_from_slice(plane);
        let source = &self.source;
        let line = |row: usize| {
            let start = row.min(height.saturating_sub(1)) * width;
            source.get(start..start + width).unwrap_or_default()
        };
        self.sums.clear();
        self.sums.resize(width, 0);
        for row in 0..=2 * radius {
            add(&mut self.sums, line(row.saturating_sub(radius)));
        }
        for (number, row) in plane.chunks_exact_mut(width).enumerate() {
            for (value, sum) in row.iter_mut().zip(&self.sums) {
                *value = mean(*sum, share);
            }
            add(&mut self.sums, line(number + radius + 1));
            for (sum, value) in self.sums.iter_mut().zip(line(number.saturating_sub(radius))) {
                *sum = sum.wrapping_sub(u32::from(*value));
            }
        }
    }
}

/// 65,536 divided by the window's length.
fn reciprocal(radius: usize) -> u32 {
    round_u32(65_536.0 / real(2 * radius + 1))
}

/// At most 255 times the window, so the product is about 255 * 65,536 and fits.
fn mean(sum: u32, share: u32) -> u8 {
    low_byte((sum.wrapping_mul(share).wrapping_add(32_768) >> 16).min(255))
}

/// A column has at most a few hundred samples of at most 255.
fn add(sums: &mut [u32], line: &[u8]) {
    for (sum, value) in sums.iter_mut().zip(line) {
        *sum = sum.wrapping_add(u32::from(*value));
    }
}

/// Where the line of a before-and-after stands at a moment of its scene: it rests at the right, in the middle, and
/// at the left.
pub(crate) fn divider(progress: f64) -> f64 {
    let first = smooth((progress - 0.12) / 0.28);
    let second = smooth((progress - 0.60) / 0.28);
    1.0 - f64::midpoint(first, second)
}

/// The same as an even pixel.
pub(crate) fn divider_px(progress: f64, width: usize) -> i32 {
    floor_i32(divider(progress) * real(width) / 2.0) * 2
}

#[cfg(test)]
mod tests;
