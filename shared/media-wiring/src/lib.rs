//! Connects the steps that make media: providers by name, and the composer.
//!
//! Apart from the other wiring, because this crate compiles the video engine: only steps that write, draw, speak,
//! render or check depend on it.

pub mod registry;
mod render_deps;

pub use registry::{image_maker, script_writer, voice_maker};
pub use render_deps::RenderDeps;
