//! What an end makes of what was read: the ended job, the ended hold, and which outputs are paid from now on.

use domain::job::{Job, JobOutcome, Step};
use domain::outputs::{InputHash, Outputs, Source};
use domain::project::Project;
use domain::script_version::ScriptVersion;
use domain::{Credits, CreditsError, Timestamp, TransactionId};
use ledger::{Hold, HoldState, Posted};

use super::{Before, EndJob, OPERATION};
use crate::StoreError;

/// The job's outputs; those that were paid for when the job was priced are marked so.
pub(super) fn outputs_as_priced(job: &Job, priced: &Job) -> Outputs {
    let mut outputs = job.outputs.clone();
    let paid = priced.outputs.sources();
    let paid = paid.filter(|(_, source)| *source == Source::AlreadyPaid);
    outputs.mark_paid(&paid.map(|(hash, _)| hash.clone()).collect());
    outputs
}

/// Credits of an ended hold that were not charged.
pub(super) fn returned(hold: &Hold) -> Result<Credits, StoreError> {
    let charged = match hold.state {
        HoldState::Settled { charged, .. } => charged,
        HoldState::Released { .. } => Credits::ZERO,
        HoldState::Open => hold.credits,
    };
    hold.credits
        .checked_sub(charged)
        .map_err(|error| StoreError::corrupt(OPERATION, error))
}

pub(super) fn ended_job(job: &Job, end: &EndJob, now: Timestamp) -> Result<Job, StoreError> {
    let state = job
        .state
        .after(end.outcome.event())
        .map_err(|error| StoreError::corrupt(OPERATION, error))?;
    Ok(Job {
        state,
        failure: end.outcome.failure().cloned(),
        receipt: Some(end.receipt.clone()),
        ended_at: Some(now),
        ..job.clone()
    })
}

pub(super) fn ended_hold(
    before: &Before,
    end: &EndJob,
    id: TransactionId,
    now: Timestamp,
) -> Result<(Posted, Hold), StoreError> {
    let hold = before
        .hold
        .as_ref()
        .ok_or_else(|| StoreError::corrupt(OPERATION, "an open job without a hold"))?;
    let moved = match end.outcome {
        JobOutcome::Completed => before.wallet.settle(hold, end.receipt.charged, id, now),
        JobOutcome::Failed(_) | JobOutcome::Cancelled => before.wallet.release(hold, id, now),
    };
    let (posted, hold) = moved.map_err(|error| StoreError::wallet(OPERATION, error))?;
    check_receipt(end, hold.credits)?;
    Ok((posted, hold))
}

/// A receipt that does not add up is a bug of its maker; it must not reach a customer.
fn check_receipt(end: &EndJob, held: Credits) -> Result<(), StoreError> {
    let receipt = &end.receipt;
    let corrupt = |error: CreditsError| StoreError::corrupt(OPERATION, error);
    let lines = Credits::sum(receipt.lines.iter().map(|line| line.charged)).map_err(corrupt)?;
    let both = receipt.charged.checked_add(receipt.released).map_err(corrupt)?;
    let is_free = end.outcome == JobOutcome::Completed || receipt.charged.is_zero();
    if receipt.held == held && both == held && lines == receipt.charged && is_free {
        Ok(())
    } else {
        Err(StoreError::corrupt(OPERATION, "the receipt does not add up"))
    }
}

/// Hashes of the outputs that this end charges for.
pub(super) fn paid_outputs(job: &Job, outcome: &JobOutcome, lost: &[InputHash]) -> Vec<InputHash> {
    if *outcome != JobOutcome::Completed {
        return Vec::new();
    }
    let made = |step| job.kind.runs(step);
    let outputs = &job.outputs;
    let script = outputs.script.as_ref().filter(|_| made(Step::Script));
    let voice = outputs.voice.as_ref().filter(|_| made(Step::Voice));
    let video = outputs.video.as_ref().filter(|_| made(Step::Composition));
    let images = outputs.images.values().filter(|_| made(Step::Images));
    let mut hashes: Vec<InputHash> = script
        .map(|m| (m.source, &m.input_hash))
        .into_iter()
        .chain(images.map(|m| (m.source, &m.input_hash)))
        .chain(voice.map(|m| (m.source, &m.input_hash)))
        .chain(video.map(|m| (m.source, &m.input_hash)))
        .filter(|(source, hash)| *source != Source::AlreadyPaid && !lost.contains(hash))
        .map(|(_, hash)| hash.clone())
        .collect();
    // Two scenes with the same prompt share one output, and a transaction may touch an item once.
    hashes.sort();
    hashes.dedup();
    hashes
}

/// Gives a project what its job has delivered; answers with the versions of its script that are stored with it.
pub(super) fn take_outputs(
    project: &mut Project,
    outputs: &Outputs,
    job: &Job,
    now: Timestamp,
) -> Vec<ScriptVersion> {
    let script = project.outputs.script.take();
    project.outputs.clone_from(outputs);
    match &outputs.script {
        Some(made) if job.kind.runs(Step::Script) => {
            project.outputs.script = script;
            project.take_script(made.clone(), Some(job.settings.language), now)
        }
        Some(_) | None => Vec::new(),
    }
}
