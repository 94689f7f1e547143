//! Providers that are reached over the network: one module each, and one line in the table of its capability.
//!
//! What a model costs, takes and promises stands in its row of the catalogue; the module only speaks to the provider.

use std::sync::Arc;

use catalogue::Model;
use secrecy::SecretString;

use crate::{ImageMaker, ScriptWriter, VoiceMaker};

/// What a client is made of.
#[derive(Debug, Clone)]
pub struct RemoteAccess {
    /// Base address of the provider's API.
    pub address: String,
    /// Its key.
    pub key: SecretString,
    /// The HTTP client of the function; a call that takes longer than its time-out sets one of its own.
    pub web: reqwest::Client,
}

/// Makes the client of a model.
pub type Connect<T> = fn(&'static Model, RemoteAccess) -> Arc<T>;

/// Providers by their names in the catalogue.
pub type Table<T> = &'static [(&'static str, Connect<T>)];

/// Providers that write scripts.
pub const SCRIPT_WRITERS: Table<dyn ScriptWriter> = &[];
/// Providers that make images.
pub const IMAGE_MAKERS: Table<dyn ImageMaker> = &[];
/// Providers that speak.
pub const VOICE_MAKERS: Table<dyn VoiceMaker> = &[];
