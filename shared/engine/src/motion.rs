//! Where the camera is: the part of an image that is seen at a moment of its scene.

use crate::composition::{Motion, MotionKind};

/// The part of an image that fills the frame, in parts of its size.
///
/// # Promises
/// It never leaves the image: `0 <= left`, `left + size <= 1`, and the same for the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) left: f64,
    pub(crate) top: f64,
    /// Width and height, the same because the image has the frame's aspect.
    pub(crate) size: f64,
}

impl Motion {
    /// A movement for the scene of a number: each differs from its neighbours, and text that keeps a tenth of the
    /// image away from its edges, as on the cards, stays inside of the frame.
    pub fn gentle(scene: usize) -> Self {
        let (kind, amount) = match scene % 5 {
            0 => (MotionKind::ZoomIn, 0.12),
            1 => (MotionKind::PanRight, 0.06),
            2 => (MotionKind::ZoomOut, 0.12),
            3 => (MotionKind::PanUp, 0.06),
            _ => (MotionKind::PanLeft, 0.06),
        };
        Self { kind, amount }
    }

    /// How much larger than the frame an image should be, so that no view has to be enlarged.
    pub(crate) fn magnification(self) -> f64 {
        match self.kind {
            MotionKind::None => 1.0,
            MotionKind::ZoomIn
            | MotionKind::ZoomOut
            | MotionKind::PanLeft
            | MotionKind::PanRight
            | MotionKind::PanUp => 1.0 + self.amount,
        }
    }

    /// The view at `progress`, from 0 at the first to 1 at the last moment.
    pub(crate) fn view(self, progress: f64) -> View {
        let travel = ease(progress.clamp(0.0, 1.0));
        let largest = 1.0 + self.amount;
        // Zooming by equal factors in equal times looks even; by equal sums it seems to slow down.
        let zoom = |share: f64| View::centred(1.0 / largest.powf(share));
        let size = 1.0 / largest;
        let free = 1.0 - size;
        let middle = free / 2.0;
        match self.kind {
            MotionKind::None => View::centred(1.0),
            MotionKind::ZoomIn => zoom(travel),
            MotionKind::ZoomOut => zoom(1.0 - travel),
            MotionKind::PanLeft => View {
                left: free * (1.0 - travel),
                top: middle,
                size,
            },
            MotionKind::PanRight => View {
                left: free * travel,
                top: middle,
                size,
            },
            MotionKind::PanUp => View {
                left: middle,
                top: free * (1.0 - travel),
                size,
            },
        }
    }
}

impl View {
    fn centred(size: f64) -> Self {
        Self {
            left: (1.0 - size) / 2.0,
            top: (1.0 - size) / 2.0,
            size,
        }
    }
}

/// Half even, half soft: a movement that never stands still but starts and ends gently.
fn ease(progress: f64) -> f64 {
    f64::midpoint(progress, smooth(progress))
}

/// The usual cubic from 0 to 1 with level ends.
pub(crate) fn smooth(progress: f64) -> f64 {
    let progress = progress.clamp(0.0, 1.0);
    progress * progress * (3.0 - 2.0 * progress)
}

#[cfg(test)]
mod tests;
