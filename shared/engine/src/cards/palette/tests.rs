//! Palettes: text can be read on all of them.

use super::*;

fn assert_readable(palette: &Palette) {
    for ground in [palette.base, palette.lights[0], palette.lights[1]] {
        assert!(palette.ink.contrast(ground) >= TEXT_CONTRAST, "{palette:?}");
    }
    assert!(
        palette.accent.contrast(palette.base) >= TEXT_CONTRAST,
        "{palette:?}"
    );
    assert!(
        palette.soft.contrast(palette.base) >= TEXT_CONTRAST,
        "{palette:?}"
    );
    // Captions are white and stand on the foot.
    assert!(palette.deep.contrast(Colour::WHITE) >= 12.0, "{palette:?}");
}

#[test]
fn every_chosen_palette_is_readable() {
    (0..64).for_each(|seed| assert_readable(&Palette::chosen(&mut Random::new(seed))));
}

#[test]
fn every_brand_becomes_a_readable_palette() {
    for brand in ["#ffffff", "#000000", "#ffe680", "#0057ff", "#7f7f7f", "#00ff00"] {
        let colour = Colour::parse(brand).unwrap();
        assert_readable(&Palette::of_brand(&[colour]).unwrap());
        assert_readable(&Palette::of_brand(&[colour, Colour::rgb(0xff_8a_00)]).unwrap());
    }
    assert_eq!(Palette::of_brand(&[]), None);
}
