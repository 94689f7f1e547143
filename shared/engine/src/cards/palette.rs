//! The colours of a card: eight chosen by hand, or made from a brand.

use crate::colour::Colour;
use crate::random::Random;

/// A dark ground with two lights, one accent and two strengths of text.
///
/// # Promises
/// `ink` and `accent` have a contrast of at least [`TEXT_CONTRAST`] on `base` and on `deep`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Palette {
    /// The foot of the card, behind the captions.
    pub(super) deep: Colour,
    /// The ground behind the headline.
    pub(super) base: Colour,
    pub(super) glow: Colour,
    pub(super) spark: Colour,
    /// `glow` and `spark` as light behind text: dark enough for `ink` at [`TEXT_CONTRAST`].
    pub(super) lights: [Colour; 2],
    pub(super) accent: Colour,
    pub(super) ink: Colour,
    /// Body text.
    pub(super) soft: Colour,
}

/// WCAG AA for normal text; card text is large, so this is on the safe side.
pub(super) const TEXT_CONTRAST: f64 = 4.5;

/// deep, base, glow, spark, accent.
const CHOSEN: [[u32; 5]; 8] = [
    [0x080d24, 0x182454, 0x3f5efb, 0xfc466b, 0xffb4a2],
    [0x05201a, 0x0d3b31, 0x1f7a5c, 0xb8d94a, 0xd9f45f],
    [0x16092b, 0x361659, 0x7a2ff7, 0xff6fb5, 0xffc27a],
    [0x1f0809, 0x521618, 0xbf3b2b, 0xffab40, 0xffd98a],
    [0x031a26, 0x0a425c, 0x0594c4, 0x28d3a2, 0xb6f5d8],
    [0x0e0f13, 0x23262e, 0x444b5a, 0x8a93a6, 0xf7e463],
    [0x05232a, 0x12474f, 0x248f84, 0xf4a261, 0xffd9a8],
    [0x0c0a29, 0x282270, 0x5757e0, 0x57dcb4, 0xa8f5dd],
];

impl Palette {
    pub(super) fn chosen(random: &mut Random) -> Self {
        let colours = CHOSEN.get(random.below(CHOSEN.len())).copied().unwrap_or([0x080d24; 5]);
        let [deep, base, glow, spark, accent] = colours.map(Colour::rgb);
        Self::checked(deep, base, [glow, spark], accent)
    }

    /// Darkens the first brand colour for the grounds; the last one becomes the accent.
    pub(super) fn of_brand(colours: &[Colour]) -> Option<Self> {
        let first = *colours.first()?;
        let last = *colours.last()?;
        let second = colours.get(1).copied().unwrap_or_else(|| first.mix(Colour::WHITE, 0.35));
        let deep = first.mix(Colour::BLACK, 0.82);
        let mut base = first.mix(Colour::BLACK, 0.55);
        // A pale brand colour is still too light for white text after that.
        while base.contrast(Colour::WHITE) < 7.0 {
            base = base.mix(Colour::BLACK, 0.2);
        }
        Some(Self::checked(deep, base, [first, second], last))
    }

    fn checked(deep: Colour, base: Colour, [glow, spark]: [Colour; 2], accent: Colour) -> Self {
        let ink = Colour::WHITE.mix(glow, 0.04).readable_on(base, 7.0);
        Self {
            deep,
            base,
            glow,
            spark,
            lights: [glow, spark].map(|light| dimmed(light, ink)),
            accent: accent.readable_on(base, TEXT_CONTRAST),
            ink,
            soft: ink.mix(base, 0.22).readable_on(base, TEXT_CONTRAST),
        }
    }
}

/// A light, darkened until the text stands out from it.
fn dimmed(light: Colour, ink: Colour) -> Colour {
    (0..=10)
        .map(|step| light.mix(Colour::BLACK, f64::from(step) * 0.1))
        .find(|candidate| candidate.contrast(ink) >= TEXT_CONTRAST)
        .unwrap_or(Colour::BLACK)
}

#[cfg(test)]
mod tests;
