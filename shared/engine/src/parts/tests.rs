//! The parts make the same video as the whole.

use std::fs;
use std::process::Command;

use super::*;
use crate::compose::compose;
use crate::testing;

#[test]
fn ffmpeg_and_the_encoder_alone_make_the_very_same_images_and_sounds() {
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
    let status = Command::new(&parts.encoder[0]).args(&parts.encoder[1..]).status();
    assert!(status.unwrap().success());
    let status = Command::new(&tools.ffmpeg).args(&parts.ffmpeg).status();
    assert!(status.unwrap().success());
    assert_eq!(
        packets(&tools, &folder.path().join("encoded.mp4")),
        packets(&tools, &whole)
    );
    assert_eq!(
        images(&tools, &folder.path().join("stream.flv")),
        images(&tools, &whole)
    );
}

/// Half a minute of four images in motion, with words on them.
fn half_a_minute(folder: &Path) -> Composition {
    let scenes = (0_u32..4).map(|number| {
        let image = folder.join(format!("{number}.png"));
        image::RgbImage::from_fn(270, 480, |x, y| {
            let grain = (x * 7_919 + y * 104_729 + number * 31) % 61;
            let level = crate::number::low_byte((x / 3 + y / 2 + grain) % 256);
            image::Rgb([level, level / 2 + 60, 200 - level / 2])
        })
        .save(&image)
        .unwrap();
        let kind = if number == 0 { "cut" } else { "fade" };
        serde_json::json!({
            "image": image, "start_ms": number * 7_500, "duration_ms": 7_500,
            "motion": {"kind": "zoom_in", "amount": 0.15},
            "transition_in": {"kind": kind, "duration_ms": if number == 0 { 0 } else { 500 }},
        })
    });
    let words = (0_u32..60).map(|number| {
        let start_ms = number * 490;
        serde_json::json!({"text": format!("word{number}"), "start_ms": start_ms, "end_ms": start_ms + 490})
    });
    let document = serde_json::json!({
        "version": 1, "width": 270, "height": 480,
        "scenes": scenes.collect::<Vec<_>>(),
        "captions": {"language": "en", "words": words.collect::<Vec<_>>(), "font_px": 24.0},
    });
    Composition::from_json(&document.to_string()).unwrap()
}

#[test]
fn half_a_minute_is_the_same_each_time_and_with_any_instructions_of_the_processor() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let composition = half_a_minute(folder.path());
    let parts = parts(&tools, &composition, folder.path()).unwrap();
    let videos = ["a.mp4", "b.mp4"].map(|name| folder.path().join(name));
    // Side by side, so that their threads meet in another order each time.
    std::thread::scope(|scope| {
        for out in &videos {
            scope.spawn(|| compose(&tools, &composition, out, &mut |_| {}).unwrap());
        }
    });
    assert!(fs::read(&videos[0]).unwrap() == fs::read(&videos[1]).unwrap());
    // Width 270 is no multiple of 128, see `encode_frames.c`.
    let plain = parts
        .ffmpeg
        .iter()
        .map(|part| part.replace("cpu-independent=1", "cpu-independent=1:asm=0"));
    assert!(
        Command::new(&tools.ffmpeg)
            .args(plain)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(
        images(&tools, &folder.path().join("encoded.mp4")),
        images(&tools, &videos[0])
    );
}

/// Times and sizes of all packets; the first of the image also holds the encoder's notes.
fn packets(tools: &Tools, video: &Path) -> Vec<String> {
    let text = told(tools, video, &["-c", "copy", "-f", "framecrc"]);
    let fields = |line: &str| {
        line.split(',')
            .take(4)
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ")
    };
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            if line.starts_with("1,") {
                line.to_owned()
            } else {
                fields(line)
            }
        })
        .collect()
}

/// Hash of what is seen.
fn images(tools: &Tools, video: &Path) -> String {
    told(
        tools,
        video,
        &["-map", "0:v", "-fps_mode", "passthrough", "-f", "md5"],
    )
}

fn told(tools: &Tools, video: &Path, how: &[&str]) -> String {
    let mut command = Command::new(&tools.ffmpeg);
    command
        .args(["-loglevel", "error", "-i"])
        .arg(video)
        .args(how)
        .arg("-");
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}
