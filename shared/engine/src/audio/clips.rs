//! The sound of clips: each becomes a track that is heard for as long as its clip is seen.

use std::path::Path;

use tempfile::NamedTempFile;

use crate::audio::{seconds, stereo_in_step, temporary};
use crate::composition::{AtEnd, Clip, ClipSound, Composition, Scene, Track, TransitionKind, Visual};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::probe::probe;
use crate::tools::Tools;

/// A sound that begins or ends between two samples far apart clicks.
const CLICK_MS: u64 = 10;

/// Tracks, and the files that some of them read, which go when this is dropped.
#[derive(Debug, Default)]
pub(super) struct ClipTracks {
    pub(super) tracks: Vec<Track>,
    files: Vec<NamedTempFile>,
}

/// When a clip is seen.
///
/// # Units
/// Milliseconds.
#[derive(Clone, Copy, Debug)]
struct Seen {
    start: u64,
    length: u64,
    /// Those of its scene.
    fades: [u64; 2],
}

/// The tracks of all clips that are heard; one without sound has none.
pub(super) fn clip_tracks(
    tools: &Tools,
    composition: &Composition,
    folder: &Path,
) -> Result<ClipTracks, EngineError> {
    let mut found = ClipTracks::default();
    for (number, scene) in composition.scenes.iter().enumerate() {
        let seen = seen(scene, composition.scenes.get(number + 1));
        for visual in scene.visuals() {
            if let Visual::Clip(clip) = visual
                && let Some(sound) = clip.sound
            {
                found.add(tools, (clip, sound), seen, folder)?;
            }
        }
    }
    Ok(found)
}

/// A scene goes on while the next one comes in over it.
fn seen(scene: &Scene, next: Option<&Scene>) -> Seen {
    let change_ms = |scene: &Scene| match scene.transition_in.kind {
        TransitionKind::Cut => 0,
        _ => scene.transition_in.duration_ms,
    };
    let tail_ms = next.map_or(0, change_ms);
    Seen {
        start: scene.start_ms,
        length: scene.duration_ms.saturating_add(tail_ms),
        fades: [change_ms(scene), tail_ms].map(|fade_ms| fade_ms.max(CLICK_MS)),
    }
}

impl ClipTracks {
    fn add(
        &mut self,
        tools: &Tools,
        (clip, sound): (&Clip, ClipSound),
        seen: Seen,
        folder: &Path,
    ) -> Result<(), EngineError> {
        must_exist(&clip.path)?;
        let file = probe(tools, &clip.path)?;
        if file.audio.is_none() {
            return Ok(());
        }
        let rest_ms = file.duration_ms.saturating_sub(clip.from_ms);
        let part_ms = clip.length_ms.map_or(rest_ms, |length_ms| length_ms.min(rest_ms));
        if part_ms < CLICK_MS {
            return Ok(());
        }
        let heard_ms = match clip.at_end {
            AtEnd::Loop => seen.length,
            AtEnd::Hold => seen.length.min(part_ms),
        };
        let whole = Track {
            from_ms: clip.from_ms,
            ..Track::new(&clip.path, seen.start)
        };
        let source = if heard_ms > part_ms {
            let file = repeated(tools, (clip, part_ms), heard_ms, folder)?;
            let track = Track::new(file.path(), seen.start);
            self.files.push(file);
            track
        } else {
            whole
        };
        // What ends by itself does not fade with a scene that goes on.
        let end_ms = if heard_ms < seen.length {
            CLICK_MS
        } else {
            seen.fades[1]
        };
        self.tracks.push(Track {
            length_ms: Some(heard_ms),
            gain_db: sound.gain_db,
            fade_in_ms: seen.fades[0].min(heard_ms / 2),
            fade_out_ms: end_ms.min(heard_ms / 2),
            speech: sound.speech,
            ..source
        });
        Ok(())
    }
}

/// A part of a clip's sound, as often as it takes to fill a time; through files, so that memory does not grow with it.
fn repeated(
    tools: &Tools,
    (clip, part_ms): (&Clip, u64),
    heard_ms: u64,
    folder: &Path,
) -> Result<NamedTempFile, EngineError> {
    let (part, all) = (temporary(folder)?, temporary(folder)?);
    let wav = ["-c:a", "pcm_f32le", "-ar", "48000", "-ac", "2", "-f", "wav"];
    Arguments::new("error")
        .input(&["-ss", &seconds(clip.from_ms)], &clip.path)
        .with(["-map", "0:a:0", "-af", &stereo_in_step(), "-t", &seconds(part_ms)])
        .with(wav)
        .output(part.path())
        .run(tools, limit_for(part_ms))?;
    Arguments::new("error")
        .input(&["-stream_loop", "-1"], part.path())
        .with(["-map", "0:a:0", "-t", &seconds(heard_ms)])
        .with(wav)
        .output(all.path())
        .run(tools, limit_for(heard_ms))?;
    Ok(all)
}

#[cfg(test)]
mod tests;
