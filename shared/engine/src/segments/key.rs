//! The name under which a segment is kept: the hash of everything that decides its frames, and of nothing else.

use std::ops::Range;

use serde::Serialize;

use crate::composition::{
    CaptionColours, CaptionPreset, Captions, Composition, EncoderPreset, Layout, Logo, LowerThird,
    ProgressBar, Scene, TextBlock, Transition, Visual,
};
use crate::error::EngineError;
use crate::frame_renderer::FrameRenderer;
use crate::language::Language;
use crate::number::real_u64;
use crate::safe_area::SafeArea;
use crate::segments::prints::named;
use crate::segments::{Job, Prints, prints};
use crate::timeline;

/// Raised when the same composition gives other frames, or a segment is kept in another form.
const FRAMES_VERSION: u32 = 2;

/// Everything that decides the frames of a segment.
///
/// # Promises
/// Times are those of the whole video: a scene that moved is another segment, and its frames are the same to the bit
/// only where it did not.
#[derive(Debug, Serialize)]
struct Facts<'a> {
    frames_version: u32,
    /// Encoder and fonts.
    painter: String,
    /// ffmpeg, where it decodes a clip.
    decoder: Option<String>,
    size: [u32; 2],
    fps: u32,
    frames: [u64; 2],
    crf: u32,
    preset: EncoderPreset,
    language: Language,
    /// Files are named by their hashes.
    scenes: Vec<Scene>,
    /// For so long the last of them is seen under the one after it.
    tail_ms: f64,
    /// From black and to black: the length of the fade, and that of the video.
    fades: [Option<[u64; 2]>; 2],
    captions: Option<CaptionFacts<'a>>,
    lower_third: Option<(&'a LowerThird, Option<CaptionColours>)>,
    texts: Vec<&'a TextBlock>,
    logo: Option<(Logo, SafeArea)>,
    progress: Option<(ProgressBar, u64)>,
    vignette: f64,
}

/// The captions that are seen, and their look.
#[derive(Debug, Serialize)]
struct CaptionFacts<'a> {
    pages: serde_json::Value,
    preset: CaptionPreset,
    position_pct: f64,
    font_px: f64,
    colours: &'a CaptionColours,
    safe_area: SafeArea,
}

/// The name of a segment of a composition.
///
/// # Errors
/// [`EngineError::Io`] for a file that is not there.
pub(crate) fn key(
    job: Job<'_>,
    renderer: &FrameRenderer<'_>,
    prints: &mut Prints,
    segment: &Range<u64>,
) -> Result<String, EngineError> {
    let facts = facts(job, renderer, prints, segment)?;
    let text = serde_json::to_string(&facts).ok();
    let text = text.ok_or(EngineError::Internal("facts of a segment are always JSON"))?;
    Ok(prints::of_text(&text))
}

fn facts<'a>(
    job: Job<'a>,
    renderer: &FrameRenderer<'_>,
    prints: &mut Prints,
    segment: &Range<u64>,
) -> Result<Facts<'a>, EngineError> {
    // Taken apart, so that a new field has to be thought of here.
    let Composition {
        version: _,
        width,
        height,
        fps,
        scenes: _,
        captions,
        lower_third,
        texts,
        logo,
        progress_bar,
        vignette,
        audio: _,
        output,
        fade_in_ms,
        fade_out_ms,
    } = job.composition;
    let duration_ms = job.composition.duration_ms();
    let span = Span::of(segment, *fps);
    let (scenes, tail_ms) = scenes(job.composition, prints, segment)?;
    let has_clip = scenes
        .iter()
        .flat_map(Scene::visuals)
        .any(|visual| matches!(visual, Visual::Clip(_)));
    let captions = captions.as_ref();
    let area = captions.map_or(SafeArea::Frame, |captions| captions.safe_area);
    let logo = match logo {
        Some(logo) => Some((
            Logo {
                path: named(prints, &logo.path)?,
                ..logo.clone()
            },
            area,
        )),
        None => None,
    };
    let comes = *fade_in_ms > 0 && span.first_ms < real_u64(*fade_in_ms);
    let goes = *fade_out_ms > 0 && span.last_ms > real_u64(duration_ms.saturating_sub(*fade_out_ms));
    Ok(Facts {
        frames_version: FRAMES_VERSION,
        painter: prints.of_painter(job.tools)?,
        decoder: has_clip.then(|| prints.of_ffmpeg(job.tools)).transpose()?,
        size: [*width, *height],
        fps: *fps,
        frames: [segment.start, segment.end],
        crf: output.crf,
        preset: output.preset,
        language: captions.map_or_else(Language::english, |captions| captions.language.clone()),
        scenes,
        tail_ms,
        fades: [
            comes.then_some([*fade_in_ms, 0]),
            goes.then_some([*fade_out_ms, duration_ms]),
        ],
        captions: captions.and_then(|captions| caption_facts(captions, renderer, span)),
        lower_third: lower_third
            .as_ref()
            .filter(|third| span.meets(third.start_ms, third.end_ms))
            .map(|third| (third, captions.map(|captions| captions.colours))),
        texts: texts
            .iter()
            .filter(|text| span.meets(text.start_ms, text.end_ms))
            .collect(),
        logo,
        progress: progress_bar.map(|bar| (bar, duration_ms)),
        vignette: *vignette,
    })
}

fn caption_facts<'a>(
    captions: &'a Captions,
    renderer: &FrameRenderer<'_>,
    span: Span,
) -> Option<CaptionFacts<'a>> {
    let Captions {
        preset,
        words: _,
        language: _,
        position_pct,
        font_px,
        colours,
        safe_area,
        soft_track: _,
    } = captions;
    Some(CaptionFacts {
        pages: renderer.captions_between(span.first_ms, span.last_ms)?,
        preset: *preset,
        position_pct: *position_pct,
        font_px: *font_px,
        colours,
        safe_area: *safe_area,
    })
}

/// The moments of the first and the last frame.
#[derive(Clone, Copy, Debug)]
struct Span {
    first_ms: f64,
    last_ms: f64,
}

impl Span {
    fn of(segment: &Range<u64>, fps: u32) -> Self {
        Self {
            first_ms: timeline::frame_ms(segment.start, fps),
            last_ms: timeline::frame_ms(segment.end.saturating_sub(1), fps),
        }
    }

    /// Whether something may be seen that comes and goes at these moments.
    fn meets(self, start_ms: u64, end_ms: u64) -> bool {
        self.first_ms <= real_u64(end_ms) && self.last_ms >= real_u64(start_ms)
    }
}

/// The scenes that are seen, and how long the last of them goes on under the next one.
fn scenes(
    composition: &Composition,
    prints: &mut Prints,
    segment: &Range<u64>,
) -> Result<(Vec<Scene>, f64), EngineError> {
    let range = timeline::scenes(composition, segment);
    let range = range.ok_or(EngineError::Internal("a composition has scenes"))?;
    let tail_ms = composition.scenes.get(range.end).map_or(0.0, timeline::fade_ms);
    let mut seen = composition.scenes.get(range).unwrap_or_default().to_vec();
    // Its own way in is over, or it is the first of all and has none.
    if let Some(first) = seen.first_mut() {
        first.transition_in = Transition::default();
    }
    for scene in &mut seen {
        name_files(scene, prints)?;
    }
    Ok((seen, tail_ms))
}

fn name_files(scene: &mut Scene, prints: &mut Prints) -> Result<(), EngineError> {
    let second = match &mut scene.layout {
        Layout::Full => None,
        Layout::Split(split) => Some(&mut split.second),
        Layout::PictureInPicture(inset) => Some(&mut inset.second),
        Layout::BeforeAfter(pair) => Some(&mut pair.second),
    };
    for visual in [Some(&mut scene.visual), second].into_iter().flatten() {
        match visual {
            Visual::Image(path) => *path = named(prints, path)?,
            Visual::Clip(clip) => {
                clip.path = named(prints, &clip.path)?;
                // It is not seen.
                clip.sound = None;
            }
            Visual::Card(_) => {}
        }
    }
    Ok(())
}
