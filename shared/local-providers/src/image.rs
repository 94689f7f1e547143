//! Images: typographic cards drawn by the engine.

use std::io::Cursor;

use domain::ErrorCode;
use domain::ports::Work;
use domain::script::SectionKind;
use engine::cards::{BODY_CHARS_MAX, Card, CardKind, HEADLINE_CHARS_MAX, draw, seed_of};
use engine::{Colour, Fonts, Language};
use providers::{Call, Cause, ImageBrief, ImageFile, ImageMaker, ProviderError, ProviderReply};

use crate::{LocalTools, nothing_pending};

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

fn failed(cause: impl Into<Cause>) -> ProviderError {
    ProviderError::EngineFailed {
        doing: "drawing a card",
        code: ErrorCode::ImageEngineFailed,
        source: Some(cause.into()),
    }
}

/// The card that a brief describes.
fn card(brief: &ImageBrief, language: Language) -> Card {
    let (width, height) = brief.aspect.pixels();
    let kind = match (brief.kind, brief.number.map(u8::try_from)) {
        (SectionKind::Hook, _) => CardKind::Hook,
        (SectionKind::Point, Some(Ok(number))) => CardKind::Point { number },
        (SectionKind::Point, _) => CardKind::Plain,
        (SectionKind::Outro, _) => CardKind::Outro,
    };
    Card {
        width,
        height,
        seed: seed_of(&brief.prompt),
        kind,
        headline: cut(&brief.heading, HEADLINE_CHARS_MAX),
        // The captions say the rest.
        body: None,
        keyword: Some(cut(
            &brief.seed_text,
            BODY_CHARS_MAX.min(engine::cards::KEYWORD_CHARS_MAX),
        )),
        colours: brief
            .colours
            .iter()
            .filter_map(|colour| Colour::parse(colour))
            .collect(),
        language,
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

fn drawn(tools: &LocalTools, brief: &ImageBrief) -> Result<ImageFile, ProviderError> {
    let language = Language::parse(brief.language.as_str()).unwrap_or_else(Language::english);
    let mut fonts = Fonts::load(&tools.fonts_dir, &language).map_err(failed)?;
    let image = draw(&mut fonts, &card(brief, language)).map_err(failed)?;
    let mut bytes = Vec::new();
    // PNG: the renderer zooms into it, and JPEG's rings around large type would swim.
    image
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .map_err(failed)?;
    Ok(ImageFile {
        width: image.width(),
        height: image.height(),
        bytes,
        content_type: "image/png",
    })
}

impl ImageMaker for LocalImages {
    fn draw<'a>(
        &'a self,
        _call: &'a Call,
        brief: &'a ImageBrief,
    ) -> Work<'a, Result<ProviderReply<ImageFile>, ProviderError>> {
        let (tools, brief) = (self.tools.clone(), brief.clone());
        // Drawing keeps a processor busy for a good part of a second.
        Box::pin(async move {
            tokio::task::spawn_blocking(move || drawn(&tools, &brief))
                .await
                .map_err(failed)?
                .map(ProviderReply::Done)
        })
    }

    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        _brief: &'a ImageBrief,
    ) -> Work<'a, Result<ProviderReply<ImageFile>, ProviderError>> {
        Box::pin(async move { Err(nothing_pending(external_id)) })
    }
}

#[cfg(test)]
mod tests;
