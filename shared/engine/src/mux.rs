//! The last steps of a video: its sound encoded, then image and sound put into one MP4 file.

use std::path::Path;

use crate::composition::{Composition, Output, SoundEffort};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, in_protocol, limit_for};
use crate::tools::Tools;

/// The sound of every video, but for its bit rate.
pub(crate) const AAC: [&str; 6] = ["-c:a", "aac", "-ar", "48000", "-ac", "2"];

/// Parts of a frame in the times of an MP4; what ffmpeg itself would take for a usual rate.
const TICKS_PER_FRAME: u32 = 512;

/// The file that a sound is written to.
#[derive(Clone, Debug)]
pub(crate) enum SoundForm {
    /// 48 kHz, 16 bit.
    Wav { channels: u8 },
    /// The sound of a video, as its settings say.
    M4a(Output),
}

impl SoundForm {
    /// What ffmpeg is told between filters and file.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let plain = ["-map_metadata", "-1", "-bitexact"].map(str::to_owned);
        match self {
            Self::Wav { channels } => {
                let channels = channels.to_string();
                let wav = ["-ar", "48000", "-ac", &channels, "-c:a", "pcm_s16le"].map(str::to_owned);
                [&wav[..], &plain, &["-f", "wav"].map(str::to_owned)].concat()
            }
            Self::M4a(output) => {
                let coder = match output.sound {
                    SoundEffort::Full => "twoloop",
                    SoundEffort::Draft => "fast",
                };
                let rate = format!("{}k", output.audio_kbps);
                let more = ["-aac_coder", coder, "-b:a", &rate].map(str::to_owned);
                [
                    &AAC.map(str::to_owned)[..],
                    &more,
                    &plain,
                    &["-f", "mp4"].map(str::to_owned),
                ]
                .concat()
            }
        }
    }
}

/// Puts a stream of the encoder and an encoded sound into an MP4 file, index in front; nothing is encoded again.
pub(crate) fn join(
    tools: &Tools,
    composition: &Composition,
    (stream, sound): (&Path, &Path),
    out: &Path,
) -> Result<(), EngineError> {
    let fps = composition.fps;
    // A millisecond of the stream is a frame. Times are first made finer by the frame rate, so that a frame is a whole
    // number of ticks in both, and then stretched; the first frame is shown at 0.
    let ticks = |time: &str| format!("{time}=({}-STARTPTS)/{fps}*1000", time.to_uppercase());
    let times = format!(
        "setts=prescale=1:time_base=1/{}:{}:{}:duration=1000",
        fps * 1000,
        ticks("dts"),
        ticks("pts")
    );
    Arguments::new("error")
        .with(["-protocol_whitelist", "file", "-f", "flv", "-i"])
        .with([in_protocol(stream)])
        .input(&[], sound)
        .with([
            "-map",
            "0:v:0",
            "-map",
            "1:a:0",
            "-c",
            "copy",
            "-bsf:v",
            times.as_str(),
        ])
        .with(["-video_track_timescale", &(fps * TICKS_PER_FRAME).to_string()])
        // Packets in the order of their times, however long one of the two is waited for: the same file each time.
        .with(["-max_interleave_delta", "0"])
        .with(["-map_metadata", "-1", "-bitexact"])
        .with(["-movflags", "+faststart", "-f", "mp4"])
        .output(out)
        .run(tools, limit_for(composition.duration_ms()))
        .map(drop)
}
