//! Pictures: typographic cards drawn by the engine.

use domain::ports::Work;

use super::nothing_pending;
use crate::vendors::LOCAL;
use crate::{Call, Drawing, ImageBrief, ImageMaker, LocalTools, ProviderError, Started};

/// Version of the cards: part of the input hash.
pub const MODEL: &str = "cards-1";

/// Draws cards.
#[derive(Debug, Clone)]
pub struct LocalImages {
    tools: LocalTools,
}

impl LocalImages {
    /// A maker that finds its fonts with `tools`.
    pub fn new(tools: &LocalTools) -> Self {
        Self { tools: tools.clone() }
    }
}

impl ImageMaker for LocalImages {
    fn vendor(&self) -> &str {
        LOCAL
    }

    fn model(&self) -> &str {
        MODEL
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn draw<'a>(
        &'a self,
        _call: &'a Call,
        _brief: &'a ImageBrief,
    ) -> Work<'a, Result<Started<Drawing>, ProviderError>> {
        Box::pin(async { Err(nothing_pending("draw")) })
    }

    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        _brief: &'a ImageBrief,
    ) -> Work<'a, Result<Started<Drawing>, ProviderError>> {
        Box::pin(async move { Err(nothing_pending(external_id)) })
    }
}
