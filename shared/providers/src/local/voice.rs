//! The voice: espeak-ng as a process, one call per section, joined to one track.
//!
//! [`catalogue`] lists the voices.

use domain::ports::Work;

use super::nothing_pending;
use crate::vendors::LOCAL;
use crate::{Call, LocalTools, ProviderError, Speech, Started, VoiceBrief, VoiceInfo, VoiceMaker};

pub mod catalogue;

/// Version of the voice: part of the input hash.
pub const MODEL: &str = "espeak-ng-1";

/// Speaks with espeak-ng.
#[derive(Debug, Clone)]
pub struct LocalVoices {
    tools: LocalTools,
}

impl LocalVoices {
    /// A maker that finds its process with `tools`.
    pub fn new(tools: &LocalTools) -> Self {
        Self { tools: tools.clone() }
    }
}

impl VoiceMaker for LocalVoices {
    fn vendor(&self) -> &str {
        LOCAL
    }

    fn model(&self) -> &str {
        MODEL
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn voices(&self) -> Vec<VoiceInfo> {
        catalogue::infos()
    }

    fn speak<'a>(
        &'a self,
        _call: &'a Call,
        _brief: &'a VoiceBrief,
    ) -> Work<'a, Result<Started<Speech>, ProviderError>> {
        Box::pin(async { Err(nothing_pending("speak")) })
    }

    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        _brief: &'a VoiceBrief,
    ) -> Work<'a, Result<Started<Speech>, ProviderError>> {
        Box::pin(async move { Err(nothing_pending(external_id)) })
    }
}
