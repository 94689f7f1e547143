//! What each kind of work costs, by provider.

use catalogue::LOCAL;
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
    /// Credits for a quantity of scripts, images or seconds.
    ///
    /// # Errors
    /// [`CreditsError::TooMany`] for a quantity beyond all reason.
    pub fn credits(&self, quantity: u64) -> Result<Credits, CreditsError> {
        self.unit_credits
            .checked_mul(quantity.div_ceil(self.unit_quantity.max(1)))
    }
}

/// Every price.
///
/// # Promises
/// A provider that is not listed costs what `local` costs, so configuration alone can never make work free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    listed: Vec<ModelPrice>,
}

impl PriceList {
    /// The list in force: the rows of the catalogue.
    pub fn standard() -> Self {
        let listed = catalogue::MODELS.iter().map(|row| ModelPrice {
            resource: row.resource,
            provider: row.provider.to_owned(),
            unit_quantity: row.unit_quantity,
            unit_credits: row.unit_credits,
        });
        let mut prices = Self { listed: Vec::new() };
        for price in listed {
            // The first row of a provider is its default, and the one that is quoted.
            if !prices.lists(price.resource, &price.provider) {
                prices.listed.push(price);
            }
        }
        prices
    }

    fn lists(&self, resource: Resource, provider: &str) -> bool {
        self.listed
            .iter()
            .any(|price| price.resource == resource && price.provider == provider)
    }

    /// The same list with other prices for some providers.
    #[must_use]
    pub fn with(mut self, price: ModelPrice) -> Self {
        self.listed
            .retain(|old| (old.resource, &old.provider) != (price.resource, &price.provider));
        self.listed.push(price);
        self
    }

    /// The price of a kind of work at a provider.
    pub fn price(&self, resource: Resource, provider: &str) -> ModelPrice {
        let listed = |name: &str| {
            self.listed
                .iter()
                .find(|price| price.resource == resource && price.provider == name)
                .cloned()
        };
        // A list without `local` is not made: one started unit for one credit is the least that anything costs.
        let price = listed(provider)
            .or_else(|| listed(LOCAL))
            .unwrap_or_else(|| least(resource));
        ModelPrice {
            provider: provider.to_owned(),
            ..price
        }
    }

    /// Credits of one unit of work at a provider.
    pub fn unit(&self, resource: Resource, provider: &str) -> Credits {
        self.price(resource, provider).unit_credits
    }

    /// Every listed price.
    pub fn models(&self) -> Vec<ModelPrice> {
        self.listed.clone()
    }
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
