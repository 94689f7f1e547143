//! Scripts as people edit them.
#![expect(clippy::arithmetic_side_effects, reason = "a test adds small numbers")]

use super::*;

fn script(sections: u32, chars: usize) -> Script {
    let section = |index: u32| Section {
        kind: SectionKind::Point,
        number: Some(index + 1),
        heading: "Heading".to_owned(),
        narration: "꿀".repeat(chars),
        image_prompt: "Bees".to_owned(),
        start_ms: index * 1000,
        end_ms: (index + 1) * 1000,
    };
    Script {
        title: "Honey".to_owned(),
        sections: (0..sections).map(section).collect(),
        edited: false,
    }
}

#[test]
fn a_script_is_bounded_as_a_whole_and_not_only_by_its_sections() {
    assert!(script(5, NARRATION_CHARS_MAX).edited().unwrap().edited);
    let refused = script(24, NARRATION_CHARS_MAX).edited().unwrap_err();
    assert_eq!(
        (refused.field.as_str(), refused.rule),
        ("script.sections", "too_long")
    );
}

#[test]
fn a_section_that_is_too_long_is_named() {
    let refused = script(2, NARRATION_CHARS_MAX + 1).edited().unwrap_err();
    assert_eq!(refused.field, "script.sections[0].narration");
}
