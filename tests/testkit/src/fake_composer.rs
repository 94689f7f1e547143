//! A composer that writes a few bytes in place of a video, as fast as the state machine's tests need it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::ports::Work;
use domain::{ErrorCode, Failure};
use jobs::plan::{PlannedScene, VideoPlan};
use jobs::{
    Chunk, Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, chunk_file, scene_file,
};

const PROVIDER: &str = "local";
const VERSION: &str = "fake-1";
/// Content of a video or a chunk that passes its check.
const GOOD: &str = "video";
/// Content of one that does not.
const BAD: &str = "black";

/// Composes nothing, checks that its files were there, and counts. A chunk is a scene.
#[derive(Debug, Default)]
pub struct FakeComposer {
    renders: AtomicUsize,
    chunks: AtomicUsize,
    joins: AtomicUsize,
    fails: AtomicBool,
    spoils: AtomicBool,
    slips: AtomicBool,
}

impl FakeComposer {
    /// How often it composed.
    pub fn renders(&self) -> usize {
        self.renders.load(Ordering::Relaxed)
    }

    /// How often it rendered a chunk.
    pub fn chunk_renders(&self) -> usize {
        self.chunks.load(Ordering::Relaxed)
    }

    /// How often it joined chunks.
    pub fn joins(&self) -> usize {
        self.joins.load(Ordering::Relaxed)
    }

    /// Composing fails from now on, as without ffmpeg.
    pub fn break_down(&self) {
        self.fails.store(true, Ordering::Relaxed);
    }

    /// What it composes from now on does not pass its check.
    pub fn spoil(&self) {
        self.spoils.store(true, Ordering::Relaxed);
    }

    /// The next video or chunk that it composes does not pass its check, later ones do.
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
        self.work(scenes.chain([VOICE_FILE.to_owned()]), folder)?;
        Ok(finished(plan, self.content(), folder))
    }

    fn render_chunk_now(&self, chunk: &Chunk, folder: &Path) -> Result<(), Failure> {
        self.chunks.fetch_add(1, Ordering::Relaxed);
        self.work(chunk.scenes.iter().map(|index| scene_file(*index)), folder)?;
        write(&folder.join(chunk_file(chunk.number)), self.content());
        Ok(())
    }

    fn join_now(&self, plan: &VideoPlan, chunks: &[Chunk], folder: &Path) -> Result<Rendered, Failure> {
        self.joins.fetch_add(1, Ordering::Relaxed);
        let files: Vec<String> = chunks.iter().map(|chunk| chunk_file(chunk.number)).collect();
        self.work(files.iter().cloned().chain([VOICE_FILE.to_owned()]), folder)?;
        let is_good = |file: &String| read(&folder.join(file)) == GOOD;
        let content = if files.iter().all(is_good) { GOOD } else { BAD };
        Ok(finished(plan, content, folder))
    }

    /// Fails without its files, as the engine does.
    fn work(&self, mut files: impl Iterator<Item = String>, folder: &Path) -> Result<(), Failure> {
        let missing = files.find(|file| !folder.join(file).is_file());
        if missing.is_some() || self.fails.load(Ordering::Relaxed) {
            return Err(Failure::new(ErrorCode::RenderEngineFailed).because(format!("without {missing:?}")));
        }
        Ok(())
    }

    fn content(&self) -> &'static str {
        let slips = self.slips.swap(false, Ordering::Relaxed);
        if slips || self.spoils.load(Ordering::Relaxed) {
            BAD
        } else {
            GOOD
        }
    }
}

fn finished(plan: &VideoPlan, content: &str, folder: &Path) -> Rendered {
    write(&folder.join(VIDEO_FILE), content);
    write(&folder.join(THUMBNAIL_FILE), "thumbnail");
    Rendered {
        duration_ms: plan.duration_ms(),
        loudness_centi_lufs: -1400,
    }
}

fn write(path: &Path, content: &str) {
    std::fs::write(path, content).expect("the folder can be written");
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file is there")
}

impl Composer for FakeComposer {
    fn provider(&self) -> &str {
        PROVIDER
    }

    fn version(&self) -> &str {
        VERSION
    }

    fn render<'a>(&'a self, plan: &'a VideoPlan, folder: &'a Path) -> Work<'a, Result<Rendered, Failure>> {
        Box::pin(async move { self.render_now(plan, folder) })
    }

    fn chunks(&self, plan: &VideoPlan, _length_ms_max: u64) -> Result<Vec<Chunk>, Failure> {
        let chunk = |(number, scene): (u32, &PlannedScene)| Chunk {
            number,
            first_frame: u64::from(scene.start_ms),
            frames: u64::from(scene.duration_ms),
            scenes: usize::try_from(number).into_iter().collect(),
        };
        Ok((0..).zip(&plan.scenes).map(chunk).collect())
    }

    fn render_chunk<'a>(
        &'a self,
        _plan: &'a VideoPlan,
        chunk: &'a Chunk,
        folder: &'a Path,
    ) -> Work<'a, Result<(), Failure>> {
        Box::pin(async move { self.render_chunk_now(chunk, folder) })
    }

    fn join<'a>(
        &'a self,
        plan: &'a VideoPlan,
        chunks: &'a [Chunk],
        folder: &'a Path,
    ) -> Work<'a, Result<Rendered, Failure>> {
        Box::pin(async move { self.join_now(plan, chunks, folder) })
    }

    fn check<'a>(
        &'a self,
        _plan: &'a VideoPlan,
        folder: &'a Path,
    ) -> Work<'a, Result<Vec<Finding>, Failure>> {
        Box::pin(async move {
            let video = read(&folder.join(VIDEO_FILE));
            Ok(vec![Finding {
                code: "not_black".to_owned(),
                ok: video == GOOD,
                measured: video,
                wanted: GOOD.to_owned(),
            }])
        })
    }
}
