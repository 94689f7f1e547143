//! Models and voices that can be chosen, by provider: data of the build, without any provider's code.
//!
//! Quoting, configuration routes and the end of a job need only names; they read them here and never reach a crate
//! that draws or speaks.

pub mod models;
pub mod voices;

pub use models::{
    Capability, IMAGE_MODEL, LOCAL, ModelInfo, SCRIPT_MODEL, UnknownProvider, VOICE_MODEL, model, models,
};
pub use voices::{Gender, Voice, VoiceInfo, find_voice, voice_known, voices};
