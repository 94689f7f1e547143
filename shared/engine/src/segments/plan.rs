//! Where a video is cut: at the starts of scenes, and inside of long ones.

use std::ops::Range;

use crate::composition::Composition;
use crate::timeline::first_frame;

/// A segment is an encoding of its own; scenes that are shorter share one with what follows.
const MS_MIN: u64 = 1_000;
/// A longer scene is cut into equal parts: a new word in a monologue should not cost all of it, and a chunk ends here.
const MS_MAX: u64 = 20_000;

/// The segments of a composition as frame numbers, in order and without gaps.
///
/// A transition belongs to the segment of the scene that it leads to.
pub(crate) fn plan(composition: &Composition) -> Vec<Range<u64>> {
    let fps = u64::from(composition.fps);
    let frames = |ms: u64| (ms * fps / 1000).max(1);
    let total = composition.frames();
    let starts = composition
        .scenes
        .iter()
        .map(|scene| first_frame(scene.start_ms, composition.fps));
    let mut cuts: Vec<u64> = Vec::new();
    for start in starts.filter(|start| *start < total) {
        if cuts.last().is_none_or(|last| start >= last + frames(MS_MIN)) {
            cuts.push(start);
        }
    }
    if cuts.len() > 1 && cuts.last().is_some_and(|last| total < last + frames(MS_MIN)) {
        cuts.pop();
    }
    let ends = cuts.iter().skip(1).copied().chain([total]);
    cuts.iter()
        .zip(ends)
        .flat_map(|(start, end)| parts(*start..end, frames(MS_MAX)))
        .collect()
}

/// Nearly equal parts of at most `longest` frames.
fn parts(whole: Range<u64>, longest: u64) -> impl Iterator<Item = Range<u64>> {
    let frames = whole.end - whole.start;
    let count = frames.div_ceil(longest).max(1);
    (0..count).map(move |part| {
        let at = |part: u64| whole.start + frames * part / count;
        at(part)..at(part + 1)
    })
}
