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
fn without_the_request_the_video_is_left_alone() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let mut composition = composition(folder.path());
    if let Some(captions) = &mut composition.captions {
        captions.soft_track = false;
    }
    let video = PathBuf::from("never-read.mp4");
    assert_eq!(added(&tools, &composition, video.clone()).unwrap(), video);
}

#[test]
fn a_long_pause_between_captions_gives_the_same_file_each_time() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let mut composition = composition(folder.path());
    composition.scenes[0].duration_ms = 20_000;
    // A pause longer than ffmpeg waits for a track that has nothing to say.
    let captions = composition.captions.as_mut().unwrap();
    captions.words[1].start_ms = 18_000;
    captions.words[1].end_ms = 18_400;
    let [first, second] = ["first.mp4", "second.mp4"].map(|name| folder.path().join(name));
    for out in [&first, &second] {
        crate::compose(&tools, &composition, out, &mut |_| {}).unwrap();
    }
    assert!(fs::read(&first).unwrap() == fs::read(&second).unwrap());
}
