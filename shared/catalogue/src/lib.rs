//! Models and voices that can be chosen, by provider: data of the build, without any provider's code.
//!
//! One row per model holds its price, its cost and how it may be called. Quotes, receipts, costs, configuration routes
//! and the end of a job read it here and never reach a crate that draws or speaks.

pub mod models;
pub mod voices;

pub use models::{
    Capability, Catalogue, LOCAL, Limits, Model, ModelInfo, Remote, UnknownProvider, VIDEO_MODEL,
};
pub use voices::{Gender, Voice, VoiceInfo, check_voice, find_voice, voices};
