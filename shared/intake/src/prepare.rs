//! An uploaded file in the form that the compositor takes: upright, standard colours, constant frame rate, one loudness.

use std::fs::{self, Permissions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat};

use domain::asset::{Format, Medium, Refusal, UploadPurpose};
use engine::ffmpeg::{Arguments, limit_for};
use engine::{EngineError, Loudness, Tools, level_stereo};
use tempfile::{Builder, NamedTempFile};

use crate::still::{on_white, upright};
use crate::stream::{MEMORY_BYTES_MAX, tied};
use crate::verdict::refused;
use crate::{Inspection, IntakeError, format, head, inspect};

/// Long side of a prepared video; what a short shows, and room to zoom.
const VIDEO_SIDE_MAX: u32 = 1_920;
/// Long side of a prepared image: 4K.
const IMAGE_SIDE_MAX: u32 = 3_840;
/// Frames per second of a prepared video, the compositor's own.
const FPS: u32 = 30;
/// No visible loss against the upload, at a third of a camera's file.
const JPEG_QUALITY: u8 = 90;
/// Of music, before the mix sets its gain.
const MUSIC_LUFS: f64 = -16.0;

/// HLG and PQ to BT.709: linear light with its white at 203 cd/m² (ITU-R BT.2408-7, table 1), the smaller gamut, and a
/// curve that keeps the highlights.
const TO_SDR: &str = "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,\
                      zscale=t=bt709:m=bt709:r=tv,";

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
        upright(path, format)?.0
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
    let bytes = fs::read(&frame).map_err(|_none| Refusal::Corrupt.because("it has no image"))?;
    let image = image::load_from_memory_with_format(&bytes, ImageFormat::Png);
    Ok(image.map_err(|source| EngineError::Image { path: frame, source })?)
}

fn video(
    tools: &Tools,
    path: &Path,
    (found, head): (&Inspection, &[u8]),
    out: &Path,
) -> Result<(), IntakeError> {
    // ffmpeg turns the frames itself; then pixels become square, sides even and at most so long.
    let size = format!(
        "scale='trunc(iw*sar/2)*2':'trunc(ih/2)*2':flags=bicubic,setsar=1,\
         scale='min(iw,{VIDEO_SIDE_MAX})':'min(ih,{VIDEO_SIDE_MAX})':force_original_aspect_ratio=decrease:\
         force_divisible_by=2:flags=bicubic:out_color_matrix=bt709:out_range=tv"
    );
    let tone = if found.hdr { TO_SDR } else { "" };
    let filter = format!("{tone}{size},fps={FPS},format=yuv420p");
    let tags = [
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
        "-color_range",
        "tv",
    ];
    tied("error", path, demuxer(found.format, head)?, &[])
        .with(["-map", "0:v:0", "-map", "0:a:0?", "-vf", filter.as_str()])
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
        .with(tags)
        .with(["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"])
        .with(["-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"])
        .with(["-movflags", "+faststart", "-f", "mp4"])
        .output(out)
        .run_within(tools, work_limit(found), MEMORY_BYTES_MAX)
        .map_err(|error| refused(error, "it cannot be decoded to its end"))
        .map(drop)
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
        .with(["-map", "0:a:0", "-ar", "48000", "-ac", "2", "-c:a", "pcm_s16le"])
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

/// Decoding and encoding again at a tenth of real time at the slowest.
fn work_limit(found: &Inspection) -> Duration {
    limit_for(found.duration_ms)
}
