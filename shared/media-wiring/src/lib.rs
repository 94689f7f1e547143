//! Connects the steps that make media: the clients of providers, and the composer.
//!
//! Apart from the other wiring, because this crate compiles the video engine: only steps that write, draw, speak,
//! render or check depend on it.

pub mod registry;
mod render_deps;

pub use registry::{Registry, image_makers, script_writers, voice_makers};
pub use render_deps::RenderDeps;
