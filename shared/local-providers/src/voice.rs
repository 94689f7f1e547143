//! The voice: espeak-ng as a process, one call per section, joined to one track.
//!
//! `runs` hands foreign script to a voice that reads it, `process` runs the program,
//! `words` says when each word is heard, `track` joins the scenes.

use std::path::Path;

use catalogue::{LOCAL, VOICE_MODEL, find_voice};
use domain::ports::Work;
use engine::{Tools, VoiceOptions, normalise_voice};
use providers::pace::gap_ms;
use providers::{Call, ProviderError, ProviderReply, Speech, VoiceBrief, VoiceMaker};

use self::process::{failed, utter};
use self::track::{Joined, Track};
use crate::{LocalTools, nothing_pending};

mod process;
mod runs;
mod track;
mod wave;
mod words;

/// Loudness of a finished track: the usual one of narration; the video's mix sets the final one.
const TARGET_LUFS: f64 = -16.0;

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

    async fn spoken(&self, brief: &VoiceBrief) -> Result<Speech, ProviderError> {
        let voice_id = brief.voice_id.as_deref();
        let voice =
            find_voice(LOCAL, brief.language, voice_id).ok_or_else(|| ProviderError::UnknownVoice {
                voice_id: voice_id.unwrap_or_default().to_owned(),
            })?;
        let folder = tempfile::tempdir().map_err(|e| failed("making a folder for the voice", e))?;
        let mut track = Track::new(brief.language, gap_ms(brief.language, brief.speed_percent));
        for text in &brief.sections {
            let mut runs = runs::split(text, voice, brief.speed_percent);
            runs.retain(|run| run.text.chars().any(char::is_alphanumeric));
            let mut stretches = Vec::with_capacity(runs.len());
            for run in &runs {
                stretches.push((run.start, utter(&self.tools, run, folder.path()).await?));
            }
            track.add(text, stretches);
        }
        let tools = Tools {
            ffmpeg: self.tools.ffmpeg.clone(),
            fonts_dir: self.tools.fonts_dir.clone(),
        };
        let joined = track.finish();
        let path = folder.path().to_path_buf();
        // The engine blocks while ffmpeg measures and sets the loudness.
        tokio::task::spawn_blocking(move || levelled(&tools, joined, &path))
            .await
            .map_err(|e| failed("setting the loudness", e))?
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
    fn provider(&self) -> &'static str {
        LOCAL
    }

    fn model(&self) -> &'static str {
        VOICE_MODEL
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn speak<'a>(
        &'a self,
        _call: &'a Call,
        brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>> {
        Box::pin(async move { self.spoken(brief).await.map(ProviderReply::Done) })
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
