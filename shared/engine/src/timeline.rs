//! Which scenes are seen at a moment, how far each has moved, and how bright the frame is.

use std::ops::Range;

use crate::blend::{FULL, weight};
use crate::composition::{Composition, Scene, TransitionKind};
use crate::motion::smooth;
use crate::number::real_u64;

/// A scene at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Visible {
    /// Its number.
    pub(crate) scene: usize,
    /// 0 at its first, 1 at its last visible moment.
    pub(crate) progress: f64,
}

/// What the frame of a moment shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    pub(crate) under: Visible,
    /// The scene that comes in, and how much of its transition is over, 0 to 1.
    pub(crate) over: Option<(Visible, f64)>,
    pub(crate) brightness: u16,
}

/// The time in the middle of a frame, which is what the eye sees of it.
pub(crate) fn frame_ms(frame: u64, fps: u32) -> f64 {
    (real_u64(frame) + 0.5) * 1000.0 / f64::from(fps.max(1))
}

/// The first frame whose middle is not before a moment.
pub(crate) fn first_frame(start_ms: u64, fps: u32) -> u64 {
    (start_ms * u64::from(fps) + 499) / 1000
}

/// The state of a composition at a moment; `None` only without scenes.
pub(crate) fn at(composition: &Composition, now_ms: f64) -> Option<Moment> {
    let scenes = &composition.scenes;
    let current = scenes
        .partition_point(|scene| real_u64(scene.start_ms) <= now_ms)
        .checked_sub(1)?;
    let scene = scenes.get(current)?;
    let fade_ms = fade_ms(scene);
    let share = (now_ms - real_u64(scene.start_ms)) / fade_ms.max(1.0);
    let brightness = brightness(composition, now_ms);
    let now = Visible {
        scene: current,
        progress: progress(scenes, current, now_ms),
    };
    match current.checked_sub(1) {
        Some(before) if fade_ms > 0.0 && share < 1.0 => Some(Moment {
            under: Visible {
                scene: before,
                progress: progress(scenes, before, now_ms),
            },
            over: Some((now, share)),
            brightness,
        }),
        _ => Some(Moment {
            under: now,
            over: None,
            brightness,
        }),
    }
}

/// The scenes that are seen in a run of frames; `None` only without scenes.
pub(crate) fn scenes(composition: &Composition, frames: &Range<u64>) -> Option<Range<usize>> {
    let moment = |frame: u64| at(composition, frame_ms(frame, composition.fps));
    let last = moment(frames.end.saturating_sub(1))?;
    let last = last.over.map_or(last.under.scene, |(over, _)| over.scene);
    Some(moment(frames.start)?.under.scene..last + 1)
}

/// A scene moves on while the next one comes in over it.
fn progress(scenes: &[Scene], number: usize, now_ms: f64) -> f64 {
    let Some(scene) = scenes.get(number) else {
        return 0.0;
    };
    let tail_ms = scenes.get(number + 1).map_or(0.0, fade_ms);
    (now_ms - real_u64(scene.start_ms)) / (real_u64(scene.duration_ms) + tail_ms).max(1.0)
}

/// How long a scene takes to come in.
pub(crate) fn fade_ms(scene: &Scene) -> f64 {
    match scene.transition_in.kind {
        TransitionKind::Cut => 0.0,
        _ => real_u64(scene.transition_in.duration_ms),
    }
}

fn brightness(composition: &Composition, now_ms: f64) -> u16 {
    let share = |passed_ms: f64, length_ms: u64| {
        if length_ms == 0 {
            1.0
        } else {
            smooth(passed_ms / real_u64(length_ms))
        }
    };
    let left_ms = real_u64(composition.duration_ms()) - now_ms;
    let light = share(now_ms, composition.fade_in_ms).min(share(left_ms, composition.fade_out_ms));
    weight(light).min(FULL)
}

#[cfg(test)]
mod tests;
