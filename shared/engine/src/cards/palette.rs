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
    [0x08_0d_24, 0x18_24_54, 0x3f_5e_fb, 0xfc_46_6b, 0xff_b4_a2],
    [0x05_20_1a, 0x0d_3b_31, 0x1f_7a_5c, 0xb8_d9_4a, 0xd9_f4_5f],
    [0x16_09_2b, 0x36_16_59, 0x7a_2f_f7, 0xff_6f_b5, 0xff_c2_7a],
    [0x1f_08_09, 0x52_16_18, 0xbf_3b_2b, 0xff_ab_40, 0xff_d9_8a],
    [0x03_1a_26, 0x0a_42_5c, 0x05_94_c4, 0x28_d3_a2, 0xb6_f5_d8],
    [0x0e_0f_13, 0x23_26_2e, 0x44_4b_5a, 0x8a_93_a6, 0xf7_e4_63],
    [0x05_23_2a, 0x12_47_4f, 0x24_8f_84, 0xf4_a2_61, 0xff_d9_a8],
    [0x0c_0a_29, 0x28_22_70, 0x57_57_e0, 0x57_dc_b4, 0xa8_f5_dd],
];

impl Palette {
    pub(super) fn chosen(random: &mut Random) -> Self {
        let colours = CHOSEN
            .get(random.below(CHOSEN.len()))
            .copied()
            .unwrap_or([0x08_0d_24; 5]);
        let [deep, base, glow, spark, accent] = colours.map(Colour::rgb);
        Self::checked(deep, base, [glow, spark], accent)
    }

    /// Darkens the first brand colour for the grounds; the last one becomes the accent.
    pub(super) fn of_brand(colours: &[Colour]) -> Option<Self> {
        let first = *colours.first()?;
        let last = *colours.last()?;
        let second = colours
            .get(1)
            .copied()
            .unwrap_or_else(|| first.mix(Colour::WHITE, 0.35));
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
