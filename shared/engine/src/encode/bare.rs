//! What people do without us: ffmpeg encodes frames and sound out of files; measured against, never used.

use std::path::Path;

use super::{KEY_FRAME_SECONDS, threads};
use crate::composition::Composition;
use crate::ffmpeg::{Arguments, in_protocol};
use crate::mux::AAC;

const COLOURS: [&str; 8] = [
    "-color_range",
    "tv",
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
];

/// The arguments of ffmpeg that give the same images and sound as [`compose()`](crate::compose()).
pub(crate) fn by_ffmpeg(composition: &Composition, frames: &Path, audio: &Path, out: &Path) -> Arguments {
    let output = &composition.output;
    let size = format!("{}x{}", composition.width, composition.height);
    let (fps, crf) = (composition.fps.to_string(), output.crf.to_string());
    let keys = (composition.fps * KEY_FRAME_SECONDS).to_string();
    let rate = format!("{}k", output.audio_kbps);
    // As `encode-frames` does; without the first ffmpeg may not repeat itself either.
    let ahead = output.preset.look_ahead();
    let ahead = ahead.map(|frames| format!(":rc-lookahead={frames}:mbtree=1"));
    let threads = threads(composition).map(|count| format!(":threads={count}"));
    let more = [Some("cpu-independent=1".to_owned()), ahead, threads];
    let more = more.into_iter().flatten().collect::<String>();
    Arguments::new("error")
        .with(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s:v", size.as_str()])
        .with(["-framerate", fps.as_str()])
        .with(COLOURS)
        .with(["-protocol_whitelist", "file", "-i"])
        .with([in_protocol(frames)])
        .input(&[], audio)
        .with(["-map", "0:v:0", "-map", "1:a:0"])
        .with(["-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p"])
        .with([
            "-preset",
            output.preset.name(),
            "-crf",
            crf.as_str(),
            "-g",
            keys.as_str(),
        ])
        .with(["-x264-params", &more])
        .with(COLOURS)
        .with(AAC)
        .with(["-b:a", rate.as_str(), "-map_metadata", "-1", "-bitexact"])
        .with(["-movflags", "+faststart", "-f", "mp4"])
        .output(out)
}
