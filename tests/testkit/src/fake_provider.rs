//! Fast providers that work, fail or keep one waiting as a test says, and count how often they were called.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::ErrorCode;
use domain::outputs::Word;
use domain::ports::Work;
use domain::script::Script;
use domain::settings::Settings;
use providers::{
    Call, ImageBrief, ImageFile, ImageMaker, ProviderError, ProviderReply, ScriptWriter, Speech, VoiceBrief,
    VoiceMaker,
};

use crate::samples;

/// Scenes of every script that [`FakeProvider`] writes.
pub const SCENES: u32 = 3;

/// Milliseconds that each scene is spoken, when nothing else is asked.
pub const SCENE_MS: u32 = 2000;

/// How the next call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The provider fails with this code.
    Fail(ErrorCode),
    /// The provider takes the call and answers later.
    Wait,
    /// The provider's answer is lost: it may have been billed.
    Vanish,
}

/// One provider for all three capabilities.
#[derive(Debug)]
pub struct FakeProvider {
    acts: Mutex<VecDeque<Act>>,
    calls: AtomicUsize,
    polls: AtomicUsize,
    /// Milliseconds that each scene is spoken.
    scene_ms: u32,
}

impl Default for FakeProvider {
    fn default() -> Self {
        Self {
            acts: Mutex::default(),
            calls: AtomicUsize::default(),
            polls: AtomicUsize::default(),
            scene_ms: SCENE_MS,
        }
    }
}

impl FakeProvider {
    /// A provider that speaks each scene for so many milliseconds.
    pub fn speaking(scene_ms: u32) -> Self {
        Self {
            scene_ms,
            ..Self::default()
        }
    }

    /// Says how the next call or poll goes; after what was said it works.
    pub fn next(&self, act: Act) {
        self.acts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(act);
    }

    /// How often it was called, polls aside.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.polls.load(Ordering::Relaxed)
    }

    fn called<T>(&self, result: impl FnOnce() -> T) -> Result<ProviderReply<T>, ProviderError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.act(result)
    }

    fn polled<T>(&self, result: impl FnOnce() -> T) -> Result<ProviderReply<T>, ProviderError> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        self.act(result)
    }

    fn act<T>(&self, result: impl FnOnce() -> T) -> Result<ProviderReply<T>, ProviderError> {
        let act = self
            .acts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match act {
            None => Ok(ProviderReply::Done(result())),
            Some(Act::Wait) => Ok(ProviderReply::Pending {
                external_id: "provider-1".to_owned(),
            }),
            Some(Act::Vanish) => Err(ProviderError::OutcomeUnknown {
                doing: "calling a fake",
                source: None,
            }),
            Some(Act::Fail(code)) => Err(failure(code)),
        }
    }
}

fn failure(code: ErrorCode) -> ProviderError {
    let doing = "calling a fake";
    match code {
        ErrorCode::ProviderThrottled => ProviderError::Throttled {
            doing,
            retry_after_s: None,
        },
        ErrorCode::ProviderUnavailable => ProviderError::Unavailable { doing, source: None },
        ErrorCode::ProviderRefused => ProviderError::Refused { doing, source: None },
        ErrorCode::ProviderRejected => ProviderError::Rejected { doing, source: None },
        ErrorCode::VoiceUnknown => ProviderError::UnknownVoice {
            voice_id: "nobody".to_owned(),
        },
        code => ProviderError::EngineFailed {
            doing,
            code,
            source: None,
        },
    }
}

impl ScriptWriter for FakeProvider {
    fn write<'a>(
        &'a self,
        _call: &'a Call,
        _settings: &'a Settings,
    ) -> Work<'a, Result<ProviderReply<Script>, ProviderError>> {
        Box::pin(async move { self.called(|| samples::script(SCENES)) })
    }

    fn poll<'a>(
        &'a self,
        _external_id: &'a str,
        _settings: &'a Settings,
    ) -> Work<'a, Result<ProviderReply<Script>, ProviderError>> {
        Box::pin(async move { self.polled(|| samples::script(SCENES)) })
    }
}

fn image_file(brief: &ImageBrief) -> ImageFile {
    let (width, height) = brief.aspect.pixels();
    ImageFile {
        bytes: brief.prompt.clone().into_bytes(),
        content_type: "image/png",
        width,
        height,
    }
}

impl ImageMaker for FakeProvider {
    fn draw<'a>(
        &'a self,
        _call: &'a Call,
        brief: &'a ImageBrief,
    ) -> Work<'a, Result<ProviderReply<ImageFile>, ProviderError>> {
        Box::pin(async move { self.called(|| image_file(brief)) })
    }

    fn poll<'a>(
        &'a self,
        _external_id: &'a str,
        brief: &'a ImageBrief,
    ) -> Work<'a, Result<ProviderReply<ImageFile>, ProviderError>> {
        Box::pin(async move { self.polled(|| image_file(brief)) })
    }
}

/// A word per scene.
fn speech(brief: &VoiceBrief, scene_ms: u32) -> Speech {
    let scenes = u32::try_from(brief.sections.len()).expect("few scenes");
    let words = (0..scenes).zip(&brief.sections).map(|(scene, text)| Word {
        text: text.split(' ').next().unwrap_or("word").to_owned(),
        start_ms: scene * scene_ms,
        end_ms: scene * scene_ms + 500,
        scene,
    });
    Speech {
        wav: b"RIFF".to_vec(),
        duration_ms: scenes * scene_ms,
        words: words.collect(),
        scene_marks_ms: (0..=scenes).map(|scene| scene * scene_ms).collect(),
    }
}

impl VoiceMaker for FakeProvider {
    fn speak<'a>(
        &'a self,
        _call: &'a Call,
        brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>> {
        Box::pin(async move { self.called(|| speech(brief, self.scene_ms)) })
    }

    fn poll<'a>(
        &'a self,
        _external_id: &'a str,
        brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>> {
        Box::pin(async move { self.polled(|| speech(brief, self.scene_ms)) })
    }
}
