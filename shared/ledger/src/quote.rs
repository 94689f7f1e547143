//! What a job may cost at most, before it starts: the size of its hold.

use catalogue::{Capability, Catalogue};
use domain::job::{JobKind, JobModel, JobModels, Step};
pub use domain::receipt::QuoteLine;
use domain::receipt::Resource;
use domain::settings::Settings;
use domain::{Credits, CreditsError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::price;

/// How many times the asked seconds a voice may run: a slow voice in a slow language, at half speed.
///
/// What runs longer is delivered all the same and not charged.
const VOICE_OVERRUN: u64 = 2;

/// Provider of videos in price list and receipts: there is one, our own engine.
pub const VIDEO_PROVIDER: &str = catalogue::LOCAL;

/// The model of our own engine, which no job chooses.
pub fn video_model() -> JobModel {
    JobModel {
        provider: VIDEO_PROVIDER.to_owned(),
        model: catalogue::VIDEO_MODEL.to_owned(),
    }
}

/// What a job may cost at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    /// Credits to be held: the sum of the lines.
    pub held: Credits,
    /// What it costs when everything comes to what it likely will; at most `held`.
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
    /// Seconds that this script, or its voice, takes at most; 0 before one is written.
    pub seconds: u32,
    /// What it will likely come to.
    pub likely: Likely,
}

/// What work will likely come to, where that is known better than by the asked length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Likely {
    /// Scenes of the script that will be written.
    pub scenes: Option<u32>,
    /// Started seconds of the voice.
    pub voice_s: Option<u32>,
    /// Started seconds of the video, with its silent end.
    pub video_s: Option<u32>,
}

/// Upper bounds for every step that a job of this kind runs.
///
/// # Promises
/// A script or a voice that is longer than the settings ask for is quoted by its own length: settings can be
/// changed after it was made, and must not make its seconds free.
///
/// `models` are those that the job has chosen.
///
/// # Errors
/// [`CreditsError::TooMany`] for prices beyond all reason.
pub fn quote(
    catalogue: Catalogue,
    settings: &Settings,
    kind: JobKind,
    known: Known,
    models: &JobModels,
) -> Result<Quote, CreditsError> {
    let asked = u64::from(settings.duration_s);
    let images = |scenes: u32| u64::from(scenes.saturating_sub(known.own_images));
    let scenes = known.scenes.unwrap_or_else(|| settings.scenes_max());
    let seconds = asked.saturating_mul(VOICE_OVERRUN).max(known.seconds.into());
    let bounds = Bounds {
        images: images(scenes),
        voice_s: seconds,
        video_s: seconds,
    };
    let at_most = lines(catalogue, kind, bounds, models)?;
    let likely_s = |likely: Option<u32>| likely.map_or_else(|| asked.max(known.seconds.into()), u64::from);
    let likely = Bounds {
        images: images(known.likely.scenes.unwrap_or(scenes)),
        voice_s: likely_s(known.likely.voice_s),
        video_s: likely_s(known.likely.video_s),
    };
    let likely = lines(catalogue, kind, likely, models)?;
    let held = sum(&at_most)?;
    Ok(Quote {
        held,
        likely: sum(&likely)?.min(held),
        lines: at_most,
    })
}

/// How much of everything.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    images: u64,
    voice_s: u64,
    video_s: u64,
}

fn lines(
    catalogue: Catalogue,
    kind: JobKind,
    Bounds {
        images,
        voice_s,
        video_s,
    }: Bounds,
    models: &JobModels,
) -> Result<Vec<QuoteLine>, CreditsError> {
    kind.steps()
        .iter()
        .map(|step| {
            let of = |capability| catalogue.model_of(models, capability);
            let (resource, model, quantity_max) = match step {
                Step::Script => (Resource::ScriptGeneration, of(Capability::Script), 1),
                Step::Images => (Resource::ImageGeneration, of(Capability::Image), images),
                Step::Voice => (Resource::VoiceSynthesis, of(Capability::Voice), voice_s),
                Step::Composition => (Resource::VideoGeneration, video_model(), video_s),
            };
            let price = price(catalogue, resource, &model);
            Ok(QuoteLine {
                resource,
                quantity_max,
                unit_quantity: Some(price.unit_quantity),
                units: Some(price.units(quantity_max)),
                unit_credits: price.unit_credits,
                credits: price.credits(quantity_max)?,
                provider: price.provider,
            })
        })
        .collect()
}

fn sum(lines: &[QuoteLine]) -> Result<Credits, CreditsError> {
    Credits::sum(lines.iter().map(|line| line.credits))
}

#[cfg(test)]
mod tests;
