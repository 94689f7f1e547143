//! Choices that look free and are not: the same inputs always choose the same.

use domain::settings::Settings;
use sha2::{Digest, Sha256};

/// A small generator, seeded by everything that a script is made from.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    state: u64,
}

impl Choice {
    /// Seeded by the settings that change the words; voice, aspect and looks do not.
    pub(super) fn of(settings: &Settings) -> Self {
        let mut hash = Sha256::new();
        let audience = settings.brand.audience.as_deref().unwrap_or_default();
        let duration = settings.duration_s.to_string();
        let parts = [
            settings.keyword.as_str(),
            settings.tone.as_str(),
            settings.language.as_str(),
            duration.as_str(),
            audience,
        ];
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let state = hash
            .finalize()
            .iter()
            .take(8)
            .fold(0_u64, |state, byte| (state << 8) | u64::from(*byte));
        Self { state }
    }

    /// A number below `bound`; 0 when there is none.
    ///
    /// # Source
    /// `SplitMix64`, Steele, Lea and Flood 2014, which needs no more state than a word.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        mixed
            .checked_rem(bound)
            .and_then(|rest| usize::try_from(rest).ok())
            .unwrap_or(0)
    }

    /// One of several.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// All of them in another order.
    pub(super) fn shuffled<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let mut all = of.to_vec();
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last.saturating_add(1)));
        }
        all
    }

    /// `count` of them in their own order, one from each of `count` equal stretches: variety without losing the arc.
    pub(super) fn spread<T: Copy>(&mut self, of: &[T], count: usize) -> Vec<T> {
        (0..count)
            .filter_map(|part| {
                let from = part.saturating_mul(of.len()).checked_div(count)?;
                let to = part
                    .saturating_add(1)
                    .saturating_mul(of.len())
                    .checked_div(count)?;
                self.one(of.get(from..to)?).copied()
            })
            .collect()
    }
}
