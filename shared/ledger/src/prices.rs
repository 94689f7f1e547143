//! What each kind of work costs, by provider: the rows of the catalogue as prices.

use catalogue::{Catalogue, LOCAL, Model};
use domain::job::JobModel;
use domain::receipt::Resource;
use domain::{Credits, CreditsError};
use serde::Serialize;
use utoipa::ToSchema;

/// The price of one kind of work at one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ModelPrice {
    /// What is charged for.
    pub resource: Resource,
    /// Name of the provider.
    pub provider: String,
    /// How many make one unit: 1 script, 1 image, 10 seconds; a started unit counts whole.
    pub unit_quantity: u64,
    /// Credits of one unit.
    pub unit_credits: Credits,
}

impl ModelPrice {
    fn of(row: &Model) -> Self {
        Self {
            resource: row.resource,
            provider: row.provider.to_owned(),
            unit_quantity: row.unit_quantity,
            unit_credits: row.unit_credits,
        }
    }

    /// Units of a quantity, a started one counted whole.
    pub fn units(&self, quantity: u64) -> u64 {
        quantity.div_ceil(self.unit_quantity.max(1))
    }

    /// Credits for a quantity of scripts, images or seconds.
    ///
    /// # Errors
    /// [`CreditsError::TooMany`] for a quantity beyond all reason.
    pub fn credits(&self, quantity: u64) -> Result<Credits, CreditsError> {
        self.unit_credits.checked_mul(self.units(quantity))
    }
}

/// The price of a kind of work by a model.
///
/// # Promises
/// A model that is not listed costs what its provider's default row costs, and what nobody listed costs what `local`
/// costs, so configuration alone can never make work free.
pub fn price(catalogue: Catalogue, resource: Resource, model: &JobModel) -> ModelPrice {
    let default = |provider: &str| catalogue.default_row(resource, provider);
    let row = catalogue
        .row(resource, model)
        .or_else(|| default(&model.provider))
        .or_else(|| default(LOCAL));
    // A catalogue without `local` is not made: one started unit for one credit is the least that anything costs.
    let price = row.map_or_else(|| least(resource), ModelPrice::of);
    ModelPrice {
        provider: model.provider.clone(),
        ..price
    }
}

/// Every price, one of each provider and kind of work.
pub fn prices(catalogue: Catalogue) -> Vec<ModelPrice> {
    let rows = catalogue.rows().iter();
    rows.filter(|row| catalogue.default_row(row.resource, row.provider) == Some(row))
        .map(ModelPrice::of)
        .collect()
}

fn least(resource: Resource) -> ModelPrice {
    ModelPrice {
        resource,
        provider: LOCAL.to_owned(),
        unit_quantity: 1,
        unit_credits: Credits::new(1),
    }
}

#[cfg(test)]
mod tests;
