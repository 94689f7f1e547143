//! A composer that writes a few bytes in place of a video, as fast as the state machine's tests need it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::ports::Work;
use domain::{ErrorCode, Failure};
use pipeline::plan::VideoPlan;
use pipeline::{Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, scene_file};

const VENDOR: &str = "local";
const VERSION: &str = "fake-1";

/// Composes nothing, checks that its files were there, and counts.
#[derive(Debug, Default)]
pub struct FakeComposer {
    renders: AtomicUsize,
    fails: AtomicBool,
    spoils: AtomicBool,
    slips: AtomicBool,
}

impl FakeComposer {
    /// How often it composed.
    pub fn renders(&self) -> usize {
        self.renders.load(Ordering::Relaxed)
    }

    /// Composing fails from now on, as without ffmpeg.
    pub fn break_down(&self) {
        self.fails.store(true, Ordering::Relaxed);
    }

    /// What it composes from now on does not pass its check.
    pub fn spoil(&self) {
        self.spoils.store(true, Ordering::Relaxed);
    }

    /// The next video that it composes does not pass its check, later ones do.
    pub fn slip(&self) {
        self.slips.store(true, Ordering::Relaxed);
    }

    /// What it composes from now on passes again.
    pub fn recover(&self) {
        self.spoils.store(false, Ordering::Relaxed);
        self.fails.store(false, Ordering::Relaxed);
    }

    fn render_now(&self, plan: &VideoPlan, folder: &Path) -> Result<Rendered, Failure> {
        self.renders.fetch_add(1, Ordering::Relaxed);
        let scenes = (0..plan.scenes.len()).map(scene_file);
        let missing = scenes
            .chain([VOICE_FILE.to_owned()])
            .find(|file| !folder.join(file).is_file());
        if missing.is_some() || self.fails.load(Ordering::Relaxed) {
            return Err(Failure::new(ErrorCode::RenderEngineFailed).because(format!("without {missing:?}")));
        }
        let slips = self.slips.swap(false, Ordering::Relaxed);
        let content = if slips || self.spoils.load(Ordering::Relaxed) {
            "black"
        } else {
            "video"
        };
        write(&folder.join(VIDEO_FILE), content);
        write(&folder.join(THUMBNAIL_FILE), "thumbnail");
        Ok(Rendered {
            duration_ms: plan.duration_ms(),
            loudness_centi_lufs: -1400,
        })
    }
}

fn write(path: &Path, content: &str) {
    std::fs::write(path, content).expect("the folder can be written");
}

impl Composer for FakeComposer {
    fn vendor(&self) -> &str {
        VENDOR
    }

    fn version(&self) -> &str {
        VERSION
    }

    fn render<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Rendered, Failure>> {
        Box::pin(async move { self.render_now(plan, folder) })
    }

    fn check<'a>(
        &'a self,
        _plan: &'a VideoPlan,
        folder: &'a Path,
    ) -> Work<'a, Result<Vec<Finding>, Failure>> {
        Box::pin(async move {
            let video = std::fs::read_to_string(folder.join(VIDEO_FILE)).expect("the video was downloaded");
            Ok(vec![Finding {
                code: "not_black".to_owned(),
                ok: video == "video",
                measured: video,
                wanted: "video".to_owned(),
            }])
        })
    }
}
