//! The finished sound in the cache, beside the segments: it is mixed again only when something that is heard changes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::Serialize;

use crate::composition::{Audio, Clip, Composition, SoundEffort, Transition, Visual};
use crate::error::EngineError;
use crate::loudness::Loudness;
use crate::segments::prints::named;
use crate::segments::{Prints, SegmentCache, prints};
use crate::tools::Tools;

/// Raised when the same composition sounds otherwise, or its sound is kept in another form.
const SOUND_VERSION: u32 = 2;

/// Everything that decides the sound.
#[derive(Debug, Serialize)]
struct Facts<'a> {
    sound_version: u32,
    ffmpeg: String,
    /// Files are named by their hashes.
    audio: &'a Audio,
    /// When clips are heard, while any is: start, length and way in of each scene.
    scenes: Vec<(u64, u64, Transition)>,
    clips: Vec<(usize, Clip)>,
    audio_kbps: u32,
    effort: SoundEffort,
    duration_ms: u64,
    fade_out_ms: u64,
}

/// The name of a composition's sound.
///
/// # Errors
/// [`EngineError::Io`] for a file that is not there.
pub(crate) fn sound_key(tools: &Tools, composition: &Composition) -> Result<String, EngineError> {
    let mut prints = Prints::default();
    let mut audio = composition.audio.clone();
    let files = audio.voice.iter_mut();
    let files = files.chain(audio.music.iter_mut().map(|music| &mut music.path));
    for path in files.chain(audio.tracks.iter_mut().map(|track| &mut track.path)) {
        *path = named(&mut prints, path)?;
    }
    let clips = heard_clips(composition, &mut prints)?;
    let scenes = composition.scenes.iter().filter(|_| !clips.is_empty());
    let facts = Facts {
        sound_version: SOUND_VERSION,
        ffmpeg: prints.of_ffmpeg(tools)?,
        audio: &audio,
        scenes: scenes
            .map(|scene| (scene.start_ms, scene.duration_ms, scene.transition_in))
            .collect(),
        clips,
        audio_kbps: composition.output.audio_kbps,
        effort: composition.output.sound,
        duration_ms: composition.duration_ms(),
        fade_out_ms: composition.fade_out_ms,
    };
    let text = serde_json::to_string(&facts).ok();
    let text = text.ok_or(EngineError::Internal("facts of a sound are always JSON"))?;
    Ok(prints::of_text(&text))
}

/// The clips that are heard, each with the number of its scene.
fn heard_clips(composition: &Composition, prints: &mut Prints) -> Result<Vec<(usize, Clip)>, EngineError> {
    let mut clips = Vec::new();
    for (number, scene) in composition.scenes.iter().enumerate() {
        for visual in scene.visuals() {
            if let Visual::Clip(clip) = visual
                && clip.sound.is_some()
            {
                let path = named(prints, &clip.path)?;
                clips.push((number, Clip { path, ..clip.clone() }));
            }
        }
    }
    Ok(clips)
}

/// Writes a kept sound to a file, and says how loud it is.
pub(crate) fn find_sound(cache: &SegmentCache, key: &str, out: &Path) -> Option<Loudness> {
    let mut kept = BufReader::new(cache.find(key)?);
    let mut head = String::new();
    kept.read_line(&mut head).ok()?;
    let loudness = serde_json::from_str(&head).ok()?;
    io::copy(&mut kept, &mut File::create(out).ok()?).ok()?;
    Some(loudness)
}

/// Keeps a sound; one that cannot be kept is made again the next time.
pub(crate) fn keep_sound(cache: &SegmentCache, key: &str, (sound, loudness): (&Path, Loudness)) {
    let bundle = sound.with_extension("kept");
    if bundled(sound, loudness, &bundle).is_ok() {
        cache.keep(key, &bundle);
    }
}

fn bundled(sound: &Path, loudness: Loudness, out: &Path) -> io::Result<()> {
    let mut bundle = File::create(out)?;
    writeln!(bundle, "{}", serde_json::to_string(&loudness)?)?;
    io::copy(&mut File::open(sound)?, &mut bundle)?;
    Ok(())
}
