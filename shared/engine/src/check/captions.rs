//! Captions on the finished frames: are they there, do they follow the voice, do they keep their place?

use std::path::Path;
use std::sync::Arc;

use crate::captions::CaptionTrack;
use crate::check::{CheckReport, Expectation, Finding, check, finding};
use crate::composition::{Captions, Composition};
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::number::{real, real_u64, round_u64, round_usize};
use crate::overlay::Overlay;
use crate::safe_area::SafeArea;
use crate::tools::Tools;

mod footage;
mod sight;

use footage::Footage;
use sight::Sight;

/// Words that are looked at, evenly over the video: enough for a 95th percentile that one odd word does not decide.
const WORDS_MAX: usize = 24;
/// Moments at which the place of the text is looked at.
const PLACES_MAX: usize = 240;
/// Frames around a word's time; a later word counts as unseen.
const FRAMES_BEFORE: u64 = 4;
const FRAMES_AFTER: u64 = 6;
/// Longer than any entrance of a word, so that the one before has come to rest.
const ALONE_FRAMES: f64 = 12.0;
/// Two frames and a half at 30 frames a second: later is seen as wrong by most people.
const DRIFT_MS_MAX: f64 = 80.0;
/// Of the words that can be told from their background.
const COVERAGE_MIN: f64 = 0.95;
/// A drawing's place is rounded to even pixels.
const OUTSIDE_PX_MAX: f64 = 2.0;

/// A word that should appear, or change its look.
#[derive(Debug)]
struct Mark {
    due_ms: f64,
    /// Whether nothing else changes shortly before, so that seeing it too early is proof.
    alone: bool,
    before: Option<Arc<Overlay>>,
    after: Arc<Overlay>,
}

impl Mark {
    /// Numbers of the frames to look at.
    fn frames(&self, fps: u32) -> std::ops::Range<u64> {
        let due = round_u64(self.due_ms * f64::from(fps) / 1000.0);
        due.saturating_sub(FRAMES_BEFORE)..due + FRAMES_AFTER
    }
}

/// [`check`] against a composition, and its captions on the frames: coverage, drift against the words, safe area.
/// A thumbnail is looked at when one is named.
///
/// # Promises
/// A video of another size gets no findings about captions; `frame_size` says why.
///
/// # Errors
/// As [`check`]; also when the composition breaks a rule or the fonts are missing.
pub fn check_composition(
    tools: &Tools,
    path: &Path,
    composition: &Composition,
    thumbnail: Option<&Path>,
) -> Result<CheckReport, EngineError> {
    composition.validate()?;
    let wanted = Expectation {
        thumbnail: thumbnail.map(Path::to_path_buf),
        ..Expectation::of(composition)
    };
    let mut report = check(tools, path, &wanted)?;
    let size = (composition.width, composition.height);
    if report
        .probe
        .video
        .as_ref()
        .is_some_and(|video| (video.width, video.height) == size)
    {
        report.findings.extend(findings(tools, path, composition)?);
        report.passed = report.findings.iter().all(|finding| finding.ok);
    }
    Ok(report)
}

/// The findings about captions; none without captions.
fn findings(tools: &Tools, video: &Path, composition: &Composition) -> Result<Vec<Finding>, EngineError> {
    let Some(captions) = &composition.captions else {
        return Ok(Vec::new());
    };
    let mut fonts = Fonts::load(&tools.fonts_dir, &captions.language)?;
    let mut list = vec![
        place(&mut fonts, composition, captions),
        letters(&mut fonts, composition, captions),
    ];
    let marks = marks(&mut fonts, composition, captions);
    if marks.is_empty() {
        return Ok(list);
    }
    let footage = Footage::cut(tools, video, composition, &marks)?;
    let mut drifts = Vec::new();
    let mut unseen = 0;
    for mark in &marks {
        match footage.find(mark)? {
            Sight::At(frame) => {
                drifts.push(real_u64(frame) * 1000.0 / f64::from(composition.fps.max(1)) - mark.due_ms);
            }
            Sight::Never => unseen += 1,
            Sight::Unclear => {}
        }
    }
    list.extend(timing(&drifts, unseen));
    Ok(list)
}

/// Coverage and drift.
fn timing(drifts: &[f64], unseen: usize) -> [Finding; 2] {
    let seen = drifts.len();
    let share = real(seen) / real((seen + unseen).max(1));
    let mut sizes: Vec<f64> = drifts.iter().map(|drift| drift.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let late_ms = percentile(&sizes, 0.95);
    [
        finding(
            "caption_coverage",
            share >= COVERAGE_MIN,
            format!("{seen} of {} words", seen + unseen),
            format!("at least {:.0} %", COVERAGE_MIN * 100.0),
        ),
        finding(
            "caption_drift",
            // No word that could be told apart is no proof.
            seen > 0 && late_ms <= DRIFT_MS_MAX,
            format!("95 % of {seen} words within {late_ms:.0} ms"),
            format!("95 % within {DRIFT_MS_MAX} ms"),
        ),
    ]
}

/// The nearest rank of a sorted list; 0 when it is empty.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let rank = round_usize((real(sorted.len()) * share).ceil());
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Every so many of the words, away from the fades from and to black.
fn marks(fonts: &mut Fonts, composition: &Composition, captions: &Captions) -> Vec<Mark> {
    let mut track = CaptionTrack::new(fonts, composition, captions);
    let clear_until_ms = real_u64(composition.duration_ms().saturating_sub(composition.fade_out_ms));
    let frame_ms = 1000.0 / f64::from(composition.fps.max(1));
    let room_ms = real_u64(FRAMES_AFTER) * frame_ms;
    let dues: Vec<f64> = track
        .marks()
        .into_iter()
        .filter(|due| *due >= real_u64(composition.fade_in_ms) && due + room_ms <= clear_until_ms)
        .collect();
    let step = dues.len().div_ceil(WORDS_MAX).max(1);
    let mut marks = Vec::new();
    let mut earlier_ms = None::<f64>;
    let alone: Vec<bool> = dues
        .iter()
        .map(|due_ms| {
            let earlier_ms = earlier_ms.replace(*due_ms);
            earlier_ms.is_none_or(|earlier_ms| due_ms - earlier_ms >= ALONE_FRAMES * frame_ms)
        })
        .collect();
    for (due_ms, alone) in dues.into_iter().zip(alone).step_by(step) {
        let before = track.at(fonts, due_ms - 1.0);
        if let Some(after) = track.at(fonts, due_ms + 1.0) {
            marks.push(Mark {
                due_ms,
                alone,
                before,
                after,
            });
        }
    }
    marks
}

/// Whether each letter and digit that is spoken is drawn.
fn letters(fonts: &mut Fonts, composition: &Composition, captions: &Captions) -> Finding {
    let (lost, all) = CaptionTrack::new(fonts, composition, captions).letters_lost(fonts);
    finding(
        "caption_letters",
        lost == 0,
        format!("{lost} of {all} letters and digits lost"),
        "none lost".to_owned(),
    )
}

/// How far any paint of the captions leaves the safe area.
fn place(fonts: &mut Fonts, composition: &Composition, captions: &Captions) -> Finding {
    let mut track = CaptionTrack::new(fonts, composition, captions);
    let frame = (
        crate::number::index(composition.width),
        crate::number::index(composition.height),
    );
    let [left, top, right, bottom] = captions.safe_area.limits(frame);
    let moments = track.moments();
    let step = moments.len().div_ceil(PLACES_MAX).max(1);
    let mut outside_px: f64 = 0.0;
    for now_ms in moments.into_iter().step_by(step) {
        if let Some(ink) = track.at(fonts, now_ms).and_then(|overlay| overlay.ink()) {
            let over = [left - ink[0], top - ink[1], ink[2] - right, ink[3] - bottom];
            outside_px = over.into_iter().fold(outside_px, f64::max);
        }
    }
    let area = match captions.safe_area {
        SafeArea::Frame => "the frame's margin".to_owned(),
        app => format!("the safe area of {app:?}"),
    };
    finding(
        "caption_safe_area",
        outside_px <= OUTSIDE_PX_MAX,
        format!("{outside_px:.0} px outside"),
        format!("inside of {area}"),
    )
}

#[cfg(test)]
mod tests;
