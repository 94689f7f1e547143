//! The outline writer: a hook, numbered points and a call to action about any keyword, without knowing anything.
//!
//! It says what helps with every topic (why, one example, a usual mistake, one thing to try) and so invents nothing.
//! [`outline`] joins the parts: `bank` has each language's phrases, `topic` reads the keyword, `choice` chooses,
//! `fit` makes it last as long as asked.

use domain::ports::Work;
use domain::script::Script;
use domain::settings::Settings;
use providers::{Call, ProviderError, ProviderReply, ScriptWriter};

use crate::nothing_pending;

mod avoid;
mod bank;
mod chinese;
mod choice;
mod english;
mod fit;
mod ideas;
mod korean;
mod outline;
mod russian;
mod sections;
mod topic;

/// Writes outlines.
///
/// # Promises
/// The same settings give the same script; nothing leaves the process.
///
/// # Limits
/// A bank holds about 300 s of speech at normal speed: only a video of 180 s at more than 1.6 times the speed ends
/// early, by up to a sixth.
#[derive(Debug, Clone, Copy)]
pub struct LocalScripts;

impl ScriptWriter for LocalScripts {
    fn write<'a>(
        &'a self,
        _call: &'a Call,
        settings: &'a Settings,
    ) -> Work<'a, Result<ProviderReply<Script>, ProviderError>> {
        Box::pin(async move { outline::outline(settings).map(ProviderReply::Done) })
    }

    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        _settings: &'a Settings,
    ) -> Work<'a, Result<ProviderReply<Script>, ProviderError>> {
        Box::pin(async move { Err(nothing_pending(external_id)) })
    }
}

#[cfg(test)]
mod tests;
