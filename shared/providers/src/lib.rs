//! The contract of media providers, one trait per capability, and the clients of those over the network.
//!
//! Start with [`call`] for how a provider is called and answers, then [`script`], [`image`] and [`voice`] for the
//! three capabilities; [`clients`] is how a step gets the client of the model that its job has chosen; [`pace`] is the yardstick by which speech is planned.
//! [`remote`] has the providers that are reached over the network; the one without keys or network, which draws and
//! speaks by itself, is the crate `local-providers`.

pub mod call;
pub mod clients;
pub mod error;
pub mod image;
pub mod pace;
pub mod remote;
pub mod script;
pub mod voice;

pub use call::{Call, ProviderReply};
pub use clients::Clients;
pub use error::{Cause, ProviderError};
pub use image::{ImageBrief, ImageFile, ImageMaker};
pub use script::ScriptWriter;
pub use voice::{Speech, VoiceBrief, VoiceMaker};
