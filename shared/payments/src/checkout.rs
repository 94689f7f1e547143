//! A page where a customer pays once or subscribes.

use domain::{AccountId, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::Money;

/// Metadata key of the account, on checkout, subscription and payment.
pub const META_ACCOUNT: &str = "account_id";
/// Metadata key of what was bought: [`CheckoutItem::product`].
pub const META_PRODUCT: &str = "product";

/// What is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckoutItem {
    /// A pack of credits, paid once.
    Pack {
        /// Word in our catalogue: `pack_starter`.
        product: String,
        /// Stripe's price, Creem's product.
        price_id: String,
    },
    /// A plan, paid every period.
    Subscription {
        /// Word in our catalogue: `subscription_professional`.
        product: String,
        /// Stripe's price, Creem's product.
        price_id: String,
        /// Days before the first payment; Stripe only, Creem keeps trials at its product.
        trial_days: Option<u32>,
    },
}

impl CheckoutItem {
    /// Stripe's price, Creem's product.
    pub fn price_id(&self) -> &str {
        match self {
            Self::Pack { price_id, .. } | Self::Subscription { price_id, .. } => price_id,
        }
    }

    /// Word in our catalogue, as it is written in the provider's metadata.
    pub fn product(&self) -> &str {
        match self {
            Self::Pack { product, .. } | Self::Subscription { product, .. } => product,
        }
    }
}

/// Who pays, as far as the provider is told.
#[derive(Debug, Clone)]
pub enum Buyer {
    /// The provider's customer from an earlier purchase.
    Customer(String),
    /// An e-mail address to fill in, personal and so never printed; the provider makes a customer.
    Email(SecretString),
    /// Nothing is known.
    Unknown,
}

/// An order for a checkout.
#[derive(Debug, Clone)]
pub struct CheckoutRequest {
    /// Who gets the credits; comes back in every object's metadata.
    pub account: AccountId,
    /// What is bought.
    pub item: CheckoutItem,
    /// Where the customer lands after paying; not a proof of payment.
    pub success_url: String,
    /// Where the customer lands after giving up; Creem has none.
    pub cancel_url: String,
    /// Who pays.
    pub buyer: Buyer,
    /// At most 255 characters; the same key gives the same checkout. Creem gets it as `request_id`, which it only echoes.
    pub idempotency_key: String,
}

/// Whose customer is to be there before the first checkout.
#[derive(Debug, Clone)]
pub struct CustomerRequest {
    /// Who pays.
    pub account: AccountId,
    /// Where the provider sends receipts; personal and so never printed.
    pub email: SecretString,
}

/// A checkout that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The provider's id: `cs_…`, `ch_…`.
    pub id: String,
    /// Where to send the customer.
    pub url: String,
    /// When the page closes; Creem does not say.
    pub expires_at: Option<Timestamp>,
}

/// How far a checkout has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutStatus {
    /// The page is open.
    Open,
    /// The customer has finished; a delayed payment may still be on its way ([`Paid`]).
    Complete,
    /// The page has closed without a purchase.
    Expired,
}

/// Whether a checkout's money is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paid {
    /// The money is there: grant.
    Paid,
    /// It is not, perhaps not yet: a delayed method was used, or the page is open.
    Unpaid,
    /// Nothing is due: a trial or a full discount.
    NotRequired,
}

/// How often a checkout's customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// Once: the checkout itself is what grants.
    Once,
    /// Every period: the invoices grant, never the checkout.
    Recurring,
}

/// A checkout as the provider tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutState {
    /// The provider's id.
    pub id: String,
    /// How far it has come.
    pub status: CheckoutStatus,
    /// Whether the money is there.
    pub paid: Paid,
    /// Whether it sells a pack or a subscription.
    pub sale: Sale,
    /// Who gets the credits, from the metadata that we gave.
    pub account: Option<AccountId>,
    /// What was bought, from the metadata that we gave: [`CheckoutItem::product`].
    pub product: Option<String>,
    /// Stripe's prices, Creem's product: what was really sold.
    pub price_ids: Vec<String>,
    /// Before discounts and taxes: what to compare with the price list.
    pub subtotal: Option<Money>,
    /// What the customer pays.
    pub total: Option<Money>,
    /// The provider's customer.
    pub customer: Option<String>,
    /// The payment, for packs: id of [`Payment`](crate::Payment).
    pub payment: Option<String>,
    /// The subscription, for plans.
    pub subscription: Option<String>,
    /// The first invoice, where there is one.
    pub invoice: Option<String>,
    /// Real money.
    pub livemode: bool,
    /// When it was opened; Creem does not say.
    pub created: Option<Timestamp>,
}
