//! What can be bought: packs of credits, and subscriptions that bring credits every month.
//!
//! The list is data of the build, like [`plans`](crate::plans); the ids under which a provider sells each product are
//! configuration. A payment that does not match this list grants nothing by itself.

use domain::Credits;
use domain::account::PlanId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Origin;

/// A price: whole minor units of a currency, never a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub struct Price {
    /// Amount in minor units of the currency: cents.
    pub amount_minor: u64,
    /// ISO 4217 code, lower case.
    #[schema(example = "usd")]
    pub currency: &'static str,
}

/// Everything that can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductId {
    /// The small pack.
    PackStarter,
    /// The usual pack.
    PackPro,
    /// The large pack.
    PackUnlimited,
    /// The small subscription.
    SubscriptionStarter,
    /// The usual subscription.
    SubscriptionProfessional,
    /// The large subscription.
    SubscriptionEnterprise,
}

impl ProductId {
    /// Every product, packs first, each kind from small to large.
    pub const ALL: [Self; 6] = [
        Self::PackStarter,
        Self::PackPro,
        Self::PackUnlimited,
        Self::SubscriptionStarter,
        Self::SubscriptionProfessional,
        Self::SubscriptionEnterprise,
    ];

    /// The word on the wire, in configuration and in a provider's metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PackStarter => "pack_starter",
            Self::PackPro => "pack_pro",
            Self::PackUnlimited => "pack_unlimited",
            Self::SubscriptionStarter => "subscription_starter",
            Self::SubscriptionProfessional => "subscription_professional",
            Self::SubscriptionEnterprise => "subscription_enterprise",
        }
    }

    /// The product of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.as_str() == word)
    }
}

/// How a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// Credits for one payment.
    Pack,
    /// Paid every month; its credits come with each paid invoice.
    Subscription,
}

/// Something that can be bought: a pack, or a plan by subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Product {
    /// Id of the product.
    pub id: ProductId,
    /// How it is sold.
    pub kind: ProductKind,
    /// Name for a customer.
    #[schema(example = "Starter pack")]
    pub name: &'static str,
    /// Credits: of a pack once, of a subscription every month.
    pub credits: Credits,
    /// Price: of a pack once, of a subscription every month.
    pub price: Price,
    /// Days until the credits expire; none for a subscription, whose credits last until its paid period ends.
    pub expires_days: Option<i64>,
    /// Limits that a subscription brings while it is paid; none for a pack.
    pub plan: Option<PlanId>,
}

/// A product by its id.
///
/// # Source
/// Credits, and prices of the packs: the product's own list. Prices of the subscriptions are ours, each below a pack
/// of as many credits, because they come every month and expire with it.
pub const fn product(id: ProductId) -> Product {
    let (name, credits, amount_minor, plan) = match id {
        ProductId::PackStarter => ("Starter pack", 500, 999, None),
        ProductId::PackPro => ("Pro pack", 2000, 2999, None),
        ProductId::PackUnlimited => ("Unlimited pack", 10_000, 9999, None),
        ProductId::SubscriptionStarter => ("Starter subscription", 500, 899, Some(PlanId::Basic)),
        ProductId::SubscriptionProfessional => {
            ("Professional subscription", 1500, 1999, Some(PlanId::Standard))
        }
        ProductId::SubscriptionEnterprise => {
            ("Enterprise subscription", 8000, 6999, Some(PlanId::Professional))
        }
    };
    let is_pack = plan.is_none();
    Product {
        id,
        kind: if is_pack {
            ProductKind::Pack
        } else {
            ProductKind::Subscription
        },
        name,
        credits: Credits::new(credits),
        price: Price {
            amount_minor,
            currency: "usd",
        },
        expires_days: if is_pack {
            Some(Origin::Purchase.days())
        } else {
            None
        },
        plan,
    }
}

/// Every product, in the order of [`ProductId::ALL`].
pub fn products() -> Vec<Product> {
    ProductId::ALL.into_iter().map(product).collect()
}

#[cfg(test)]
mod tests;
