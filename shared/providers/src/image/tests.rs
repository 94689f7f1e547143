//! What an image is made from.

use super::*;

#[test]
fn a_prompt_gets_style_and_quality_words_once() {
    let brand = Brand {
        style: Some("watercolour, Sharp Focus".to_owned()),
        ..Brand::default()
    };
    let enhanced = enhance("A beehive, sharp focus.", &brand);
    assert!(enhanced.starts_with("A beehive, sharp focus, watercolour, highly detailed"));
    assert_eq!(enhanced.to_lowercase().matches("sharp focus").count(), 1);
    assert!(enhanced.ends_with("no watermark"));
}

#[test]
fn a_prompt_without_a_brand_only_gets_quality_words() {
    let enhanced = enhance("蜂巢。", &Brand::default());
    assert!(enhanced.starts_with("蜂巢, highly detailed"));
}
