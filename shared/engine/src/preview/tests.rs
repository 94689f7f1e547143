//! Drafts: smaller, and otherwise the same.

use serde_json::json;

use super::*;
use crate::subtitles::subtitles;
use crate::testing;

fn composition(width: u32, height: u32) -> Composition {
    let text = "A draft must break its lines where the finished video will, or nobody could judge it by its captions.";
    let words: Vec<_> = text
        .split(' ')
        .enumerate()
        .map(|(number, word)| json!({"text": word, "start_ms": 400 * number, "end_ms": 400 * number + 380}))
        .collect();
    let document = json!({
        "version": 1, "width": width, "height": height,
        "scenes": [{"card": {"top": "#204060"}, "start_ms": 0, "duration_ms": 9_000}],
        "captions": {"language": "en", "words": words, "font_px": 72.0},
    });
    Composition::from_json(&document.to_string()).unwrap()
}

#[test]
fn a_draft_has_360_pixels_on_its_shorter_side_and_the_same_times() {
    for (size, wanted) in [
        ((1080, 1920), (360, 640)),
        ((1920, 1080), (640, 360)),
        ((1080, 1080), (360, 360)),
        ((1080, 1350), (360, 450)),
        ((270, 480), (270, 480)),
    ] {
        let whole = composition(size.0, size.1);
        let draft = whole.preview();
        draft.validate().unwrap();
        assert_eq!((draft.width, draft.height), wanted);
        assert_eq!((draft.frames(), &draft.scenes), (whole.frames(), &whole.scenes));
    }
}

#[test]
fn a_draft_breaks_its_captions_where_the_whole_does() {
    let tools = testing::tools();
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        let whole = composition(width, height);
        assert_eq!(
            subtitles(&tools, &whole).unwrap(),
            subtitles(&tools, &whole.preview()).unwrap()
        );
    }
}
