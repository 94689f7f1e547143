//! The real composer: our own engine, with its blocking work on a thread of its own.

use std::path::{Path, PathBuf};

use catalogue::VIDEO_MODEL;
use domain::ports::Work;
use domain::settings::Colour;
use domain::{ErrorCode, Failure};
use engine::{CaptionColours, Composition, EngineError, Template, Tools, Values, Word};
use jobs::plan::{PlannedScene, VideoPlan};
use jobs::{
    Chunk, Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, chunk_file, scene_file,
};
use ledger::VIDEO_PROVIDER;
use serde_json::{Value, json};
use tokio::task;

/// Longest text that the engine takes as one word.
const WORD_CHARS_MAX: usize = 200;
/// What a brand colour needs against the captions' dark outline to be read (WCAG AA for large text).
const CONTRAST_MIN: f64 = 3.0;

/// Composes with `engine`.
#[derive(Debug, Clone)]
pub struct EngineComposer {
    tools: Tools,
}

impl EngineComposer {
    /// A composer over the tools at these paths; whether they are there is found at the first use.
    pub fn new(ffmpeg: PathBuf, fonts_dir: PathBuf) -> Self {
        Self {
            tools: Tools { ffmpeg, fonts_dir },
        }
    }
}

impl Composer for EngineComposer {
    fn provider(&self) -> &str {
        VIDEO_PROVIDER
    }

    fn version(&self) -> &str {
        VIDEO_MODEL
    }

    fn render<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Rendered, Failure>> {
        let tools = self.tools.clone();
        let composition = composition(plan, folder).map_err(failed);
        let (video, thumbnail) = (folder.join(VIDEO_FILE), folder.join(THUMBNAIL_FILE));
        Box::pin(async move {
            let composition = composition?;
            let report = blocking(move || {
                let report = engine::compose(&tools, &composition, &video, &mut drop)?;
                engine::thumbnail(&tools, &video, &thumbnail)?;
                Ok(report)
            })
            .await?;
            Ok(rendered(&report))
        })
    }

    fn chunks(&self, plan: &VideoPlan, length_ms_max: u64) -> Result<Vec<Chunk>, Failure> {
        let composition = composition(plan, Path::new("")).map_err(failed)?;
        let chunks = engine::plan_chunks(&composition, length_ms_max).map_err(failed)?;
        let scenes: Vec<PathBuf> = (0..plan.scenes.len())
            .map(|index| scene_file(index).into())
            .collect();
        let chunk = |(number, chunk): (u32, engine::Chunk)| {
            let files = engine::chunk_files(&composition, chunk);
            let is_seen = |index: &usize| {
                scenes
                    .get(*index)
                    .is_some_and(|file| files.contains(&file.as_path()))
            };
            Chunk {
                number,
                first_frame: chunk.first_frame,
                frames: chunk.frames,
                scenes: (0..scenes.len()).filter(is_seen).collect(),
            }
        };
        Ok((0..).zip(chunks).map(chunk).collect())
    }

    fn render_chunk<'a>(
        &'a self,
        plan: &'a VideoPlan,
        chunk: &'a Chunk,
        folder: &'a Path,
    ) -> Work<'a, Result<(), Failure>> {
        let tools = self.tools.clone();
        let composition = composition(plan, folder).map_err(failed);
        let (part, stream) = (part(chunk), folder.join(chunk_file(chunk.number)));
        Box::pin(async move {
            let composition = composition?;
            let report =
                blocking(move || engine::render_chunk(&tools, &composition, part, None, &stream)).await?;
            tracing::info!(
                chunk.number = report.chunk.number,
                chunk.frames = report.chunk.frames,
                chunk.size_bytes = report.size_bytes,
                chunk.took_ms = report.took_ms,
                "the chunk is rendered"
            );
            Ok(())
        })
    }

    fn join<'a>(
        &'a self,
        plan: &'a VideoPlan,
        chunks: &'a [Chunk],
        folder: &'a Path,
    ) -> Work<'a, Result<Rendered, Failure>> {
        let tools = self.tools.clone();
        let composition = composition(plan, folder).map_err(failed);
        let stream = |chunk: &Chunk| (part(chunk), folder.join(chunk_file(chunk.number)));
        let streams: Vec<(engine::Chunk, PathBuf)> = chunks.iter().map(stream).collect();
        let (video, thumbnail) = (folder.join(VIDEO_FILE), folder.join(THUMBNAIL_FILE));
        Box::pin(async move {
            let composition = composition?;
            let report = blocking(move || {
                let report = engine::join_chunks(&tools, &composition, &streams, &video, &mut drop)?;
                engine::thumbnail(&tools, &video, &thumbnail)?;
                Ok(report)
            })
            .await?;
            Ok(rendered(&report))
        })
    }

    fn check<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Vec<Finding>, Failure>> {
        let tools = self.tools.clone();
        let composition = composition(plan, folder).map_err(failed);
        let (video, thumbnail) = (folder.join(VIDEO_FILE), folder.join(THUMBNAIL_FILE));
        Box::pin(async move {
            let composition = composition?;
            let report =
                blocking(move || engine::check_composition(&tools, &video, &composition, Some(&thumbnail)))
                    .await?;
            Ok(report.findings.into_iter().map(finding).collect())
        })
    }
}

/// What a finished video is, told to the log too.
fn rendered(report: &engine::Report) -> Rendered {
    tracing::info!(
        video.frames = report.frames,
        video.size_bytes = report.size_bytes,
        stages.audio_ms = report.stages.audio_ms,
        stages.captions_ms = report.stages.captions_ms,
        stages.frames_ms = report.stages.frames_ms,
        stages.draw_ms = report.stages.draw_ms,
        stages.measure_ms = report.stages.measure_ms,
        stages.join_ms = report.stages.join_ms,
        "the video is composed"
    );
    Rendered {
        duration_ms: u32::try_from(report.duration_ms).unwrap_or(u32::MAX),
        loudness_centi_lufs: report
            .loudness
            .map_or(0, |loudness| centi(loudness.integrated_lufs)),
    }
}

/// A chunk as the engine knows it.
fn part(chunk: &Chunk) -> engine::Chunk {
    engine::Chunk {
        number: usize::try_from(chunk.number).unwrap_or(usize::MAX),
        first_frame: chunk.first_frame,
        frames: chunk.frames,
    }
}

fn finding(finding: engine::Finding) -> Finding {
    Finding {
        code: finding.code.to_owned(),
        ok: finding.ok,
        measured: finding.measured,
        wanted: finding.wanted,
    }
}

/// Runs the engine beside the event loop; a panic in it is its failure and not the sandbox's.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, Failure> {
    match task::spawn_blocking(work).await {
        Ok(outcome) => outcome.map_err(failed),
        Err(panicked) => Err(Failure::new(ErrorCode::RenderEngineFailed).because(panicked)),
    }
}

/// Whose fault it is: the inputs', which no repeat mends; the machine's, where another one may do; or ours.
fn failed(cause: EngineError) -> Failure {
    let code = match &cause {
        EngineError::BadInput { .. } | EngineError::Image { .. } | EngineError::Media { .. } => {
            ErrorCode::MediaUnusable
        }
        EngineError::TimedOut { .. } => ErrorCode::StepTimedOut,
        // A full disk, mostly: the next sandbox begins with an empty one.
        EngineError::Io { .. } => ErrorCode::Unavailable,
        _ => ErrorCode::RenderEngineFailed,
    };
    let failure = Failure::new(code);
    match unusable(&cause) {
        Some(what) => failure.saying(&format!("{} It is {what}.", code.meaning())),
        None => failure,
    }
    .because(cause)
}

/// What it is about, in words for the customer: a scene or the voice by the name of its file, never a path of ours.
fn unusable(cause: &EngineError) -> Option<String> {
    match cause {
        EngineError::BadInput { field, reason } => Some(format!("{field}: {reason}")),
        EngineError::Media { path, .. } | EngineError::Image { path, .. } => {
            path.file_name().map(|name| name.to_string_lossy().into_owned())
        }
        _ => None,
    }
}

/// The engine's document of a plan in its look, with the files where a step puts them.
fn composition(plan: &VideoPlan, folder: &Path) -> Result<Composition, EngineError> {
    let template = Template::named(plan.template.as_str());
    let template = template.ok_or(EngineError::Internal("every look of a project is a template"))?;
    let scene = |(index, scene): (usize, &PlannedScene)| json!({"image": folder.join(scene_file(index)), "duration_ms": scene.duration_ms});
    let scenes: Vec<Value> = plan.scenes.iter().enumerate().map(scene).collect();
    let mut values = Values::from([
        ("scenes".to_owned(), json!(scenes)),
        ("voice".to_owned(), json!(folder.join(VOICE_FILE))),
        ("words".to_owned(), json!(words(plan))),
        ("language".to_owned(), json!(plan.language)),
        ("aspect".to_owned(), json!(plan.aspect)),
    ]);
    if let Some(accent) = accent(&plan.colours) {
        values.insert("accent".to_owned(), json!(accent));
    }
    template.fill(&values)
}

/// The voice's words for the captions, in the order of time.
fn words(plan: &VideoPlan) -> Vec<Word> {
    let duration_ms = u64::from(plan.duration_ms());
    let mut words: Vec<Word> = plan
        .words
        .iter()
        .map(|word| Word {
            text: word.text.trim().chars().take(WORD_CHARS_MAX).collect(),
            start_ms: u64::from(word.start_ms),
            end_ms: u64::from(word.end_ms.max(word.start_ms)),
        })
        .filter(|word| !word.text.is_empty() && word.start_ms < duration_ms)
        .collect();
    words.sort_by_key(|word| word.start_ms);
    words
}

/// The first brand colour that can be read on the captions' dark outline; without one, the look has its own.
fn accent(brand: &[Colour]) -> Option<engine::Colour> {
    let outline = CaptionColours::default().outline;
    brand
        .iter()
        .filter_map(|colour| engine::Colour::parse(colour.as_str()))
        .find(|colour| colour.contrast(outline) >= CONTRAST_MIN)
}

/// Hundredths, rounded.
fn centi(value: f64) -> i32 {
    // Through text: the workspace allows no `as`, and there is no other way from a float to an integer.
    format!("{:.0}", value * 100.0).parse().unwrap_or(0)
}

#[cfg(test)]
mod tests;
