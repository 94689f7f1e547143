//! How much work a video is, told before it is begun: small files may have frames that nobody can pay for.

use domain::asset::{Refusal, Refused};
use engine::VideoStream;
use engine::number::{real_u64, round_u64};

/// Pixels of all frames that are decoded and encoded for one file.
///
/// # Measured
/// A billion decoded and scaled took 3 s of one processor (4K H.264, 8K VP9), twice that with HDR, and a billion encoded
/// 4 s. The worker has three processors and ten minutes for it: half an hour of 1080p at 60 frames a second is three
/// quarters of this, seven minutes of 4K HDR at 60 all of it.
const PIXELS_MAX: u64 = 450_000_000_000;
/// Of a frame that is encoded.
const PREPARED_PIXELS: u64 = 1_920 * 1_080;
/// Frames a second that are encoded, and decoded where a file does not tell how many it has.
const FPS: f64 = 30.0;

/// Refuses a video of too many pixels in too many frames.
pub(crate) fn is_affordable(video: &VideoStream, duration_ms: u64) -> Result<(), Refused> {
    let seconds = real_u64(duration_ms) / 1_000.0;
    let own_fps = if video.fps > 0.0 { video.fps } else { FPS };
    let own = u64::from(video.width) * u64::from(video.height);
    let weight = if video.is_hdr() { 2.0 } else { 1.0 };
    let pixels =
        real_u64(own) * own_fps * seconds * weight + real_u64(own.min(PREPARED_PIXELS)) * FPS * seconds;
    if pixels <= real_u64(PIXELS_MAX) {
        return Ok(());
    }
    let (own, most) = (round_u64(pixels / 1e9), PIXELS_MAX / 1_000_000_000);
    let reason = format!(
        "all its frames have {own} billion pixels, at most {most} are taken: make it shorter or smaller"
    );
    Err(Refusal::TooCostly.because(reason))
}
