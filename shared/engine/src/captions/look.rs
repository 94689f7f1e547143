//! What tells the presets apart, as data.

use crate::composition::CaptionPreset;

/// The measures of a preset; all that end in `em` are parts of the letters' size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Size of the letters against the composition's own.
    pub(super) scale: f64,
    /// 100 to 900; a family without it gives its nearest.
    pub(super) weight: u16,
    /// Text on screen at one time.
    pub(super) page_em: f64,
    /// Spaces between words: one that grows needs room.
    pub(super) spaces: usize,
    /// Width of the stroke around the letters, half of it outside of them; 0 for none.
    pub(super) outline_em: f32,
    pub(super) shadow_blur_em: f32,
    /// 0 to 1; 0 for none.
    pub(super) shadow_alpha: f64,
    /// How far paint other than the shadow reaches beyond the letters' box.
    pub(super) overhang_em: f32,
}

/// A caption shows at most this many em of text: two short lines that are read at a glance.
const PAGE_EM: f64 = 24.0;

impl Look {
    pub(super) const fn of(preset: CaptionPreset) -> Self {
        let classic = Self {
            scale: 1.0,
            weight: 700,
            page_em: PAGE_EM,
            spaces: 1,
            outline_em: 0.15,
            shadow_blur_em: 0.12,
            shadow_alpha: 0.6,
            overhang_em: 0.1,
        };
        match preset {
            CaptionPreset::Classic => classic,
            CaptionPreset::Pill => Self {
                weight: 800,
                page_em: 18.0,
                outline_em: 0.1,
                overhang_em: 0.2,
                ..classic
            },
            CaptionPreset::Karaoke => Self {
                weight: 800,
                outline_em: 0.17,
                ..classic
            },
            // Few words, large: the eye stays where it is.
            CaptionPreset::Pop => Self {
                scale: 1.35,
                weight: 900,
                page_em: 12.0,
                spaces: 2,
                outline_em: 0.19,
                shadow_alpha: 0.75,
                overhang_em: 0.4,
                ..classic
            },
            CaptionPreset::Typewriter => Self {
                scale: 0.92,
                weight: 600,
                outline_em: 0.0,
                shadow_alpha: 0.0,
                overhang_em: 0.4,
                ..classic
            },
            CaptionPreset::Minimal => Self {
                scale: 0.92,
                weight: 600,
                outline_em: 0.0,
                shadow_blur_em: 0.16,
                shadow_alpha: 0.85,
                overhang_em: 0.04,
                ..classic
            },
        }
    }
}
