//! The rules of what is heard.

use crate::composition::sound::{Audio, Music, Track};
use crate::composition::validate::{file, rule, within};
use crate::error::EngineError;

/// Each is one more decoder at work.
const TRACKS_MAX: usize = 64;
/// Shorter is a click.
const TRACK_MS_MIN: u64 = 10;

pub(super) fn audio(audio: &Audio, duration_ms: u64) -> Result<(), EngineError> {
    within("audio.target_lufs", audio.target_lufs, -31.0..=-9.0)?;
    within("audio.true_peak_dbtp", audio.true_peak_dbtp, -9.0..=0.0)?;
    within("audio.voice_start_ms", audio.voice_start_ms, 0..=duration_ms)?;
    if let Some(voice) = &audio.voice {
        file("audio.voice", voice)?;
    }
    if let Some(music) = &audio.music {
        self::music(music, duration_ms)?;
    }
    within("audio.tracks.length", audio.tracks.len(), 0..=TRACKS_MAX)?;
    for (number, track) in audio.tracks.iter().enumerate() {
        self::track(&format!("audio.tracks[{number}]"), track, duration_ms)?;
    }
    Ok(())
}

fn music(music: &Music, duration_ms: u64) -> Result<(), EngineError> {
    file("audio.music.path", &music.path)?;
    within("audio.music.gain_db", music.gain_db, -60.0..=12.0)?;
    within("audio.music.fade_in_ms", music.fade_in_ms, 0..=duration_ms)
}

fn track(field: &str, track: &Track, duration_ms: u64) -> Result<(), EngineError> {
    file(&format!("{field}.path"), &track.path)?;
    let last_ms = duration_ms.saturating_sub(1);
    within(format!("{field}.start_ms"), track.start_ms, 0..=last_ms)?;
    within(format!("{field}.gain_db"), track.gain_db, -60.0..=12.0)?;
    let length_ms = track.length_ms.unwrap_or(duration_ms);
    if track.length_ms.is_some() {
        within(
            format!("{field}.length_ms"),
            length_ms,
            TRACK_MS_MIN..=duration_ms,
        )?;
    }
    let fades_ms = track.fade_in_ms.saturating_add(track.fade_out_ms);
    rule(
        fades_ms <= length_ms,
        format!("{field}.fade_out_ms"),
        "both fades together are longer than the track",
    )
}
