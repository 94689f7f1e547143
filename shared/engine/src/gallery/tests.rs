//! The sheet: every preset and script is on it, and each cell has its caption.

use super::*;
use crate::testing;

#[test]
fn every_preset_is_on_the_sheet() {
    let missing = |preset: &CaptionPreset| PRESETS.iter().all(|(shown, _)| shown != preset);
    assert_eq!(CaptionPreset::ALL.iter().find(|preset| missing(preset)), None);
}

#[test]
fn every_script_can_be_drawn_without_a_missing_letter() {
    for (name, tag, sentence) in SCRIPTS {
        assert_eq!(testing::fonts(tag).drawable(sentence), sentence, "{name}");
    }
}

#[test]
fn a_cell_holds_a_caption_and_its_background() {
    let image = sample_images::draw((212, 284), 1, 2);
    let cell = captioned(
        &mut testing::fonts("fr"),
        &image,
        SCRIPTS[0].2,
        CaptionPreset::Pop,
    );
    assert_eq!(cell.dimensions(), image.dimensions());
    let pairs = || cell.pixels().zip(image.pixels());
    let near = pairs().filter(|(one, other)| {
        one.0
            .iter()
            .zip(other.0)
            .all(|(one, other)| one.abs_diff(other) < 8)
    });
    let share = near.count() * 100 / cell.pixels().count();
    assert!((40..97).contains(&share), "{share} % are as before");
}
