//! The image that stands for a video: its best of a few frames, as a JPEG.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for};
use crate::number::{real, real_u64, round_u32, round_u64};
use crate::probe::probe;
use crate::tools::Tools;
use crate::yuv_image::{YuvImage, mean};

/// What every platform shows without enlarging.
const WIDTH: u32 = 1080;
/// No ringing around type, and still under 300 kB.
const QUALITY: u8 = 88;
/// Where to look, as parts of the length; early ones first, because the hook is made to be looked at.
const PLACES: [f64; 4] = [0.08, 0.2, 0.45, 0.7];
/// How much better a later frame must be.
const LATER_PENALTY: f64 = 0.92;

/// Writes the best of four frames, 1080 pixels wide.
///
/// # Promises
/// A black or plain frame is never chosen while a better one is there.
///
/// # Errors
/// [`EngineError::Media`] when the file holds no image.
pub fn thumbnail(tools: &Tools, video: &Path, out: &Path) -> Result<(), EngineError> {
    let shape = probe(tools, video)?;
    let stream = shape.video.filter(|stream| stream.width > 0 && stream.height > 0);
    let stream = stream.ok_or_else(|| EngineError::media(video, "it holds no image"))?;
    let height = round_u32(f64::from(stream.height) * f64::from(WIDTH) / f64::from(stream.width) / 2.0) * 2;
    let mut best: Option<(f64, RgbImage)> = None;
    for (number, place) in PLACES.into_iter().enumerate() {
        let at_ms = round_u64(real_u64(shape.duration_ms) * place);
        let Some(frame) = frame(tools, video, at_ms, (WIDTH, height.max(2)))? else {
            continue;
        };
        let score = score(&frame) * LATER_PENALTY.powf(real(number));
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, frame));
        }
    }
    let (_, frame) = best.ok_or_else(|| EngineError::media(video, "no frame of it can be decoded"))?;
    let file = File::create(out).map_err(EngineError::io("create", out))?;
    JpegEncoder::new_with_quality(BufWriter::new(file), QUALITY)
        .encode_image(&frame)
        .map_err(|source| EngineError::Image {
            path: out.to_path_buf(),
            source,
        })
}

fn frame(
    tools: &Tools,
    video: &Path,
    at_ms: u64,
    (width, height): (u32, u32),
) -> Result<Option<RgbImage>, EngineError> {
    let at = format!("{}.{:03}", at_ms / 1000, at_ms % 1000);
    let scale = format!("scale={width}:{height}:flags=bicubic,setsar=1");
    let output = Arguments::new("error")
        .input(&["-ss", &at], video)
        .with([
            "-frames:v",
            "1",
            "-an",
            "-vf",
            &scale,
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "pipe:1",
        ])
        .run(tools, limit_for(0))?;
    Ok(RgbImage::from_raw(width, height, output.stdout))
}

/// Contrast, less what is lost when a frame is very dark or very bright.
fn score(frame: &RgbImage) -> f64 {
    let yuv = YuvImage::from_rgb(frame);
    let [luma, ..] = yuv.planes();
    let middle = mean(luma);
    let spread = luma
        .iter()
        .map(|value| (f64::from(*value) - middle).powi(2))
        .sum::<f64>()
        / real(luma.len()).max(1.0);
    let exposure = 1.0 - ((middle - 110.0) / 130.0).powi(2).min(0.95);
    spread.sqrt() * exposure
}
