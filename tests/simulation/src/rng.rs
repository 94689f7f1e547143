//! Rng that can be repeated: the same seed throws the same dice, on every machine and in every release.

/// A `SplitMix64` generator: three lines that never change, where a crate's algorithm may.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let once = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let twice = (once ^ (once >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        twice ^ (twice >> 31)
    }

    /// Another source, whose numbers tell nothing of this one's.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    /// From 0 up to, and without, `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    pub(crate) fn percent(&mut self, likely: u64) -> bool {
        self.below(100) < likely
    }

    /// One of the things; nothing of none.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(things.len()).ok()?;
        things.get(usize::try_from(self.below(count)).ok()?)
    }
}
