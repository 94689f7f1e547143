//! One folder per vendor behind one trait per capability; `local` is a vendor too.
//!
//! Start with [`call`] for how a vendor is called and answers, then [`script`], [`image`] and [`voice`] for the
//! three capabilities; [`vendors`] chooses by name and [`catalogue`] lists what can be chosen.
//! [`local`] needs no key and no network.

pub mod call;
pub mod catalogue;
pub mod error;
pub mod image;
pub mod local;
pub mod script;
pub mod vendors;
pub mod voice;

pub use call::{Call, ProviderReply};
pub use catalogue::{ModelInfo, models, voice_known, voices};
pub use error::{Cause, ProviderError};
pub use image::{Drawing, ImageBrief, ImageMaker};
pub use script::ScriptWriter;
pub use vendors::{LocalTools, UnknownProvider, image_maker, script_writer, voice_maker};
pub use voice::{Speech, VoiceBrief, VoiceInfo, VoiceMaker};

#[cfg(test)]
mod testing;
