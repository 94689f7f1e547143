//! Media: images, captions, sound, MP4 files and their checks; no AWS, no network.
//!
//! Start at [`Composition`] (what a video is made of) and [`compose()`] (which makes it); [`check()`] looks at the result.
//! [`cards`] draws images out of words, [`normalise_voice`] prepares a narration, [`thumbnail()`] picks a cover.
//! Everything is synchronous; ffmpeg runs as a process found through [`Tools`], always with a time limit and never with
//! a network protocol.

mod audio;
mod axis;
mod blend;
mod captions;
pub mod cards;
mod check;
mod chunks;
mod clip;
mod colour;
mod compose;
mod composition;
mod encode;
mod error;
pub mod ffmpeg;
mod fonts;
mod footage;
mod frame_renderer;
mod gallery;
mod language;
mod lines;
mod loudness;
mod motion;
mod mux;
pub mod number;
mod overlay;
mod overlays;
mod parts;
mod preview;
mod probe;
mod process;
mod processor;
mod quiet;
mod random;
mod resample;
mod safe_area;
mod scene_images;
mod scene_loader;
mod segments;
mod shape;
mod soft_track;
mod subtitles;
mod templates;
mod text;
mod thumbnail;
mod timeline;
mod tools;
mod transitions;
mod vignette;
mod voice;
mod wav;
mod yuv_image;

pub use audio::stereo_in_step;
pub use check::{CheckReport, Expectation, Finding, check, check_composition};
pub use chunks::{CHUNK_MS_MIN, Chunk, ChunkReport, chunk_files, join_chunks, plan_chunks, render_chunk};
pub use colour::Colour;
pub use compose::{Report, Stages, compose, compose_cached};
pub use composition::{
    Align, AtEnd, Audio, BeforeAfter, COMPOSITION_VERSION, CaptionColours, CaptionPreset, Captions,
    CardStyle, Clip, ClipSound, Composition, Corner, Direction, Edge, EncoderPreset, Entrance, Inset, Layout,
    Logo, LoudnessPreset, LowerThird, Motion, MotionKind, Music, Output, Plate, ProgressBar, Scene,
    SoundEffort, Split, TextBlock, Tint, TitleCard, Track, Transition, TransitionKind, Visual, Word,
};
pub use error::EngineError;
pub use fonts::Fonts;
pub use gallery::gallery;
pub use language::Language;
pub use lines::unbroken;
pub use loudness::{Loudness, level_stereo, measure as measure_loudness};
pub use parts::{Parts, parts};
pub use probe::{AudioStream, Probe, VideoStream, probe};
pub use process::Output as ToolOutput;
pub use safe_area::{SafeArea, SafeMargins};
pub use segments::{SegmentCache, SegmentReport};
pub use subtitles::{Cue, Subtitles, subtitles};
pub use templates::{Template, Values, Variable, VariableKind};
pub use thumbnail::thumbnail;
pub use tools::Tools;
pub use voice::{Cut, VoiceOptions, VoiceReport, normalise_voice};
pub use wav::{MonoSound, duration_ms};

#[cfg(test)]
mod testing;
