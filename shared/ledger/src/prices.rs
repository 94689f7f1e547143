//! What each kind of work costs, by vendor.

use domain::receipt::Resource;
use domain::{Credits, CreditsError};
use serde::Serialize;
use utoipa::ToSchema;

/// The price of one kind of work at one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ModelPrice {
    /// What for.
    pub resource: Resource,
    /// Name of the provider.
    pub provider: String,
    /// How many make one unit: 1 script, 1 picture, 10 seconds; a started unit counts whole.
    pub unit_quantity: u64,
    /// Credits of one unit.
    pub unit_credits: Credits,
}

impl ModelPrice {
    /// Credits for a quantity of scripts, pictures or seconds.
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
/// A vendor that is not listed costs what `local` costs, so configuration alone can never make work free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    listed: Vec<ModelPrice>,
}

/// The vendor whose prices every unlisted one has.
const LOCAL: &str = "local";

impl PriceList {
    /// The list in force: script 2, picture 2, voice 1 and video 2 per started ten seconds.
    pub fn standard() -> Self {
        let listed = [
            Resource::ScriptGeneration,
            Resource::ImageGeneration,
            Resource::VoiceSynthesis,
            Resource::VideoGeneration,
        ]
        .map(|resource| standard_price(resource, LOCAL))
        .to_vec();
        Self { listed }
    }

    /// The same list with other prices for some vendors.
    #[must_use]
    pub fn with(mut self, price: ModelPrice) -> Self {
        self.listed
            .retain(|old| (old.resource, &old.provider) != (price.resource, &price.provider));
        self.listed.push(price);
        self
    }

    /// The price of a kind of work at a vendor.
    pub fn price(&self, resource: Resource, provider: &str) -> ModelPrice {
        let listed = |name: &str| {
            self.listed
                .iter()
                .find(|price| price.resource == resource && price.provider == name)
                .cloned()
        };
        let price = listed(provider)
            .or_else(|| listed(LOCAL))
            .unwrap_or_else(|| standard_price(resource, provider));
        ModelPrice {
            provider: provider.to_owned(),
            ..price
        }
    }

    /// Credits of one unit of work at a vendor.
    pub fn unit(&self, resource: Resource, provider: &str) -> Credits {
        self.price(resource, provider).unit_credits
    }

    /// Every listed price.
    pub fn models(&self) -> Vec<ModelPrice> {
        self.listed.clone()
    }
}

fn standard_price(resource: Resource, provider: &str) -> ModelPrice {
    let (unit_quantity, unit_credits) = match resource {
        Resource::ScriptGeneration | Resource::ImageGeneration => (1, 2),
        Resource::VoiceSynthesis => (10, 1),
        Resource::VideoGeneration => (10, 2),
    };
    ModelPrice {
        resource,
        provider: provider.to_owned(),
        unit_quantity,
        unit_credits: Credits::new(unit_credits),
    }
}

#[cfg(test)]
mod tests;
