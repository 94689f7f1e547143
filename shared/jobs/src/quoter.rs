//! What jobs would cost at most, before anything is held.

use std::sync::Arc;

use catalogue::{Capability, Catalogue};
use domain::job::{JobKind, JobModels, Step};
use domain::member::Spender;
use domain::ports::{Clock, Work};
use domain::project::Project;
use domain::receipt::Resource;
use domain::settings::Settings;
use domain::{AccountId, Credits, ErrorCode, Failure, Invalid, Timestamp};
use ledger::{Estimate, Known, Quote, estimate};
use providers::ProviderError;
use store::{RunEnd, StartCheck, Store};

use crate::refusals::{Consent, job_active};

/// Newest runs among which similar ones are looked for: one short query.
const RUNS_MAX: u16 = 200;
/// Similar runs that an estimate rests on: the newest, which know the account's present habits.
const SIMILAR_MAX: usize = 20;
/// Asked lengths are similar when they differ by at most one part in so many of the one that is asked now.
const LENGTH_PARTS: u32 = 4;
/// What is made from a script is similar when it differs by at most one part in so many: its length is known.
const MADE_PARTS: u64 = 10;

/// Says what jobs cost, by the catalogue and the models that new jobs use.
#[derive(Debug, Clone)]
pub struct Quoter {
    store: Store,
    pub(crate) catalogue: Catalogue,
    clock: Arc<dyn Clock>,
    models: JobModels,
}

/// A job that somebody thinks of.
#[derive(Debug, Clone, Copy)]
pub struct OfferRequest<'a> {
    /// Account that would pay.
    pub account: AccountId,
    /// What would be made.
    pub kind: JobKind,
    /// What is wanted.
    pub settings: &'a Settings,
    /// What is known of the work, by [`crate::inputs::known`].
    pub known: Known,
    /// The project that it would work on; none of settings alone.
    pub project: Option<&'a Project>,
    /// The most that it may hold.
    pub max_credits: Option<Credits>,
    /// Whose budget it would be counted on.
    pub spender: Option<Spender>,
    /// What the caller says to what would else be refused.
    pub consent: Consent,
}

/// What a job would cost, and whether it could start.
#[derive(Debug)]
pub struct Offer {
    /// At most so much, line by line.
    pub quote: Quote,
    /// What it will likely cost.
    pub estimate: Estimate,
    /// Credits that can be held now.
    pub available: Credits,
    /// What stands against its start now, in the order in which the start would say it.
    pub refused_by: Vec<Failure>,
}

impl Quoter {
    /// Quotes by this catalogue; new jobs use these models.
    pub fn new(store: Store, catalogue: Catalogue, clock: Arc<dyn Clock>, models: JobModels) -> Self {
        Self {
            store,
            catalogue,
            clock,
            models,
        }
    }

    /// What a job would cost at most and likely, and what stands against it. Holds nothing.
    ///
    /// # Errors
    /// `voice_unknown` for a voice of settings without a project, and the store's.
    pub fn offer<'a>(&'a self, request: OfferRequest<'a>) -> Work<'a, Result<Offer, Failure>> {
        Box::pin(async move {
            let OfferRequest {
                account,
                kind,
                settings,
                known,
                ..
            } = request;
            if request.project.is_none() {
                self.check_voice(kind, settings)?;
            }
            let now = self.clock.now();
            let quote = self.quote(kind, settings, known, &self.models)?;
            let (wallet, paid) = tokio::try_join!(
                self.store.wallet(account),
                self.store.paid_runs(account, RUNS_MAX),
            )?;
            let similar = paid.iter().filter(|run| is_similar(&run.end, &request));
            let charged: Vec<Credits> = similar.map(|run| run.charged).take(SIMILAR_MAX).collect();
            Ok(Offer {
                estimate: estimate(&quote, &charged),
                available: wallet.available_at(now),
                refused_by: self.refused_by(&request, quote.held, now).await?,
                quote,
            })
        })
    }

    /// What stands against the job's start now.
    async fn refused_by(
        &self,
        request: &OfferRequest<'_>,
        held: Credits,
        now: Timestamp,
    ) -> Result<Vec<Failure>, Failure> {
        let mut refusals = match request.project {
            Some(project) => self.refusals(request.kind, project, request.consent)?,
            None => self
                .check_models(request.kind.steps(), &self.models(request.kind))
                .err()
                .into_iter()
                .collect(),
        };
        if held.is_zero() {
            refusals.push(Failure::new(ErrorCode::NothingToMake));
        }
        let start = StartCheck {
            account: request.account,
            kind: request.kind,
            duration_s: request.settings.duration_s,
            held,
            max_credits: request.max_credits,
            spender: request.spender,
        };
        let stored = self.store.start_refusals(&start, now).await?;
        refusals.extend(stored.into_iter().map(Failure::from));
        refusals.extend(request.project.and_then(job_active));
        Ok(refusals)
    }

    /// What a job with these models would cost at most and likely.
    pub(crate) fn quote(
        &self,
        kind: JobKind,
        settings: &Settings,
        known: Known,
        models: &JobModels,
    ) -> Result<Quote, Failure> {
        Ok(ledger::quote(self.catalogue, settings, kind, known, models)?)
    }

    /// The models that a new job of this kind calls, for as long as it lives.
    pub(crate) fn models(&self, kind: JobKind) -> JobModels {
        let steps = Capability::ALL.map(|capability| (capability, capability.step()));
        let called = steps.into_iter().filter(|(_, step)| kind.runs(*step));
        called
            .map(|(capability, step)| (step, self.catalogue.model_of(&self.models, capability)))
            .collect()
    }

    /// Refuses a job of which one of these steps has no model to call: it would find it only after the first was paid for.
    pub(crate) fn check_models(&self, steps: &[Step], models: &JobModels) -> Result<(), Failure> {
        let called = Capability::ALL.into_iter();
        for capability in called.filter(|capability| steps.contains(&capability.step())) {
            let name = self.catalogue.model_of(models, capability);
            let row = self.catalogue.row(capability.resource(), &name);
            if row.is_none_or(|row| !row.enabled) {
                return Err(ProviderError::no_such_model(&name).into());
            }
        }
        Ok(())
    }

    /// Refuses a voice that the provider does not have: the voice step would find it only after the script was paid for.
    pub(crate) fn check_voice(&self, kind: JobKind, settings: &Settings) -> Result<(), Failure> {
        if kind.runs(Step::Voice) {
            let provider = self.catalogue.model_of(&self.models, Capability::Voice).provider;
            catalogue::check_voice(&provider, settings)?;
        }
        Ok(())
    }
}

/// Reads the most credits that a job may take.
///
/// # Errors
/// [`Invalid`] with rule `range` for fewer than one.
pub fn parse_max_credits(credits: i64) -> Result<Credits, Invalid> {
    u64::try_from(credits)
        .ok()
        .filter(|credits| *credits > 0)
        .map(Credits::new)
        .ok_or_else(|| Invalid::new("max_credits", "range", "must be 1 or more"))
}

/// Whether a run's cost says something of a job of this kind and length.
///
/// A job that writes its script is compared by the length that was asked for, one that has a script by what it will
/// make. Runs that reused paid outputs are excluded: they would underestimate a job that starts from nothing.
fn is_similar(end: &RunEnd, request: &OfferRequest<'_>) -> bool {
    if end.kind != request.kind || end.has_gifts() {
        return false;
    }
    let (known, asked_s) = (request.known, request.settings.duration_s);
    let images = known.scenes.map(|scenes| scenes.saturating_sub(known.own_images));
    let will_make = [
        (Resource::ImageGeneration, images),
        (Resource::VoiceSynthesis, known.likely.voice_s),
        (Resource::VideoGeneration, known.likely.video_s),
    ];
    let from_script = !request.kind.runs(Step::Script);
    let mut made = will_make
        .into_iter()
        .filter(|(resource, _)| from_script && request.kind.runs(step_of(*resource)))
        .filter_map(|(resource, will)| Some((end.made(resource), u64::from(will?))));
    match made.next() {
        Some((was, will)) => was.abs_diff(will) <= will / MADE_PARTS,
        None => end.duration_s.abs_diff(asked_s) <= asked_s / LENGTH_PARTS,
    }
}

/// The step whose work a line charges for.
const fn step_of(resource: Resource) -> Step {
    match resource {
        Resource::ScriptGeneration => Step::Script,
        Resource::ImageGeneration => Step::Images,
        Resource::VoiceSynthesis => Step::Voice,
        Resource::VideoGeneration => Step::Composition,
    }
}
