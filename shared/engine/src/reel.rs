//! The pictures of the scenes, decoded ahead of their time by a thread of their own.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::composition::Composition;
use crate::error::EngineError;
use crate::picture::{self, Picture};
use crate::resample::{Layer, Shot};
use crate::timeline::{self, Visible};

/// Hands out what a frame shows, moment after moment.
///
/// # Limits
/// Two pictures are held while one fades into the next; one more waits and one is decoded.
#[derive(Debug)]
pub(crate) struct Reel {
    next: Receiver<Result<Picture, EngineError>>,
    received: usize,
    held: VecDeque<(usize, Arc<Picture>)>,
}

impl Reel {
    pub(crate) fn start(composition: &Composition) -> Self {
        let size = (composition.width, composition.height);
        let files: Vec<(PathBuf, f64)> = composition
            .scenes
            .iter()
            .map(|scene| (scene.image.clone(), scene.motion.magnification()))
            .collect();
        // One finished picture waits while the one after it is decoded.
        let (sender, next) = sync_channel(0);
        // Detached: it ends with the last picture, or as soon as the reel is dropped.
        drop(thread::spawn(move || {
            let mut pictures = files
                .into_iter()
                .map(|(file, magnification)| picture::load(&file, size, magnification));
            // `all` stops at the first one that nobody wants any more.
            pictures.all(|picture| sender.send(picture).is_ok())
        }));
        Self {
            next,
            received: 0,
            held: VecDeque::new(),
        }
    }

    /// Moments go up; a picture whose scene has ended is let go.
    pub(crate) fn shot(&mut self, composition: &Composition, now_ms: f64) -> Result<Shot, EngineError> {
        let moment =
            timeline::at(composition, now_ms).ok_or(EngineError::Internal("a composition has scenes"))?;
        while self
            .held
            .front()
            .is_some_and(|(number, _)| *number < moment.under.scene)
        {
            self.held.pop_front();
        }
        let under = self.layer(composition, moment.under)?;
        let over = match moment.over {
            Some((visible, weight)) => Some((self.layer(composition, visible)?, weight)),
            None => None,
        };
        Ok(Shot {
            under,
            over,
            brightness: moment.brightness,
        })
    }

    fn layer(&mut self, composition: &Composition, visible: Visible) -> Result<Layer, EngineError> {
        let ended = EngineError::Internal("the reel holds every scene");
        while self.received <= visible.scene {
            let picture = self
                .next
                .recv()
                .ok()
                .ok_or(EngineError::Internal("the picture loader died"))??;
            self.held.push_back((self.received, Arc::new(picture)));
            self.received += 1;
        }
        let picture = self.held.iter().find(|(number, _)| *number == visible.scene);
        let (Some((_, picture)), Some(scene)) = (picture, composition.scenes.get(visible.scene)) else {
            return Err(ended);
        };
        Ok(Layer {
            picture: Arc::clone(picture),
            view: scene.motion.view(visible.progress),
        })
    }
}
