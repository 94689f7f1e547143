//! The soft track: read back out of the video, it is what was written.

use std::path::Path;

use super::*;
use crate::composition::{Captions, Scene, Visual, Word};
use crate::testing;

fn composition(folder: &Path) -> Composition {
    let image = folder.join("grey.png");
    image::RgbImage::from_pixel(64, 64, image::Rgb([90, 90, 90]))
        .save(&image)
        .unwrap();
    let scene = Scene::new(Visual::Image(image), 0, 1_500);
    let word = |text: &str, start_ms| Word {
        text: text.into(),
        start_ms,
        end_ms: start_ms + 400,
    };
    let words = vec![word("שלום", 100), word("עולם", 500)];
    let captions = Captions {
        soft_track: true,
        ..Captions::new(testing::language("he"), words)
    };
    Composition::of_scenes((128, 128), vec![scene], Some(captions))
}

#[test]
fn the_track_holds_the_cues_and_the_language() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let composition = composition(folder.path());
    let out = folder.path().join("out.mp4");
    crate::compose(&tools, &composition, &out, &mut |_| {}).unwrap();
    let back = folder.path().join("back.srt");
    let run = Arguments::new("info")
        .input(&[], &out)
        .with(["-map", "0:s:0", "-f", "srt"])
        .output(&back)
        .run(&tools, limit_for(0))
        .unwrap();
    assert!(run.stderr.contains("(heb): Subtitle: mov_text"), "{}", run.stderr);
    let written = subtitles(&tools, &composition).unwrap().to_srt();
    assert_eq!(fs::read_to_string(&back).unwrap().trim(), written.trim());
    let probe = crate::probe(&tools, &out).unwrap();
    assert!(probe.faststart && probe.video.is_some() && probe.audio.is_some());
}

#[test]
fn without_the_wish_the_video_is_left_alone() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let mut composition = composition(folder.path());
    if let Some(captions) = &mut composition.captions {
        captions.soft_track = false;
    }
    let video = PathBuf::from("never-read.mp4");
    assert_eq!(added(&tools, &composition, video.clone()).unwrap(), video);
}
