//! The state of a fake provider: the same for both; only the shapes of their answers differ.
//!
//! Pure: no clock, no network. [`checkouts`], [`subscriptions`] and [`refunds`] change it and answer [`StateChange`]s.

use std::collections::BTreeMap;

use domain::Timestamp;
use ledger::catalogue::{ProductKind, products};
use payments::{
    CheckoutStatus, DisputeStatus, InvoiceStatus, Paid, PaymentProvider, RefundStatus, SubscriptionStatus,
};

mod checkouts;
mod refunds;
mod subscriptions;

pub use checkouts::CheckoutParams;

/// Names and values that a buyer's program gave.
pub type Metadata = BTreeMap<String, String>;

/// A change that a provider sends webhooks about; holds the id of what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateChange {
    /// A checkout was finished; a delayed payment may be missing still.
    CheckoutCompleted(String),
    /// A delayed payment came.
    CheckoutPaidLate(String),
    /// A delayed payment failed.
    CheckoutFailedLate(String),
    /// A checkout's page has closed.
    CheckoutExpired(String),
    /// A subscription began.
    SubscriptionStarted(String),
    /// A subscription changed.
    SubscriptionChanged(String),
    /// A subscription is over.
    SubscriptionEnded(String),
    /// An invoice was paid.
    InvoicePaid(String),
    /// An invoice was not paid.
    InvoiceFailed(String),
    /// Money goes back.
    Refunded(String),
    /// It came again.
    RefundFailed(String),
    /// A bank asks for money back.
    DisputeOpened(String),
    /// The bank has decided.
    DisputeClosed(String),
}

/// Something that is sold under a price.
#[derive(Debug, Clone)]
pub struct CatalogueItem {
    /// Stripe's price, Creem's product: `price_pack_starter`, `prod_pack_starter`.
    pub price_id: String,
    /// Name for a customer.
    pub name: &'static str,
    /// Cents, of a subscription every period.
    pub cents: i64,
    /// Paid every period.
    pub monthly: bool,
}

/// A customer of the provider.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Id.
    pub id: String,
    /// Address, if one was given.
    pub email: Option<String>,
    /// Whether renewals go through.
    pub card_works: bool,
}

/// A checkout.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Id.
    pub id: String,
    /// What it was opened with.
    pub params: CheckoutParams,
    /// How far it has come.
    pub status: CheckoutStatus,
    /// Whether the money is there.
    pub paid: Paid,
    /// The customer, at the latest after paying.
    pub customer: Option<String>,
    /// The payment of a pack.
    pub payment: Option<String>,
    /// The subscription.
    pub subscription: Option<String>,
    /// The first invoice.
    pub invoice: Option<String>,
    /// When it was opened.
    pub created: Timestamp,
    /// When its page closes.
    pub expires: Timestamp,
}

/// A subscription.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Id.
    pub id: String,
    /// Whose.
    pub customer: String,
    /// Price.
    pub price_id: String,
    /// What the buyer's program gave.
    pub metadata: Metadata,
    /// State.
    pub status: SubscriptionStatus,
    /// Begin of the period.
    pub start: Timestamp,
    /// End of the period.
    pub end: Timestamp,
    /// Ends with its period.
    pub ends: bool,
    /// When the end was asked for.
    pub canceled: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// End of the trial.
    pub trial_end: Option<Timestamp>,
    /// Newest invoice.
    pub invoice: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// An invoice of a subscription.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// Id.
    pub id: String,
    /// Whose.
    pub customer: String,
    /// Of which subscription.
    pub subscription: String,
    /// Its lines: price and cents, below zero what comes back for time that was not used.
    pub lines: Vec<(String, i64)>,
    /// The subscription's metadata when it was written.
    pub metadata: Metadata,
    /// Stripe's `billing_reason`.
    pub reason: &'static str,
    /// Cents.
    pub cents: i64,
    /// State.
    pub status: InvoiceStatus,
    /// The payment, when anything was due.
    pub payment: Option<String>,
    /// Begin of the period that it is for.
    pub start: Timestamp,
    /// End of the period that it is for.
    pub end: Timestamp,
    /// When it was written.
    pub created: Timestamp,
}

/// A payment.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Id.
    pub id: String,
    /// Whose.
    pub customer: String,
    /// Cents.
    pub cents: i64,
    /// Stripe's word: `succeeded`, `processing`, `requires_payment_method`.
    pub status: &'static str,
    /// The checkout that it paid, for packs.
    pub checkout: Option<String>,
    /// The invoice that it paid.
    pub invoice: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// A refund.
#[derive(Debug, Clone)]
pub struct Refund {
    /// Id.
    pub id: String,
    /// Of which payment.
    pub payment: String,
    /// Cents.
    pub cents: i64,
    /// State.
    pub status: RefundStatus,
    /// When it was made.
    pub created: Timestamp,
}

/// A dispute.
#[derive(Debug, Clone)]
pub struct Dispute {
    /// Id.
    pub id: String,
    /// Of which payment.
    pub payment: String,
    /// Cents.
    pub cents: i64,
    /// State.
    pub status: DisputeStatus,
    /// When it was opened.
    pub created: Timestamp,
}

/// All objects of a fake provider; each list oldest first.
#[derive(Debug, Clone)]
pub struct ProviderState {
    /// The provider whose API answers from it.
    pub provider: PaymentProvider,
    seed: String,
    counter: u64,
    /// How far the provider's clock was advanced, in ms.
    pub shift_ms: i64,
    /// The provider's time of the call that is being answered.
    pub now: Timestamp,
    /// What is sold.
    pub catalogue: Vec<CatalogueItem>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Checkouts.
    pub checkouts: Vec<Checkout>,
    /// Subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// Invoices.
    pub invoices: Vec<Invoice>,
    /// Payments.
    pub payments: Vec<Payment>,
    /// Refunds.
    pub refunds: Vec<Refund>,
    /// Disputes.
    pub disputes: Vec<Dispute>,
    /// Configurations of the portal, each with its metadata and whether it offers a change of plan.
    pub portals: Vec<Portal>,
}

/// A configuration of the portal.
#[derive(Debug, Clone)]
pub struct Portal {
    /// Id.
    pub id: String,
    /// What the seller's program gave.
    pub metadata: Metadata,
    /// Whether a customer can move to another price.
    pub changes_plan: bool,
}

impl ProviderState {
    /// A provider that sells our catalogue; the seed makes ids differ from those of an earlier run.
    pub fn new(provider: PaymentProvider, seed: &str) -> Self {
        let prefix = match provider {
            PaymentProvider::Stripe => "price",
            PaymentProvider::Creem => "prod",
        };
        let catalogue = products().into_iter().map(|product| CatalogueItem {
            price_id: format!("{prefix}_{}", product.id.as_str()),
            name: product.name,
            cents: i64::try_from(product.price.amount_minor).expect("a price in cents"),
            monthly: product.kind == ProductKind::Subscription,
        });
        Self {
            provider,
            seed: seed.to_owned(),
            counter: 0,
            shift_ms: 0,
            now: Timestamp::from_ms(0),
            catalogue: catalogue.collect(),
            customers: Vec::new(),
            checkouts: Vec::new(),
            subscriptions: Vec::new(),
            invoices: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            portals: Vec::new(),
        }
    }

    /// A new id with Stripe's or Creem's prefix.
    pub fn mint(&mut self, stripe: &str, creem: &str) -> String {
        self.counter += 1;
        let prefix = match self.provider {
            PaymentProvider::Stripe => stripe,
            PaymentProvider::Creem => creem,
        };
        format!("{prefix}_{}{:05}", self.seed, self.counter)
    }

    /// What is sold under a price.
    pub fn catalogue_item(&self, price_id: &str) -> Option<&CatalogueItem> {
        self.catalogue.iter().find(|item| item.price_id == price_id)
    }

    /// One customer.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customers.iter().find(|customer| customer.id == id)
    }

    /// One checkout.
    pub fn checkout(&self, id: &str) -> Option<&Checkout> {
        self.checkouts.iter().find(|checkout| checkout.id == id)
    }

    /// One subscription.
    pub fn subscription(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions
            .iter()
            .find(|subscription| subscription.id == id)
    }

    /// One invoice.
    pub fn invoice(&self, id: &str) -> Option<&Invoice> {
        self.invoices.iter().find(|invoice| invoice.id == id)
    }

    /// One payment.
    pub fn payment(&self, id: &str) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id == id)
    }

    /// Cents of a payment that are given back or on their way.
    pub fn refunded(&self, payment: &str) -> i64 {
        self.refunds
            .iter()
            .filter(|refund| refund.payment == payment && refund.status.takes_back())
            .map(|refund| refund.cents)
            .sum()
    }

    fn pay(&mut self, customer: &str, cents: i64, status: &'static str) -> String {
        let id = self.mint("pi", "tran");
        self.payments.push(Payment {
            id: id.clone(),
            customer: customer.to_owned(),
            cents,
            status,
            checkout: None,
            invoice: None,
            created: self.now,
        });
        id
    }
}
