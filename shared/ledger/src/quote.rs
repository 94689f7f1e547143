//! What a job may cost at most, before it starts: the size of its hold.

use domain::job::{JobKind, Step};
pub use domain::receipt::QuoteLine;
use domain::receipt::Resource;
use domain::settings::Settings;
use domain::{Credits, CreditsError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::PriceList;

/// How many times the asked seconds a voice may run: a slow voice in a slow language, at half speed.
///
/// What runs longer is delivered all the same and not charged.
const VOICE_OVERRUN: u64 = 2;

/// Provider of videos in price list and receipts: there is one, our own engine.
pub const VIDEO_PROVIDER: &str = catalogue::LOCAL;

/// Which provider does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Providers {
    /// Provider that writes scripts.
    pub script: String,
    /// Provider that makes images.
    pub image: String,
    /// Provider of voices.
    pub voice: String,
    /// Provider that renders videos.
    pub video: String,
}

/// What a job may cost at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    /// Credits to be held: the sum of the lines.
    pub held: Credits,
    /// What it costs when everything is as long as was asked; at most `held`.
    pub likely: Credits,
    /// Line by line, in the order of the steps.
    pub lines: Vec<QuoteLine>,
}

/// What is known of the work before it starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Scenes of the script that is there; none before one is written.
    pub scenes: Option<u32>,
    /// Those of them whose image the customer brings.
    pub own_images: u32,
    /// Seconds that this script, or its voice, takes; 0 before one is written.
    pub seconds: u32,
}

/// Upper bounds for every step that a job of this kind runs.
///
/// # Promises
/// A script or a voice that is longer than the settings ask for is quoted by its own length: settings can be
/// changed after it was made, and must not make its seconds free.
///
/// # Errors
/// [`CreditsError::TooMany`] for a price list beyond all reason.
pub fn quote(
    prices: &PriceList,
    settings: &Settings,
    kind: JobKind,
    known: Known,
    providers: &Providers,
) -> Result<Quote, CreditsError> {
    let asked = u64::from(settings.duration_s);
    let bounds = Bounds {
        images: known
            .scenes
            .unwrap_or_else(|| settings.scenes_max())
            .saturating_sub(known.own_images)
            .into(),
        seconds: asked.saturating_mul(VOICE_OVERRUN).max(known.seconds.into()),
    };
    let at_most = lines(prices, kind, bounds, providers)?;
    let as_asked = Bounds {
        seconds: asked.max(known.seconds.into()),
        ..bounds
    };
    let likely = lines(prices, kind, as_asked, providers)?;
    Ok(Quote {
        held: sum(&at_most)?,
        likely: sum(&likely)?,
        lines: at_most,
    })
}

/// How much of everything.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    images: u64,
    seconds: u64,
}

fn lines(
    prices: &PriceList,
    kind: JobKind,
    Bounds { images, seconds }: Bounds,
    providers: &Providers,
) -> Result<Vec<QuoteLine>, CreditsError> {
    kind.steps()
        .iter()
        .map(|step| match step {
            Step::Script => (Resource::ScriptGeneration, &providers.script, 1),
            Step::Images => (Resource::ImageGeneration, &providers.image, images),
            Step::Voice => (Resource::VoiceSynthesis, &providers.voice, seconds),
            Step::Composition => (Resource::VideoGeneration, &providers.video, seconds),
        })
        .map(|(resource, provider, quantity_max)| {
            let price = prices.price(resource, provider);
            Ok(QuoteLine {
                resource,
                provider: provider.clone(),
                quantity_max,
                unit_credits: price.unit_credits,
                credits: price.credits(quantity_max)?,
            })
        })
        .collect()
}

fn sum(lines: &[QuoteLine]) -> Result<Credits, CreditsError> {
    Credits::sum(lines.iter().map(|line| line.credits))
}

#[cfg(test)]
mod tests;
