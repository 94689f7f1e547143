//! What jobs would cost at most, before anything is held.

use std::sync::Arc;

use domain::job::{JobKind, Step};
use domain::ports::{Clock, Work};
use domain::settings::Settings;
use domain::{AccountId, Credits, ErrorCode, Failure, Invalid};
use ledger::{Estimate, Known, PriceList, Providers, Quote, estimate};
use serde_json::json;
use store::{RunEnd, Store};

/// Newest runs among which similar ones are looked for: one short query.
const RUNS_MAX: u16 = 200;
/// Similar runs that an estimate rests on: the newest, which know the account's present habits.
const SIMILAR_MAX: usize = 20;
/// Asked lengths are similar when they differ by less than one part in so many of the one that is asked now.
const LENGTH_PARTS: u32 = 4;

/// Says what jobs cost, by a price list and the providers in use.
#[derive(Debug, Clone)]
pub struct Quoter {
    store: Store,
    prices: PriceList,
    clock: Arc<dyn Clock>,
    providers: Providers,
}

/// What a job would cost, and whether the account has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// At most so much, line by line.
    pub quote: Quote,
    /// What it will likely cost.
    pub estimate: Estimate,
    /// Credits that can be held now.
    pub available: Credits,
}

impl Quoter {
    /// Quotes by this price list for these providers.
    pub fn new(store: Store, prices: PriceList, clock: Arc<dyn Clock>, providers: Providers) -> Self {
        Self {
            store,
            prices,
            clock,
            providers,
        }
    }

    /// What a job would cost at most and likely; `known` is [`crate::inputs::known`] of what is there. Holds nothing.
    ///
    /// # Errors
    /// The store's.
    pub fn offer<'a>(
        &'a self,
        account: AccountId,
        kind: JobKind,
        settings: &'a Settings,
        known: Known,
    ) -> Work<'a, Result<Offer, Failure>> {
        Box::pin(async move {
            let quote = self.quote(kind, settings, known)?;
            let (wallet, paid) = tokio::try_join!(
                self.store.wallet(account),
                self.store.paid_runs(account, RUNS_MAX),
            )?;
            let similar = paid
                .iter()
                .filter(|run| is_similar(&run.end, kind, settings.duration_s));
            let charged: Vec<Credits> = similar.map(|run| run.charged).take(SIMILAR_MAX).collect();
            Ok(Offer {
                estimate: estimate(&quote, &charged),
                quote,
                available: wallet.available_at(self.clock.now()),
            })
        })
    }

    pub(crate) fn quote(&self, kind: JobKind, settings: &Settings, known: Known) -> Result<Quote, Failure> {
        Ok(ledger::quote(
            &self.prices,
            settings,
            kind,
            known,
            &self.providers,
        )?)
    }

    /// Refuses a voice that the provider does not have: the voice step would find it only after the script was paid for.
    pub(crate) fn check_voice(&self, kind: JobKind, settings: &Settings) -> Result<(), Failure> {
        match &settings.voice_id {
            Some(id)
                if kind.runs(Step::Voice)
                    && !catalogue::voice_known(&self.providers.voice, settings.language, id) =>
            {
                Err(Failure::new(ErrorCode::VoiceUnknown)
                    .with_details(json!({"field": "settings.voice_id", "language": settings.language})))
            }
            _ => Ok(()),
        }
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
/// Runs that reused paid outputs are excluded: they would underestimate a job that starts from nothing.
fn is_similar(end: &RunEnd, kind: JobKind, duration_s: u32) -> bool {
    let apart = end.duration_s.abs_diff(duration_s);
    end.kind == kind && apart <= duration_s / LENGTH_PARTS && !end.has_gifts()
}
