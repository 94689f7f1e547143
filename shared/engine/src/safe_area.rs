//! Where on a frame the apps leave text alone, as data.

use serde::{Deserialize, Serialize};

use crate::number::real;

/// Whose buttons and descriptions captions keep clear of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SafeArea {
    /// Nobody's: only an even margin of the frame.
    #[default]
    Frame,
    /// `TikTok`.
    Tiktok,
    /// Instagram and Facebook Reels.
    Reels,
    /// `YouTube` Shorts.
    Shorts,
    /// What is free in all three.
    Every,
}

/// What is covered at each side.
///
/// # Units
/// Pixels of a frame of 1080x1920; other sizes scale each axis by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SafeMargins {
    /// Status bar, search, tabs.
    pub top_px: u32,
    /// Like, comment, share.
    pub right_px: u32,
    /// Account, description, sound, call to action.
    pub bottom_px: u32,
    /// Little more than the round corners.
    pub left_px: u32,
}

/// The frame of the figures in [`SafeMargins`].
const REFERENCE: (f64, f64) = (1080.0, 1920.0);
/// On a wide frame, lines longer than this part of it are hard to follow.
const WIDE_SHARE: f64 = 0.64;

impl SafeArea {
    /// Every choice, for tests and galleries.
    pub const ALL: [Self; 5] = [Self::Frame, Self::Tiktok, Self::Reels, Self::Shorts, Self::Every];

    /// The margins of an app.
    ///
    /// # Source
    /// All read on 2026-11-21; organic posts have smaller bars than the paid ones that these are for.
    /// `TikTok`: top and bottom as measured on the provider's template `In-Feed-Standard LTR` (160 and 440 of 1280) in
    /// forum.logik.tv/t/some-social-media-safe-zone-matchbox/14356; the sides are an own estimate.
    /// Reels: Meta Business Help, 14 % at the top, 35 % at the bottom and 6 % at each side, as quoted in
    /// houseofmarketers.com/guide-to-safe-zones-tiktok-facebook-instagram-stories-reels.
    /// Shorts: Google Ads, 15 %, 35 %, 4.4 % and 17.8 % for vertical video; from memory, its page could not be opened.
    /// Frame: own choice, 9 % of the width and 6 % of the height.
    pub const fn margins(self) -> SafeMargins {
        match self {
            Self::Frame => SafeMargins::new([115, 97, 115, 97]),
            Self::Tiktok => SafeMargins::new([240, 180, 660, 60]),
            Self::Reels => SafeMargins::new([269, 65, 672, 65]),
            Self::Shorts => SafeMargins::new([288, 192, 672, 48]),
            Self::Every => SafeMargins::new([288, 192, 672, 65]),
        }
    }

    /// Left, top, width and height of what captions may use.
    ///
    /// The larger side margin counts on both sides: a caption out of the middle looks like a mistake.
    pub(crate) fn captions(self, (width, height): (u32, u32)) -> [f64; 4] {
        let margins = self.margins();
        let (width, height) = (f64::from(width), f64::from(height));
        let side = f64::from(margins.left_px.max(margins.right_px)) * width / REFERENCE.0;
        let share = if width > height { WIDE_SHARE } else { 1.0 };
        let room = (width - 2.0 * side).min(width * share);
        let [top, bottom] =
            [margins.top_px, margins.bottom_px].map(|margin| f64::from(margin) * height / REFERENCE.1);
        [(width - room) / 2.0, top, room, height - top - bottom]
    }

    /// Left, top, right and bottom pixel of the frame that text may touch; exclusive at the right and the bottom.
    pub(crate) fn limits(self, frame: (usize, usize)) -> [f64; 4] {
        let margins = self.margins();
        let (width, height) = (real(frame.0), real(frame.1));
        let across = |margin: u32| f64::from(margin) * width / REFERENCE.0;
        let down = |margin: u32| f64::from(margin) * height / REFERENCE.1;
        [
            across(margins.left_px),
            down(margins.top_px),
            width - across(margins.right_px),
            height - down(margins.bottom_px),
        ]
    }
}

impl SafeMargins {
    /// Clockwise from the top, as in CSS.
    const fn new([top_px, right_px, bottom_px, left_px]: [u32; 4]) -> Self {
        Self {
            top_px,
            right_px,
            bottom_px,
            left_px,
        }
    }
}

#[cfg(test)]
mod tests;
