//! The contract of media providers, one trait per capability.
//!
//! Start with [`call`] for how a provider is called and answers, then [`script`], [`image`] and [`voice`] for the
//! three capabilities; [`pace`] is the yardstick by which speech is planned.
//! Nothing here draws or speaks: the provider without keys or network is the crate `local-providers`.

pub mod call;
pub mod error;
pub mod image;
pub mod pace;
pub mod script;
pub mod voice;

pub use call::{Call, ProviderReply};
pub use error::{Cause, ProviderError};
pub use image::{ImageBrief, ImageFile, ImageMaker};
pub use script::ScriptWriter;
pub use voice::{Speech, VoiceBrief, VoiceMaker};
