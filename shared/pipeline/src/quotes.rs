//! What jobs would cost at most, before anything is held.

use domain::job::{JobKind, Step};
use domain::ports::Work;
use domain::settings::Settings;
use domain::{AccountId, Credits, ErrorCode, Failure};
use ledger::{Known, Quote, Vendors};
use serde_json::json;
use store::Store;

use crate::books::Books;

/// The price list and the vendors in force.
#[derive(Debug, Clone)]
pub struct Quotes {
    books: Books,
    vendors: Vendors,
}

/// What a job would cost, and whether the account has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// At most so much, line by line.
    pub quote: Quote,
    /// Credits that can be held now.
    pub available: Credits,
}

impl Quotes {
    /// Quotes by the books' price list for these vendors.
    pub fn new(books: Books, vendors: Vendors) -> Self {
        Self { books, vendors }
    }

    /// The store behind them.
    pub const fn store(&self) -> &Store {
        self.books.store()
    }

    /// What a job would cost at most; `known` is [`crate::inputs::known`] of what is there. Holds nothing.
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
            let wallet = self.store().wallet(account).await?;
            Ok(Offer {
                quote,
                available: wallet.available_at(self.books.now()),
            })
        })
    }

    pub(crate) const fn books(&self) -> &Books {
        &self.books
    }

    pub(crate) fn quote(&self, kind: JobKind, settings: &Settings, known: Known) -> Result<Quote, Failure> {
        Ok(ledger::quote(
            self.books.prices(),
            settings,
            kind,
            known,
            &self.vendors,
        )?)
    }

    /// A voice that the vendor has not would only be found after the script was paid for.
    pub(crate) fn check_voice(&self, kind: JobKind, settings: &Settings) -> Result<(), Failure> {
        match &settings.voice_id {
            Some(id)
                if kind.runs(Step::Voice)
                    && !providers::voice_known(&self.vendors.voice, settings.language, id) =>
            {
                Err(Failure::new(ErrorCode::VoiceUnknown)
                    .with_details(json!({"field": "settings.voice_id", "language": settings.language})))
            }
            _ => Ok(()),
        }
    }
}
