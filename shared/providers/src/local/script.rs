//! The outline writer.

use domain::ports::Work;
use domain::script::Script;
use domain::settings::Settings;

use super::nothing_pending;
use crate::vendors::LOCAL;
use crate::{Call, ProviderError, ScriptWriter, Started};

/// Version of the writer: part of the input hash.
pub const MODEL: &str = "outline-1";

/// Writes outlines.
#[derive(Debug, Clone, Copy)]
pub struct LocalScripts;

impl ScriptWriter for LocalScripts {
    fn vendor(&self) -> &str {
        LOCAL
    }

    fn model(&self) -> &str {
        MODEL
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        _call: &'a Call,
        _settings: &'a Settings,
    ) -> Work<'a, Result<Started<Script>, ProviderError>> {
        Box::pin(async { Err(nothing_pending("write")) })
    }

    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        _settings: &'a Settings,
    ) -> Work<'a, Result<Started<Script>, ProviderError>> {
        Box::pin(async move { Err(nothing_pending(external_id)) })
    }
}
