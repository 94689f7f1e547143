//! What a job costs once it has ended: charged line by line for what was delivered, never above the hold.

use std::collections::BTreeMap;

use catalogue::Catalogue;
use domain::job::{Job, JobModel, JobOutcome, Step};
use domain::outputs::{BY_CUSTOMER, Produced, Source};
use domain::receipt::{NotCharged, QuoteLine, Receipt, ReceiptLine, Resource};
use domain::{Credits, CreditsError};

use crate::price;

/// A piece of delivered work before it has a price.
struct Delivered<'a> {
    resource: Resource,
    provider: &'a str,
    source: Source,
    quantity: u64,
}

/// The receipt of a job from what it has made.
///
/// # Promises
/// `charged` is the sum of the lines and at most `held`; `charged + released = held`.
/// Work that an earlier job paid for costs nothing, nor does what the customer brought; a failed or cancelled job costs nothing; each line says why.
/// What was quoted and not made has a line of its own.
///
/// # Errors
/// [`CreditsError::TooMany`] for quantities beyond all reason.
pub fn receipt(job: &Job, catalogue: Catalogue, outcome: &JobOutcome) -> Result<Receipt, CreditsError> {
    let mut left = job.held;
    let mut lines = Vec::new();
    for part in delivered(job) {
        let price = price(catalogue, part.resource, &model_of(job, &part));
        let full = price.credits(part.quantity)?;
        let (charged, not_charged) = match (outcome, part.source) {
            (JobOutcome::Failed(_), _) => (Credits::ZERO, Some(NotCharged::JobFailed)),
            (JobOutcome::Cancelled, _) => (Credits::ZERO, Some(NotCharged::JobCancelled)),
            (JobOutcome::Completed, _) if part.provider == BY_CUSTOMER => {
                (Credits::ZERO, Some(NotCharged::CustomersOwn))
            }
            (JobOutcome::Completed, Source::AlreadyPaid) => (Credits::ZERO, Some(NotCharged::AlreadyPaid)),
            (JobOutcome::Completed, Source::Fresh | Source::Reused) if full > left => {
                (left, Some(NotCharged::AboveHold))
            }
            (JobOutcome::Completed, Source::Fresh | Source::Reused) => (full, None),
        };
        left = left.checked_sub(charged)?;
        lines.push(ReceiptLine {
            resource: part.resource,
            provider: part.provider.to_owned(),
            quantity: part.quantity,
            unit_quantity: Some(price.unit_quantity),
            units: Some(price.units(part.quantity)),
            unit_credits: price.unit_credits,
            charged,
            not_charged,
        });
    }
    lines.extend(not_made(job, &lines));
    // Stable: what was made of a resource stands before what was not.
    lines.sort_by_key(|line| line.resource);
    Ok(Receipt {
        held: job.held,
        charged: job.held.checked_sub(left)?,
        released: left,
        lines,
    })
}

/// The model that made it: the job's own, unless another provider did it in an earlier run or the customer brought it.
fn model_of(job: &Job, part: &Delivered<'_>) -> JobModel {
    let step = match part.resource {
        Resource::ScriptGeneration => Step::Script,
        Resource::ImageGeneration => Step::Images,
        Resource::VoiceSynthesis => Step::Voice,
        Resource::VideoGeneration => Step::Composition,
    };
    let chosen = job
        .models
        .get(&step)
        .filter(|chosen| chosen.provider == part.provider);
    chosen.cloned().unwrap_or_else(|| JobModel {
        provider: part.provider.to_owned(),
        model: String::new(),
    })
}

/// What the job was quoted for and has not made.
fn not_made(job: &Job, made: &[ReceiptLine]) -> Vec<ReceiptLine> {
    let rest = |quoted: &QuoteLine| {
        // What the customer brought was never quoted.
        let of_it = made
            .iter()
            .filter(|line| line.resource == quoted.resource && line.provider != BY_CUSTOMER);
        let quantity = of_it.fold(quoted.quantity_max, |rest, line| {
            rest.saturating_sub(line.quantity)
        });
        (quantity > 0).then(|| ReceiptLine {
            resource: quoted.resource,
            provider: quoted.provider.clone(),
            quantity,
            unit_quantity: quoted.unit_quantity,
            units: quoted.unit_quantity.map(|unit| quantity.div_ceil(unit.max(1))),
            unit_credits: quoted.unit_credits,
            charged: Credits::ZERO,
            not_charged: Some(NotCharged::NotMade),
        })
    };
    job.quoted.iter().filter_map(rest).collect()
}

/// How much of each resource the steps of the job's kind have made: scripts, images or started seconds.
pub fn made(job: &Job) -> BTreeMap<Resource, u64> {
    let mut made: BTreeMap<Resource, u64> = BTreeMap::new();
    for part in delivered(job) {
        let sum = made.entry(part.resource).or_default();
        *sum = sum.saturating_add(part.quantity);
    }
    made
}

/// Everything that the steps of the job's kind have made, in the order of the steps.
fn delivered(job: &Job) -> Vec<Delivered<'_>> {
    job.kind
        .steps()
        .iter()
        .flat_map(|step| match step {
            Step::Script => one(job.outputs.script.as_ref(), Resource::ScriptGeneration, |_| 1),
            Step::Images => images(job),
            Step::Voice => one(job.outputs.voice.as_ref(), Resource::VoiceSynthesis, |voice| {
                seconds(voice.duration_ms)
            }),
            Step::Composition => one(job.outputs.video.as_ref(), Resource::VideoGeneration, |video| {
                seconds(video.duration_ms)
            }),
        })
        .collect()
}

fn one<T>(
    made: Option<&Produced<T>>,
    resource: Resource,
    quantity: impl FnOnce(&T) -> u64,
) -> Vec<Delivered<'_>> {
    made.map(|made| Delivered {
        resource,
        provider: &made.provider,
        source: made.source,
        quantity: quantity(&made.value),
    })
    .into_iter()
    .collect()
}

/// Images of one provider share a line, those that are charged and those that are not in two.
fn images(job: &Job) -> Vec<Delivered<'_>> {
    let mut groups: BTreeMap<(&str, bool), (Source, u64)> = BTreeMap::new();
    let scenes = job.script().map_or(u32::MAX, domain::script::Script::scenes);
    // An earlier run's script may have had more scenes; their images are in no video.
    for made in job.outputs.images.range(..scenes).map(|(_, made)| made) {
        let is_free = made.source == Source::AlreadyPaid;
        let group = groups
            .entry((&made.provider, is_free))
            .or_insert((made.source, 0));
        group.1 = group.1.saturating_add(1);
    }
    groups
        .into_iter()
        .map(|((provider, _), (source, quantity))| Delivered {
            resource: Resource::ImageGeneration,
            provider,
            source,
            quantity,
        })
        .collect()
}

/// Whole seconds, the last one begun counted in full.
fn seconds(duration_ms: u32) -> u64 {
    u64::from(duration_ms).div_ceil(1000)
}

#[cfg(test)]
mod tests;
