//! The parts make the same video as the whole.

use std::fs;
use std::process::Command;

use super::*;
use crate::compose::compose;
use crate::testing;

#[test]
fn the_encoder_alone_makes_the_very_same_file() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let image = folder.path().join("0.png");
    image::RgbImage::from_fn(90, 160, |x, y| {
        image::Rgb([40, crate::number::low_byte(x + y), 90])
    })
    .save(&image)
    .unwrap();
    let voice = folder.path().join("voice.wav");
    testing::voice(&voice, 900, 0.4);
    let scene = serde_json::json!({
        "image": image, "start_ms": 0, "duration_ms": 1_000, "motion": {"kind": "zoom_in"}
    });
    let document = serde_json::json!({
        "version": 1, "width": 90, "height": 160, "scenes": [scene], "audio": {"voice": voice}
    });
    let composition = Composition::from_json(&document.to_string()).unwrap();

    let whole = folder.path().join("whole.mp4");
    compose(&tools, &composition, &whole, &mut |_| {}).unwrap();
    let parts = parts(&tools, &composition, folder.path()).unwrap();
    assert_eq!(parts.count, 30);
    assert_eq!(fs::metadata(&parts.frames).unwrap().len(), 30 * 90 * 160 * 3 / 2);
    let status = Command::new(&tools.ffmpeg).args(&parts.encoder).status().unwrap();
    assert!(status.success());
    assert!(fs::read(folder.path().join("encoded.mp4")).unwrap() == fs::read(&whole).unwrap());
}
