//! An uploaded file in the form that the compositor takes: upright, standard colours, constant frame rate, one loudness.

use std::fs::{self, Permissions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError};

use domain::asset::{Format, Medium, Refusal, UploadPurpose};
use engine::ffmpeg::{Arguments, limit_for};
use engine::number::round_u32;
use engine::{EngineError, Loudness, Tools, VideoStream, level_stereo, stereo_in_step};
use tempfile::{Builder, NamedTempFile};

use crate::still::{in_srgb, on_white, upright_srgb};
use crate::stream::{MEMORY_BYTES_MAX, MISSING_MS_MAX, tied};
use crate::verdict::refused;
use crate::{Inspection, IntakeError, Sizes, format, head, inspect};

/// Long side of a prepared video; what a short shows, and room to zoom.
const VIDEO_SIDE_MAX: u32 = 1_920;
/// Long side of a prepared image: 4K.
const IMAGE_SIDE_MAX: u32 = 3_840;
/// The worker that prepares has 870 s, also for the transfer and for looking before and after; beyond this a file is
/// refused at once, where the end of the worker would have it tried three times.
const WORK_LIMIT_MAX: Duration = Duration::from_mins(10);
/// Frames per second of a prepared video, the compositor's own.
const FPS: u32 = 30;
/// No visible loss against the upload, at a third of a camera's file.
const JPEG_QUALITY: u8 = 90;
/// Of music, before the mix sets its gain.
const MUSIC_LUFS: f64 = -16.0;

/// Holds the stereo of more channels below full scale, with 3 dB of room for what the encoder overshoots.
///
/// # Measured
/// Five channels of one tone at 0.9 of full scale: 2.3 of full scale without it, 0.70 with it and after AAC, and no more
/// distortion than the tone had (0.8 to 1.0 %). A matrix that cannot pass full scale would take 8 dB from every dialogue.
const FOLD_LIMIT: &str = "alimiter=limit=0.7:level=0:latency=1";

/// Inspects an upload and writes what the compositor takes of it: MP4 (H.264, AAC), JPEG or MP3.
///
/// # Promises
/// Nothing of the upload but its images and sounds is in the result: no metadata, no other streams, no hidden archive.
/// A video without sound stays without; transparency lies on white; an animated WebP gives its first image.
///
/// `out` is written whole or not at all.
///
/// # Errors
/// As [`inspect`].
pub fn prepare(
    tools: &Tools,
    path: &Path,
    purpose: UploadPurpose,
    out: &Path,
) -> Result<Inspection, IntakeError> {
    let found = inspect(tools, path, Some(purpose))?;
    let (head, _) = head(path)?;
    let made = beside(out)?;
    match purpose.rule().medium {
        Medium::Image => image(tools, path, (found.format, &head), made.path())?,
        Medium::Video => video(tools, path, (&found, &head), made.path())?,
        Medium::Sound => sound(tools, path, (&found, &head), made.path())?,
    }
    made.persist(out)
        .map_err(|error| EngineError::io("write", out)(error.error))?;
    Ok(found)
}

/// A file beside the result, with the rights that an ordinary one has; dropped, it is gone.
fn beside(out: &Path) -> Result<NamedTempFile, EngineError> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(EngineError::io("create a file in", folder))
}

fn demuxer(format: Format, head: &[u8]) -> Result<&'static str, EngineError> {
    format::demuxer(format, head).ok_or(EngineError::Internal("images are not given to ffmpeg"))
}

fn image(tools: &Tools, path: &Path, (format, head): (Format, &[u8]), out: &Path) -> Result<(), IntakeError> {
    let image = if format == Format::Webp {
        first_frame(tools, path, demuxer(format, head)?)?
    } else {
        upright_srgb(path, format)?
    };
    let image = if image.width().max(image.height()) > IMAGE_SIDE_MAX {
        image.resize(IMAGE_SIDE_MAX, IMAGE_SIDE_MAX, FilterType::CatmullRom)
    } else {
        image
    };
    let file = fs::File::create(out).map_err(EngineError::io("write", out))?;
    let mut file = BufWriter::new(file);
    JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY)
        .encode_image(&on_white(image))
        .map_err(|source| match source {
            // The disk is full: no word about the image.
            ImageError::IoError(cause) => EngineError::io("write", out)(cause),
            source => EngineError::Image {
                path: out.to_path_buf(),
                source,
            },
        })?;
    file.flush().map_err(EngineError::io("write", out))?;
    Ok(())
}

/// ffmpeg decodes WebP, so that no third decoder of images is in our own memory.
fn first_frame(tools: &Tools, path: &Path, demuxer: &str) -> Result<DynamicImage, IntakeError> {
    let folder = tempfile::tempdir().map_err(EngineError::io("create a folder in", &std::env::temp_dir()))?;
    let frame = folder.path().join("frame.png");
    tied("error", path, demuxer, &[])
        .with([
            "-map",
            "0:v:0",
            "-frames:v",
            "1",
            "-c:v",
            "png",
            "-pix_fmt",
            "rgba",
        ])
        .with(["-f", "image2", "-update", "1"])
        .output(&frame)
        .run_within(tools, limit_for(0), MEMORY_BYTES_MAX)
        .map_err(|error| refused(error, "its image cannot be decoded"))?;
    if !frame.exists() {
        return Err(Refusal::Corrupt.because("it has no image").into());
    }
    // Its profile is in the PNG; ffmpeg has turned it already.
    Ok(in_srgb(&frame, Format::Png)?.0)
}

fn video(
    tools: &Tools,
    path: &Path,
    (found, head): (&Inspection, &[u8]),
    out: &Path,
) -> Result<(), IntakeError> {
    let (Some(stream), Some(shown)) = (&found.video, found.shown) else {
        return Err(EngineError::Internal("a video that was inspected has an image").into());
    };
    let decoder = stream.decoder().map_or(vec![], |decoder| vec!["-c:v", decoder]);
    tied("error", path, demuxer(found.format, head)?, &decoder)
        .with(["-map", &format!("0:{}", stream.index)])
        .with(["-vf", &frames(stream, prepared_size(shown), found.sizes)])
        .with(["-r", &FPS.to_string(), "-fps_mode", "cfr"])
        .with(heard(found))
        .with([
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "18",
            "-profile:v",
            "high",
        ])
        .with(["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"])
        .with(["-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"])
        .with(["-movflags", "+faststart", "-f", "mp4"])
        .output(out)
        .run_within(tools, work_limit(found), MEMORY_BYTES_MAX)
        .map_err(|error| refused(error, "it cannot be decoded to its end"))
        .map(drop)
}

/// The size of a prepared video: as it is shown, even, and no side longer than ours.
fn prepared_size((width, height): (u32, u32)) -> (u32, u32) {
    let most = f64::from(VIDEO_SIDE_MAX);
    let share = (most / f64::from(width.max(height).max(1))).min(1.0);
    let side = |side: u32| (round_u32((f64::from(side) * share).floor()) & !1).max(2);
    (side(width), side(height))
}

/// From the frames of a file, turned by ffmpeg as the file asks, to those that are encoded.
fn frames(stream: &VideoStream, (width, height): (u32, u32), sizes: Sizes) -> String {
    let (cleaned, scale) = (
        stream.cleaned(),
        format!("{width}:{height}:flags=bicubic+accurate_rnd"),
    );
    if sizes == Sizes::Several {
        // ffmpeg begins the filters anew at each change, so they must not keep count of time.
        let scale = format!("{scale}:force_original_aspect_ratio=decrease:force_divisible_by=2");
        let scaled = stream.scaled(&scale);
        return format!("{cleaned},{scaled},pad={width}:{height}:-1:-1,setsar=1");
    }
    let (scaled, rate) = (stream.scaled(&scale), format!("fps={FPS}:start_time=0"));
    // Frames that are dropped are not scaled, and those that are repeated are scaled once.
    if stream.fps > f64::from(FPS) {
        format!("{cleaned},{rate},{scaled},setsar=1")
    } else {
        format!("{cleaned},{scaled},setsar=1,{rate}")
    }
}

/// What of a file is heard, each sample at its time; nothing of a silent one.
fn heard(found: &Inspection) -> Vec<String> {
    let Some(sound) = &found.audio else {
        return vec!["-an".to_owned()];
    };
    let mut stereo = stereo_in_step();
    if sound.channels == 0 {
        // Six channels in step are 8 dB louder than each of them.
        stereo = format!("{stereo},{FOLD_LIMIT}");
    }
    let index = sound.index;
    // A hole is filled up to the end that was told, and no further.
    let seconds = (found.duration_ms + MISSING_MS_MAX).div_ceil(1_000).to_string();
    let map = match sound.right {
        None => ["-map".to_owned(), format!("0:{index}"), "-af".to_owned(), stereo],
        Some(right) => {
            let one =
                |stream: u32, side: u8| format!("[0:{stream}]pan=stereo|c{side}=c0,{stereo}[side{side}]");
            let graph = format!(
                "{};{};[side0][side1]amix=inputs=2:duration=longest:normalize=0[heard]",
                one(index, 0),
                one(right, 1)
            );
            [
                "-filter_complex".to_owned(),
                graph,
                "-map".to_owned(),
                "[heard]".to_owned(),
            ]
        }
    };
    [&map[..], &["-t".to_owned(), seconds]].concat()
}

fn sound(
    tools: &Tools,
    path: &Path,
    (found, head): (&Inspection, &[u8]),
    out: &Path,
) -> Result<(), IntakeError> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let temporary =
        || NamedTempFile::with_suffix_in(".wav", folder).map_err(EngineError::io("create a file in", folder));
    let (raw, level) = (temporary()?, temporary()?);
    let limit = work_limit(found);
    tied("error", path, demuxer(found.format, head)?, &[])
        .with(heard(found))
        .with(["-ar", "48000", "-ac", "2", "-c:a", "pcm_s16le"])
        .with(["-map_metadata", "-1", "-bitexact", "-f", "wav"])
        .output(raw.path())
        .run_within(tools, limit, MEMORY_BYTES_MAX)
        .map_err(|error| refused(error, "its sound cannot be decoded to its end"))?;
    let wanted = Loudness {
        integrated_lufs: MUSIC_LUFS,
        true_peak_dbtp: -1.0,
    };
    level_stereo(tools, raw.path(), level.path(), wanted, limit)?;
    Arguments::new("error")
        .input(&[], level.path())
        .with([
            "-c:a",
            "libmp3lame",
            "-b:a",
            "192k",
            "-map_metadata",
            "-1",
            "-bitexact",
            "-f",
            "mp3",
        ])
        .output(out)
        .run(tools, limit)?;
    Ok(())
}

/// Decoding and encoding again at a tenth of real time at the slowest, and never longer than [`WORK_LIMIT_MAX`].
fn work_limit(found: &Inspection) -> Duration {
    limit_for(found.duration_ms).min(WORK_LIMIT_MAX)
}
