//! The voice: espeak-ng as a process, one call per section, joined to one track.
//!
//! `runs` hands foreign script to a voice that reads it, `process` runs the program,
//! `words` says when each word is heard, `track` joins the scenes.

use std::path::Path;

use catalogue::{LOCAL, Voice, find_voice};
use domain::ports::Work;
use engine::{Tools, VoiceOptions, normalise_voice};
use providers::pace::gap_ms;
use providers::{Call, ProviderError, ProviderReply, Speech, VoiceBrief, VoiceMaker};
use spoken_text::spoken;

use self::process::{failed, utter};
use self::runs::Pace;
use self::track::{Joined, Track};
use crate::{LocalTools, nothing_pending};

mod process;
mod runs;
mod track;
mod wave;
mod words;

/// Loudness of a finished track: the usual one of narration; the video's mix sets the final one.
const TARGET_LUFS: f64 = -16.0;

/// How often the pace is changed until the track is as long as it may be; twice is enough for nearly every script.
const FITS_MAX: usize = 4;
/// A track this part shorter than it may be is as long as was asked.
const SHORT_PART: u32 = 40;
/// What is added to the computed pace: pauses do not get shorter as words do.
const FIT_STEP_PERMILLE: u32 = 6;
/// The slowest and the fastest pace that still sounds like the asked speed, in thousandths.
const FIT_MIN: u32 = 880;
const FIT_MAX: u32 = 1150;

/// Speaks with espeak-ng.
#[derive(Debug, Clone)]
pub struct LocalVoices {
    tools: LocalTools,
}

impl LocalVoices {
    /// A maker that finds its process with `tools`.
    pub fn new(tools: &LocalTools) -> Self {
        Self { tools: tools.clone() }
    }

    async fn speech(&self, brief: &VoiceBrief) -> Result<Speech, ProviderError> {
        let voice_id = brief.voice_id.as_deref();
        let voice =
            find_voice(LOCAL, brief.language, voice_id).ok_or_else(|| ProviderError::UnknownVoice {
                voice_id: voice_id.unwrap_or_default().to_owned(),
            })?;
        let folder = tempfile::tempdir().map_err(|e| failed("making a folder for the voice", e))?;
        let joined = self.fitted(brief, voice, folder.path()).await?;
        let tools = Tools {
            ffmpeg: self.tools.ffmpeg.clone(),
            fonts_dir: self.tools.fonts_dir.clone(),
        };
        let path = folder.path().to_path_buf();
        // The engine blocks while ffmpeg measures and sets the loudness.
        tokio::task::spawn_blocking(move || levelled(&tools, joined, &path))
            .await
            .map_err(|e| failed("setting the loudness", e))?
    }

    /// The track at the pace that makes it as long as it may be.
    ///
    /// # Promises
    /// A script that was written for a length is not longer than that, unless the engine would have to hurry by more
    /// than a listener takes for natural.
    async fn fitted(
        &self,
        brief: &VoiceBrief,
        voice: &Voice,
        folder: &Path,
    ) -> Result<Joined, ProviderError> {
        let mut pace = Pace {
            speed_percent: brief.speed_percent,
            fit_permille: 1000,
        };
        let mut best = self.joined(brief, voice, pace, folder).await?;
        let Some(wanted_ms) = brief.length_ms_max else {
            return Ok(best);
        };
        let mut length_ms = best.wave.duration_ms();
        for _ in 0..FITS_MAX {
            let short_ms = wanted_ms.checked_sub(length_ms);
            if short_ms.is_some_and(|short_ms| short_ms <= wanted_ms / SHORT_PART) {
                break;
            }
            let fit = pace.fit_permille.saturating_mul(length_ms).checked_div(wanted_ms);
            pace.fit_permille = fit
                .unwrap_or(1000)
                .saturating_add(FIT_STEP_PERMILLE)
                .clamp(FIT_MIN, FIT_MAX);
            let next = self.joined(brief, voice, pace, folder).await?;
            length_ms = next.wave.duration_ms();
            if is_nearer(length_ms, best.wave.duration_ms(), wanted_ms) {
                best = next;
            }
        }
        Ok(best)
    }

    async fn joined(
        &self,
        brief: &VoiceBrief,
        voice: &Voice,
        pace: Pace,
        folder: &Path,
    ) -> Result<Joined, ProviderError> {
        let mut track = Track::new(brief.language, gap_ms(brief.language, brief.speed_percent));
        for text in &brief.sections {
            let said = spoken(text, brief.language);
            let mut runs = runs::split(&said.text, voice, pace);
            runs.retain(|run| run.text.chars().any(char::is_alphanumeric));
            let mut stretches = Vec::with_capacity(runs.len());
            for run in &runs {
                stretches.push((run.start, utter(&self.tools, run, folder).await?));
            }
            track.add(text, &said, stretches);
        }
        Ok(track.finish())
    }
}

/// Whether a length is a better answer than another: not above what is wanted, and then next to it.
const fn is_nearer(length_ms: u32, known_ms: u32, wanted_ms: u32) -> bool {
    match (length_ms <= wanted_ms, known_ms <= wanted_ms) {
        (true, true) => length_ms > known_ms,
        (false, false) => length_ms < known_ms,
        (fits, _) => fits,
    }
}

fn levelled(tools: &Tools, joined: Joined, folder: &Path) -> Result<Speech, ProviderError> {
    let doing = "setting the loudness";
    let (raw, level) = (folder.join("raw.wav"), folder.join("level.wav"));
    std::fs::write(&raw, joined.wave.into_bytes()).map_err(|e| failed(doing, e))?;
    // Silence at the ends is ours and holds the times in place.
    let options = VoiceOptions {
        target_lufs: TARGET_LUFS,
        trim_silence: false,
        ..VoiceOptions::default()
    };
    let report = normalise_voice(tools, &raw, &level, options).map_err(|e| failed(doing, e))?;
    let wav = std::fs::read(&level).map_err(|e| failed(doing, e))?;
    let duration_ms = u32::try_from(report.duration_ms).map_err(|e| failed(doing, e))?;
    let mut scene_marks_ms = joined.starts_ms;
    scene_marks_ms.push(duration_ms);
    Ok(Speech {
        wav,
        duration_ms,
        words: joined.words,
        scene_marks_ms,
    })
}

impl VoiceMaker for LocalVoices {
    fn speak<'a>(
        &'a self,
        _call: &'a Call,
        brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>> {
        Box::pin(async move { self.speech(brief).await.map(ProviderReply::Done) })
    }

    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        _brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>> {
        Box::pin(async move { Err(nothing_pending(external_id)) })
    }
}

#[cfg(test)]
mod tests;
