//! Colours: their text form and the contrast rule.

use proptest::prelude::*;

use super::*;

#[test]
fn a_colour_is_read_with_six_or_three_digits_and_nothing_else() {
    assert_eq!(
        Colour::parse("#1e90ff"),
        Some(Colour {
            red: 0x1e,
            green: 0x90,
            blue: 0xff
        })
    );
    assert_eq!(
        Colour::parse("#1AF"),
        Some(Colour {
            red: 0x11,
            green: 0xaa,
            blue: 0xff
        })
    );
    for wrong in [
        "",
        "#",
        "1e90ff",
        "#1e90f",
        "#1e90fg",
        "#+e90ff",
        "#ééé",
        "#1e90ff00",
    ] {
        assert_eq!(Colour::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn black_on_white_has_the_highest_contrast() {
    assert!((Colour::BLACK.contrast(Colour::WHITE) - 21.0).abs() < 0.01);
    assert!((Colour::WHITE.contrast(Colour::WHITE) - 1.0).abs() < 0.01);
}

proptest! {
    #[test]
    fn readable_text_always_reaches_its_contrast(text in 0_u32..0x0100_0000, ground in 0_u32..0x0100_0000) {
        let ground = Colour::rgb(ground);
        prop_assert!(Colour::rgb(text).readable_on(ground, 4.5).contrast(ground) >= 4.5);
    }

    #[test]
    fn what_is_written_is_read_back(value in 0_u32..0x0100_0000) {
        let colour = Colour::rgb(value);
        prop_assert_eq!(Colour::parse(&colour.to_string()), Some(colour));
    }
}
