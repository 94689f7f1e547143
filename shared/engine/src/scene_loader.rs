//! The scenes of a composition as they are drawn: images are decoded ahead of their time by a thread of their own,
//! clips by a child each, cards here.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::cards::title_card;
use crate::clip::{ClipReader, Frames};
use crate::composition::{Composition, Scene, Tint, Visual};
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::number::{real_u64, round_u32};
use crate::resample::{FrameLayers, Layer};
use crate::scene_images::{SceneImages, Source, places};
use crate::timeline::{self, Visible};
use crate::tools::Tools;
use crate::transitions::Change;
use crate::yuv_image::{self, YuvImage};

/// Hands out what a frame shows, moment after moment.
///
/// # Limits
/// Two scenes are held while one becomes the next; one more image waits and one is decoded.
#[derive(Debug)]
pub(crate) struct SceneLoader {
    tools: Tools,
    next: Receiver<Result<YuvImage, EngineError>>,
    built: usize,
    held: VecDeque<(usize, SceneImages)>,
}

/// An image to be decoded.
struct Job {
    file: PathBuf,
    size: (u32, u32),
    magnification: f64,
    tint: Option<Tint>,
}

impl SceneLoader {
    /// For the frames in which no other scenes are seen.
    pub(crate) fn start(tools: &Tools, composition: &Composition, scenes: Range<usize>) -> Self {
        let built = scenes.start;
        let frame = (composition.width, composition.height);
        let jobs: Vec<Job> = composition
            .scenes
            .get(scenes)
            .unwrap_or_default()
            .iter()
            .flat_map(|scene| jobs(scene, frame))
            .collect();
        // One finished image waits while the one after it is decoded.
        let (sender, next) = sync_channel(0);
        // Detached: it ends with the last image, or as soon as the loader is dropped.
        drop(thread::spawn(move || {
            let mut images = jobs.into_iter().map(Job::load);
            // `all` stops at the first one that nobody wants any more.
            images.all(|yuv| sender.send(yuv).is_ok())
        }));
        Self {
            tools: tools.clone(),
            next,
            built,
            held: VecDeque::new(),
        }
    }

    /// Moments go up; a scene that has ended is let go.
    pub(crate) fn shot(
        &mut self,
        fonts: &mut Fonts,
        composition: &Composition,
        now_ms: f64,
    ) -> Result<FrameLayers, EngineError> {
        let moment =
            timeline::at(composition, now_ms).ok_or(EngineError::Internal("a composition has scenes"))?;
        while self
            .held
            .front()
            .is_some_and(|(number, _)| *number < moment.under.scene)
        {
            self.held.pop_front();
        }
        let under = self.layer(fonts, composition, (moment.under, now_ms))?;
        let over = match moment.over {
            Some((visible, share)) => {
                let layer = self.layer(fonts, composition, (visible, now_ms))?;
                let scene = composition.scenes.get(visible.scene);
                let change = scene.and_then(|scene| Change::of(scene.transition_in, share));
                change.map(|change| (layer, change))
            }
            None => None,
        };
        Ok(FrameLayers {
            under,
            over,
            brightness: moment.brightness,
        })
    }

    fn layer(
        &mut self,
        fonts: &mut Fonts,
        composition: &Composition,
        (visible, now_ms): (Visible, f64),
    ) -> Result<Layer, EngineError> {
        while let Some(scene) = composition
            .scenes
            .get(self.built)
            .filter(|_| self.built <= visible.scene)
        {
            let set = self.set(fonts, composition, scene)?;
            self.held.push_back((self.built, set));
            self.built += 1;
        }
        let set = self.held.iter_mut().find(|(number, _)| *number == visible.scene);
        let (Some((_, set)), Some(scene)) = (set, composition.scenes.get(visible.scene)) else {
            return Err(EngineError::Internal("the loader holds every scene"));
        };
        let elapsed_ms = now_ms - real_u64(scene.start_ms);
        set.layer(scene, (elapsed_ms, composition.fps), visible.progress)
    }

    fn set(
        &mut self,
        fonts: &mut Fonts,
        composition: &Composition,
        scene: &Scene,
    ) -> Result<SceneImages, EngineError> {
        let frame = (composition.width, composition.height);
        let mut sources = Vec::with_capacity(2);
        for (visual, place) in scene.visuals().zip(places(&scene.layout, frame)) {
            let [_, _, width, height] = place;
            let size = magnified((width, height), scene);
            let source = match visual {
                Visual::Image(_) => Source::Still(Arc::new(self.decoded()?)),
                Visual::Clip(clip) => {
                    let frames = Frames {
                        size,
                        fps: composition.fps,
                        tint: scene.tint,
                        video_ms: composition.duration_ms(),
                    };
                    Source::Clip(Box::new(ClipReader::new(&self.tools, clip, frames)))
                }
                Visual::Card(card) => {
                    let mut yuv = YuvImage::from_rgb(&title_card(fonts, card, size)?);
                    tint(&mut yuv, scene.tint);
                    Source::Still(Arc::new(yuv))
                }
            };
            sources.push(source);
        }
        Ok(SceneImages::new(scene, sources, frame))
    }

    fn decoded(&mut self) -> Result<YuvImage, EngineError> {
        self.next
            .recv()
            .ok()
            .ok_or(EngineError::Internal("the image loader died"))?
    }
}

/// The images of a scene that come from image files, in their order.
fn jobs(scene: &Scene, frame: (u32, u32)) -> Vec<Job> {
    let visuals = scene.visuals().zip(places(&scene.layout, frame));
    let job = |(visual, [_, _, width, height]): (&Visual, [u32; 4])| match visual {
        Visual::Image(file) => Some(Job {
            file: file.clone(),
            size: (width, height),
            magnification: scene.motion.magnification(),
            tint: scene.tint,
        }),
        Visual::Clip(_) | Visual::Card(_) => None,
    };
    visuals.filter_map(job).collect()
}

impl Job {
    fn load(self) -> Result<YuvImage, EngineError> {
        let mut yuv = yuv_image::load(&self.file, self.size, self.magnification)?;
        tint(&mut yuv, self.tint);
        Ok(yuv)
    }
}

fn tint(yuv: &mut YuvImage, tint: Option<Tint>) {
    if let Some(tint) = tint {
        yuv.tint(tint);
    }
}

/// The size at which no view of a scene's motion has to be enlarged; even.
fn magnified((width, height): (u32, u32), scene: &Scene) -> (u32, u32) {
    let magnification = scene.motion.magnification();
    let side = |side: u32| (round_u32(f64::from(side) * magnification / 2.0) * 2).max(2);
    (side(width), side(height))
}
