//! The capability that turns a keyword into a script.

use std::fmt::Debug;

use domain::ports::Work;
use domain::script::Script;
use domain::settings::Settings;

use crate::{Call, ProviderError, ProviderReply};

/// Writes scripts.
///
/// # Shape
/// Anthropic: one `POST /v1/messages` with `output_config.format`; `stop_reason: refusal` is
/// [`ProviderError::Refused`], a cut answer (`max_tokens`) is [`ProviderError::Unavailable`]; always `Done`, and
/// `poll` answers [`ProviderError::Rejected`] because there is nothing to ask for.
///
/// # Promises
/// The script has a hook first and an outro last, at most `settings.scenes_max()` sections, times from 0 without
/// gaps, and no phrase of `settings.brand.phrases_to_avoid`.
///
/// # Source
/// The facts of providers in this crate's trait docs were read on 2026-11-20.
pub trait ScriptWriter: Debug + Send + Sync {
    /// Writes a script.
    fn write<'a>(
        &'a self,
        call: &'a Call,
        settings: &'a Settings,
    ) -> Work<'a, Result<ProviderReply<Script>, ProviderError>>;
    /// Asks for a script that was [`ProviderReply::Pending`].
    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        settings: &'a Settings,
    ) -> Work<'a, Result<ProviderReply<Script>, ProviderError>>;
}
