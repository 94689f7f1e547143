//! A scene as it is drawn: its one image, or the two that share a frame.

use std::sync::Arc;

use tiny_skia::{FillRule, Mask, Paint, Path as Outline, Pixmap, Stroke, Transform};

use crate::blend::FULL;
use crate::clip::{ClipReader, frame_number};
use crate::colour::Colour;
use crate::composition::{Corner, Layout, Scene};
use crate::error::EngineError;
use crate::motion::View;
use crate::number::{floor_i32, index, low_byte, real, round_u32, single};
use crate::overlay::Overlay;
use crate::resample::{FrameLayers, Layer, Renderer};
use crate::safe_area::SafeArea;
use crate::shape::rounded;
use crate::transitions::{Change, divider_px};
use crate::yuv_image::YuvImage;

/// Lines between and around images, when the shorter side of the frame is 1080 pixels.
const LINE_PX: f64 = 8.0;
/// Roundness of an inset, as a part of its side.
const ROUND: f64 = 0.14;

/// Left, top, width and height; all even.
pub(crate) type Place = [u32; 4];

/// Where the images of a scene are, the first below the second.
pub(crate) fn places(layout: &Layout, (width, height): (u32, u32)) -> Vec<Place> {
    let whole = [0, 0, width, height];
    match layout {
        Layout::Full => vec![whole],
        Layout::BeforeAfter(_) => vec![whole, whole],
        Layout::Split(_) if width > height => {
            let left = even(f64::from(width) / 2.0);
            vec![[0, 0, left, height], [left, 0, width - left, height]]
        }
        Layout::Split(_) => {
            let top = even(f64::from(height) / 2.0);
            vec![[0, 0, width, top], [0, top, width, height - top]]
        }
        Layout::PictureInPicture(inset) => {
            let side = even(f64::from(width.min(height)) * inset.size_pct / 100.0);
            let [left, top, right, bottom] = SafeArea::Frame.limits((index(width), index(height)));
            let far = |end: f64| even(end - f64::from(side));
            let (x, y) = match inset.corner {
                Corner::TopLeft => (even(left), even(top)),
                Corner::TopRight => (far(right), even(top)),
                Corner::BottomLeft => (even(left), far(bottom)),
                Corner::BottomRight => (far(right), far(bottom)),
            };
            vec![whole, [x, y, side, side]]
        }
    }
}

/// Where an image comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Still(Arc<YuvImage>),
    Clip(Box<ClipReader>),
}

impl Source {
    fn image(&mut self, number: u64) -> Result<Arc<YuvImage>, EngineError> {
        match self {
            Self::Still(yuv) => Ok(Arc::clone(yuv)),
            Self::Clip(clip) => clip.frame(number),
        }
    }
}

/// A scene with its images.
#[derive(Debug)]
pub(crate) struct SceneImages {
    sources: Vec<Source>,
    shared: Option<Shared>,
}

/// The frame that two images share.
#[derive(Debug)]
struct Shared {
    /// Where each is, the renderer of its size, and what it is drawn into before it is laid on the frame.
    panes: Vec<Pane>,
    /// Of the second one; all of it when there is none.
    cover: Option<Cover>,
    lines: Option<Overlay>,
    frame: Arc<YuvImage>,
}

#[derive(Debug)]
struct Pane {
    place: Place,
    renderer: Renderer,
    yuv: YuvImage,
}

impl SceneImages {
    /// A source for each of the scene's visuals, in their order.
    pub(crate) fn new(scene: &Scene, sources: Vec<Source>, frame: (u32, u32)) -> Self {
        let shared = scene.layout.second().map(|_| Shared::new(&scene.layout, frame));
        Self { sources, shared }
    }

    /// What is seen of the scene; `progress` is that of its motion.
    pub(crate) fn layer(
        &mut self,
        scene: &Scene,
        (elapsed_ms, fps): (f64, u32),
        progress: f64,
    ) -> Result<Layer, EngineError> {
        let number = frame_number(elapsed_ms, fps);
        let view = scene.motion.view(progress);
        let mut images = self.sources.iter_mut().map(|source| source.image(number));
        let first = images
            .next()
            .ok_or(EngineError::Internal("a scene has an image"))??;
        let second = images.next().transpose()?;
        let first = Layer { yuv: first, view };
        Ok(match (&mut self.shared, second) {
            (Some(shared), Some(yuv)) => shared.draw(&scene.layout, (first, Layer { yuv, view }), progress),
            _ => first,
        })
    }
}

impl Shared {
    fn new(layout: &Layout, frame: (u32, u32)) -> Self {
        let places = places(layout, frame);
        let line = f64::from(frame.0.min(frame.1)) / 1080.0 * LINE_PX;
        let [_, _, side, _] = places.last().copied().unwrap_or_default();
        let outline = match layout {
            Layout::PictureInPicture(inset) => {
                let side = single(f64::from(side));
                rounded(
                    [0.0, 0.0],
                    [side, side],
                    side * single(if inset.round { 0.5 } else { ROUND }),
                )
            }
            _ => None,
        };
        let cover = outline.as_ref().and_then(|outline| Cover::new(side, outline));
        let pane = |place: Place| {
            let [_, _, width, height] = place;
            Pane {
                place,
                renderer: Renderer::new(width, height, 1),
                yuv: YuvImage::black(width, height),
            }
        };
        Self {
            lines: lines(
                layout,
                Size {
                    width: frame.0,
                    height: frame.1,
                },
                &places,
                line,
                outline,
            ),
            panes: places.into_iter().map(pane).collect(),
            cover,
            frame: Arc::new(YuvImage::black(frame.0, frame.1)),
        }
    }

    fn draw(&mut self, layout: &Layout, (first, second): (Layer, Layer), progress: f64) -> Layer {
        // The frame before has been drawn, so nobody else holds it and nothing is copied.
        let frame = Arc::make_mut(&mut self.frame);
        let [one, two] = self.panes.as_mut_slice() else {
            return first;
        };
        let mut along = 0;
        match layout {
            Layout::BeforeAfter(_) => {
                along = divider_px(progress, frame.width);
                let share = f64::from(along) / real(frame.width.max(1));
                let change = Some((second, Change::Divide(share)));
                one.renderer.draw(&shot(first, change), frame);
            }
            Layout::PictureInPicture(_) => {
                one.renderer.draw(&shot(first, None), frame);
                two.draw(second, frame, self.cover.as_ref());
            }
            Layout::Full | Layout::Split(_) => {
                one.draw(first, frame, None);
                two.draw(second, frame, None);
            }
        }
        // A divider that has arrived is gone.
        let arrived =
            matches!(layout, Layout::BeforeAfter(_)) && (along <= 0 || along >= floor_i32(real(frame.width)));
        if let (Some(lines), false) = (&self.lines, arrived) {
            lines.blend_moved(frame, (along, 0), FULL);
        }
        Layer {
            yuv: Arc::clone(&self.frame),
            view: View {
                left: 0.0,
                top: 0.0,
                size: 1.0,
            },
        }
    }
}

impl Pane {
    fn draw(&mut self, layer: Layer, frame: &mut YuvImage, cover: Option<&Cover>) {
        self.renderer.draw(&shot(layer, None), &mut self.yuv);
        let [x, y, ..] = self.place.map(index);
        let (width, stride) = (self.yuv.width.max(2), frame.width.max(2));
        let planes = self.yuv.planes().into_iter().zip(frame.planes_mut());
        for (number, (own, target)) in planes.enumerate() {
            let half = number.min(1);
            let (width, left) = (width >> half, x >> half);
            let rows = target.chunks_exact_mut(stride >> half).skip(y >> half);
            for (row, (own, target)) in own.chunks_exact(width).zip(rows).enumerate() {
                let target = target.get_mut(left..left + width).unwrap_or_default();
                match cover.and_then(|cover| cover.row(number, row, width)) {
                    Some(cover) => blend(target, own, cover),
                    None => target
                        .iter_mut()
                        .zip(own)
                        .for_each(|(target, own)| *target = *own),
                }
            }
        }
    }
}

/// How much of an inset is seen.
#[derive(Debug)]
struct Cover {
    luma: Vec<u8>,
    chroma: Vec<u8>,
}

impl Cover {
    fn new(side: u32, outline: &Outline) -> Option<Self> {
        let mask = |side: u32, scale: f32| {
            let mut mask = Mask::new(side, side)?;
            mask.fill_path(
                outline,
                FillRule::Winding,
                true,
                Transform::from_scale(scale, scale),
            );
            Some(mask.data().to_vec())
        };
        Some(Self {
            luma: mask(side, 1.0)?,
            chroma: mask(side / 2, 0.5)?,
        })
    }

    fn row(&self, plane: usize, row: usize, width: usize) -> Option<&[u8]> {
        let cover = if plane == 0 { &self.luma } else { &self.chroma };
        cover.get(row * width..(row + 1) * width)
    }
}

/// x * 257 / 65,536 is x / 255 with rounding.
fn blend(target: &mut [u8], own: &[u8], cover: &[u8]) {
    for ((target, own), cover) in target.iter_mut().zip(own).zip(cover) {
        let cover = u32::from(*cover);
        let sum = u32::from(*target) * (255 - cover) + u32::from(*own) * cover;
        *target = low_byte((sum * 257 + 32_768) >> 16);
    }
}

fn shot(under: Layer, over: Option<(Layer, Change)>) -> FrameLayers {
    FrameLayers {
        under,
        over,
        brightness: FULL,
    }
}

/// Of a frame, in pixels.
#[derive(Clone, Copy)]
struct Size {
    width: u32,
    height: u32,
}

/// The line between two halves, along the edge that sweeps, or around an inset; drawn once.
fn lines(
    layout: &Layout,
    frame: Size,
    places: &[Place],
    line: f64,
    outline: Option<Outline>,
) -> Option<Overlay> {
    let [x, y, side, _] = places.last().copied()?;
    let thick = even(line).max(2);
    let (full_width, full_height) = (single(f64::from(frame.width)), single(f64::from(frame.height)));
    let thin = single(f64::from(thick));
    let bar = |size: [f32; 2], colour: Colour, at: (u32, u32)| {
        let [wide, tall] = size;
        let shape = rounded([0.0, 0.0], size, 0.0)?;
        let mut pixmap = Pixmap::new(round_u32(f64::from(wide)), round_u32(f64::from(tall)))?;
        pixmap.fill_path(
            &shape,
            &paint(colour),
            FillRule::Winding,
            Transform::identity(),
            None,
        );
        Some(Overlay::new(&pixmap, signed(at.0), signed(at.1)))
    };
    match layout {
        Layout::Full => None,
        Layout::Split(split) if y > 0 => bar([full_width, thin], split.divider, (0, y - thick / 2)),
        Layout::Split(split) => bar([thin, full_height], split.divider, (x - thick / 2, 0)),
        Layout::BeforeAfter(pair) => {
            bar([thin, full_height], pair.divider, (0, 0)).map(|line| line.moved((-signed(thick / 2), 0)))
        }
        Layout::PictureInPicture(inset) => {
            let room = side + 2 * thick;
            let mut pixmap = Pixmap::new(room, room)?;
            let stroke = Stroke {
                width: thin,
                ..Stroke::default()
            };
            let shift = Transform::from_translate(thin, thin);
            pixmap.stroke_path(&outline?, &paint(inset.border), &stroke, shift, None);
            Some(Overlay::new(
                &pixmap,
                signed(x) - signed(thick),
                signed(y) - signed(thick),
            ))
        }
    }
}

fn paint(colour: Colour) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color_rgba8(colour.red, colour.green, colour.blue, 255);
    paint
}

/// The nearest even number not below zero.
fn even(length: f64) -> u32 {
    round_u32(length / 2.0) * 2
}

/// A place in a frame, which is at most 4096.
fn signed(place: u32) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;
