//! A payment provider's price ids of our products.

use std::collections::BTreeMap;

use ledger::ProductId;

/// A provider's price ids, Creem's product ids.
///
/// # Shape
/// JSON in configuration: `{"pack_starter": "price_...", "subscription_starter": "price_..."}`. A product that is
/// left out is not sold by this provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceIds(BTreeMap<ProductId, String>);

/// Why the price ids could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PriceIdsError {
    /// It is not a JSON object of texts.
    #[error("the price ids must be a JSON object of texts")]
    Malformed(#[source] serde_json::Error),
    /// A name is not one of the catalogue's.
    #[error("{0:?} is not a product of the catalogue")]
    UnknownProduct(String),
    /// An id is empty, or stands for two products.
    #[error("the id of {0} is empty or stands for another product too")]
    BadId(&'static str),
}

impl PriceIds {
    /// Reads the configuration.
    ///
    /// # Errors
    /// [`PriceIdsError`]: two products under one id would make a payment ambiguous.
    pub fn parse(json: &str) -> Result<Self, PriceIdsError> {
        let named: BTreeMap<String, String> = serde_json::from_str(json).map_err(PriceIdsError::Malformed)?;
        let mut ids = BTreeMap::new();
        for (name, id) in named {
            let product = ProductId::parse(&name).ok_or(PriceIdsError::UnknownProduct(name))?;
            if id.trim().is_empty() || ids.values().any(|known| *known == id) {
                return Err(PriceIdsError::BadId(product.as_str()));
            }
            ids.insert(product, id);
        }
        Ok(Self(ids))
    }

    /// The provider's id of a product.
    pub fn id_of(&self, product: ProductId) -> Option<&str> {
        self.0.get(&product).map(String::as_str)
    }

    /// The product that a provider's id stands for.
    pub fn product_of(&self, id: &str) -> Option<ProductId> {
        self.0
            .iter()
            .find(|(_, known)| *known == id)
            .map(|(product, _)| *product)
    }

    /// The one product among several ids; none when there is none, or more than one.
    pub fn only_product(&self, ids: &[String]) -> Option<ProductId> {
        let (first, rest) = ids.split_first()?;
        rest.iter()
            .all(|id| id == first)
            .then(|| self.product_of(first))
            .flatten()
    }

    /// What this provider sells.
    pub fn products(&self) -> impl Iterator<Item = ProductId> + '_ {
        self.0.keys().copied()
    }
}

#[cfg(test)]
mod tests;
