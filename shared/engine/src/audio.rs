//! The mix of a whole video: voice, music that steps back behind it, further tracks, one loudness.

use std::path::Path;

use tempfile::NamedTempFile;

use crate::composition::{Audio, Composition, Music, Track};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::loudness::{Loudness, QUICK_METER, Raw, Target, at_once, normalise, read_meter};
use crate::mux::SoundForm;
use crate::probe::probe;
use crate::tools::Tools;

mod clips;

use clips::clip_tracks;

/// The form in which everything is mixed.
const STEREO: &str = "aresample=48000:out_chlayout=stereo:out_sample_fmt=fltp";
/// What keeps a sound in step with its images, behind [`STEREO`]: silence before a late start and in a hole of 20 ms or
/// more, and nothing from before the start.
///
/// Mixing filters take samples as they come, whatever their times are.
const IN_STEP: &str = "async=1:first_pts=0:min_hard_comp=0.02";

/// Filters that bring a sound of any form to 48 kHz stereo, each sample at its time.
pub fn stereo_in_step() -> String {
    format!("{STEREO}:{IN_STEP}")
}
/// About 10 dB of reduction under speech; the slow release keeps it from pumping between words.
const DUCK: &str = "sidechaincompress=threshold=0.03:ratio=6:attack=15:release=450";

/// Mixes everything heard to the video's exact length and loudness.
///
/// # Limits
/// Sound streams through ffmpeg and files: memory does not grow with the length.
pub(crate) fn mix(
    tools: &Tools,
    composition: &Composition,
    output: &Path,
    form: SoundForm,
) -> Result<(), EngineError> {
    let (raw, before) = mixed(tools, composition, output)?;
    normalise(tools, (raw.path(), before), output, &target(composition, form))
}

/// The same for a draft; answers with the loudness before it was encoded, its peak that of samples.
pub(crate) fn draft(
    tools: &Tools,
    composition: &Composition,
    output: &Path,
) -> Result<Loudness, EngineError> {
    let (raw, before) = mixed(tools, composition, output)?;
    let form = SoundForm::M4a(composition.output.clone());
    at_once(tools, (raw.path(), before), output, &target(composition, form))
}

fn target(composition: &Composition, form: SoundForm) -> Target {
    let (integrated_lufs, true_peak_dbtp) = composition.audio.levels();
    Target {
        integrated_lufs,
        true_peak_dbtp,
        form,
        limit: limit_for(composition.duration_ms()),
    }
}

/// Everything heard in a file beside the one that it is for, and how loud it is.
fn mixed(
    tools: &Tools,
    composition: &Composition,
    output: &Path,
) -> Result<(NamedTempFile, Raw), EngineError> {
    let duration_ms = composition.duration_ms();
    let folder = output.parent().unwrap_or(Path::new("."));
    let clips = clip_tracks(tools, composition, folder)?;
    let mut audio = composition.audio.clone();
    audio.tracks.extend_from_slice(&clips.tracks);
    let audio = &audio;
    let raw = temporary(folder)?;
    let mut arguments = Arguments::new("info");
    if let Some(voice) = &audio.voice {
        must_exist(voice)?;
        arguments = arguments.input(&[], voice);
    } else {
        arguments = arguments.with(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]);
    }
    if let Some(music) = &audio.music {
        must_exist(&music.path)?;
        arguments = arguments.input(&["-stream_loop", "-1"], &music.path);
    }
    let mut lengths_ms = Vec::with_capacity(audio.tracks.len());
    for track in &audio.tracks {
        must_exist(&track.path)?;
        arguments = arguments.input(&["-ss", &seconds(track.from_ms)], &track.path);
        lengths_ms.push(length_ms(tools, track, duration_ms)?);
    }
    let report = arguments
        .with([
            "-filter_complex",
            &graph(audio, &lengths_ms, duration_ms, composition.fade_out_ms),
            "-map",
            "[mix]",
        ])
        // In whole numbers a sum beyond full scale would be cut off before its loudness is set.
        .with(["-t", &seconds(duration_ms), "-c:a", "pcm_f32le"])
        .with(["-map_metadata", "-1", "-bitexact", "-f", "wav"])
        .output(raw.path())
        .run(tools, limit_for(duration_ms))?;
    let before = Raw::from(read_meter(raw.path(), &report.stderr)?);
    Ok((raw, before))
}

/// How long a track is heard; the file is asked only when a fade depends on it.
fn length_ms(tools: &Tools, track: &Track, duration_ms: u64) -> Result<u64, EngineError> {
    let room_ms = duration_ms.saturating_sub(track.start_ms);
    if let Some(length_ms) = track.length_ms {
        return Ok(length_ms.min(room_ms));
    }
    if track.fade_out_ms == 0 {
        return Ok(room_ms);
    }
    let file_ms = probe(tools, &track.path)?.duration_ms;
    Ok(file_ms.saturating_sub(track.from_ms).min(room_ms))
}

/// The filter graph: what is spoken, what steps back behind it, and the rest, all cut to the video.
fn graph(audio: &Audio, lengths_ms: &[u64], duration_ms: u64, fade_out_ms: u64) -> String {
    let length = seconds(duration_ms);
    let start_ms = audio.voice_start_ms;
    let mut parts = vec![format!(
        "[0:a:0]{STEREO}:{IN_STEP},adelay={start_ms}:all=1,apad,atrim=0:{length}[voice]"
    )];
    let (mut spoken, mut heard) = (vec!["[voice]".to_owned()], Vec::new());
    let first = 1 + usize::from(audio.music.is_some());
    for ((number, track), length_ms) in audio.tracks.iter().enumerate().zip(lengths_ms) {
        let name = format!("[track{number}]");
        let chain = placed(track, *length_ms, &length);
        parts.push(format!(
            "[{}:a:0]{STEREO}:{IN_STEP},{chain}{name}",
            first + number
        ));
        if track.speech {
            spoken.push(name);
        } else {
            heard.push(name);
        }
    }
    let speaks = audio.voice.is_some() || spoken.len() > 1;
    match &audio.music {
        Some(music) if music.ducking && speaks => {
            parts.push(format!("{},asplit=2[speech][key]", sum(&spoken)));
            parts.push(format!("{}[bed]", bed(music, duration_ms)));
            parts.push(format!("[bed][key]{DUCK}[low]"));
            heard.splice(0..0, ["[speech]".to_owned(), "[low]".to_owned()]);
        }
        Some(music) => {
            parts.push(format!("{}[bed]", bed(music, duration_ms)));
            spoken.push("[bed]".to_owned());
            heard.splice(0..0, spoken);
        }
        None => {
            heard.splice(0..0, spoken);
        }
    }
    let end = if fade_out_ms > 0 {
        format!(",{}", fade_out(duration_ms, fade_out_ms))
    } else {
        String::new()
    };
    parts.push(format!("{}{end},{QUICK_METER}[mix]", sum(&heard)));
    parts.join(";")
}

/// Several sounds as one, as long as the first; one goes through as it is.
fn sum(names: &[String]) -> String {
    match names {
        [one] => format!("{one}anull"),
        _ => format!(
            "{}amix=inputs={}:duration=first:normalize=0",
            names.concat(),
            names.len()
        ),
    }
}

fn bed(music: &Music, duration_ms: u64) -> String {
    format!(
        "[1:a:0]{STEREO},volume={:.2}dB,apad,atrim=0:{}{}",
        music.gain_db,
        seconds(duration_ms),
        fades([music.fade_in_ms, music.fade_out_ms], duration_ms)
    )
}

/// Cut, faded, moved to its time, and as long as the video.
fn placed(track: &Track, length_ms: u64, video: &str) -> String {
    format!(
        "atrim=0:{},volume={:.2}dB{},adelay={}:all=1,apad,atrim=0:{video}",
        seconds(length_ms),
        track.gain_db,
        fades([track.fade_in_ms, track.fade_out_ms], length_ms),
        track.start_ms
    )
}

/// The fades at both ends of a sound, each behind a comma; one of no length is left out.
fn fades([fade_in_ms, fade_out_ms]: [u64; 2], duration_ms: u64) -> String {
    let begin = if fade_in_ms == 0 {
        String::new()
    } else {
        format!(",afade=t=in:st=0:d={}", seconds(fade_in_ms))
    };
    match fade_out_ms.min(duration_ms) {
        0 => begin,
        length_ms => format!("{begin},{}", fade_out(duration_ms, length_ms)),
    }
}

fn fade_out(duration_ms: u64, length_ms: u64) -> String {
    let start_ms = duration_ms.saturating_sub(length_ms);
    format!("afade=t=out:st={}:d={}", seconds(start_ms), seconds(length_ms))
}

/// Milliseconds as ffmpeg reads them.
pub(crate) fn seconds(time_ms: u64) -> String {
    format!("{}.{:03}", time_ms / 1000, time_ms % 1000)
}

/// A WAV file in a folder that goes when it is dropped.
pub(crate) fn temporary(folder: &Path) -> Result<NamedTempFile, EngineError> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    tempfile::Builder::new()
        .suffix(".wav")
        .tempfile_in(folder)
        .map_err(EngineError::io("create a file in", folder))
}

#[cfg(test)]
mod tests;
