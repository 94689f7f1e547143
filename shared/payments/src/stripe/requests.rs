//! What we ask of Stripe: the requests of its package, with parameters of our own.
//!
//! The package writes the parameters as a form or a query, `items[0][price]=…`; what is `None` must be skipped, because it
//! would write the bare name.

use std::collections::BTreeMap;

use domain::Timestamp;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod};

use crate::checkout::{META_ACCOUNT, META_PRODUCT};
use crate::transport::escaped;
use crate::{
    Buyer, CheckoutItem, CheckoutRequest, CustomerRequest, PAGE_MAX, PageRequest, PlanChange, Proration,
};

type Metadata<'a> = BTreeMap<&'static str, &'a str>;

#[derive(Serialize)]
struct CheckoutParams<'a> {
    mode: &'static str,
    line_items: [LineItem<'a>; 1],
    success_url: &'a str,
    cancel_url: &'a str,
    client_reference_id: &'a str,
    metadata: &'a Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_intent_data: Option<Made<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_data: Option<Made<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_creation: Option<&'static str>,
}

#[derive(Serialize)]
struct LineItem<'a> {
    price: &'a str,
    quantity: u32,
}

/// What a checkout makes when it is paid: a payment or a subscription.
#[derive(Serialize)]
struct Made<'a> {
    metadata: &'a Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_period_days: Option<u32>,
}

/// A checkout; the metadata goes on the session and on what it makes, because Stripe copies none of it.
pub(super) fn create_checkout(request: &CheckoutRequest) -> RequestBuilder {
    let account = request.account.to_string();
    let metadata = Metadata::from([
        (META_ACCOUNT, account.as_str()),
        (META_PRODUCT, request.item.product()),
    ]);
    let mut params = CheckoutParams {
        mode: "payment",
        line_items: [LineItem {
            price: request.item.price_id(),
            quantity: 1,
        }],
        success_url: &request.success_url,
        cancel_url: &request.cancel_url,
        client_reference_id: &account,
        metadata: &metadata,
        payment_intent_data: None,
        subscription_data: None,
        customer: None,
        customer_email: None,
        customer_creation: None,
    };
    match &request.buyer {
        Buyer::Customer(id) => params.customer = Some(id),
        Buyer::Email(address) => params.customer_email = Some(address.expose_secret()),
        Buyer::Unknown => {}
    }
    match &request.item {
        CheckoutItem::Pack { .. } => {
            if params.customer.is_none() {
                // Else the buyer is a guest, whom neither portal nor list of invoices knows.
                params.customer_creation = Some("always");
            }
            params.payment_intent_data = Some(Made {
                metadata: &metadata,
                trial_period_days: None,
            });
        }
        CheckoutItem::Subscription { trial_days, .. } => {
            params.mode = "subscription";
            params.subscription_data = Some(Made {
                metadata: &metadata,
                trial_period_days: *trial_days,
            });
        }
    }
    post("/checkout/sessions").form(&params)
}

/// Closes an open checkout's page.
pub(super) fn expire_checkout(id: &str) -> RequestBuilder {
    post(format!("{}/expire", object("checkout/sessions", id)))
}

#[derive(Serialize)]
struct RefundParams<'a> {
    payment_intent: &'a str,
    reason: &'static str,
}

/// Gives back all that is left of a payment that was made twice.
pub(super) fn refund(payment: &str) -> RequestBuilder {
    post("/refunds").form(&RefundParams {
        payment_intent: payment,
        reason: "duplicate",
    })
}

#[derive(Serialize)]
struct CustomerParams<'a> {
    email: &'a str,
    metadata: Metadata<'a>,
}

/// A customer; its metadata says whose it is to whoever looks at the dashboard.
pub(super) fn create_customer(request: &CustomerRequest) -> RequestBuilder {
    let account = request.account.to_string();
    post("/customers").form(&CustomerParams {
        email: request.email.expose_secret(),
        metadata: Metadata::from([(META_ACCOUNT, account.as_str())]),
    })
}

#[derive(Serialize)]
struct PortalParams<'a> {
    customer: &'a str,
    return_url: &'a str,
    configuration: &'a str,
}

/// A link to the customer's own page, as a configuration says.
pub(super) fn open_portal(customer: &str, return_url: &str, configuration: &str) -> RequestBuilder {
    post("/billing_portal/sessions").form(&PortalParams {
        customer,
        return_url,
        configuration,
    })
}

/// Metadata key of a configuration of the portal.
pub(super) const META_CONFIGURATION: &str = "configuration";
/// Name of ours. Another one is made for another name: change it with what the portal offers.
pub(super) const PORTAL_CONFIGURATION: &str = "portal-without-plan-changes";

#[derive(Serialize)]
struct ConfigurationParams {
    features: Features,
    metadata: Metadata<'static>,
}

#[derive(Serialize)]
struct Features {
    invoice_history: Switch,
    payment_method_update: Switch,
    subscription_cancel: Ending,
    subscription_update: Switch,
}

#[derive(Serialize)]
struct Switch {
    enabled: bool,
}

#[derive(Serialize)]
struct Ending {
    enabled: bool,
    mode: &'static str,
}

/// A configuration of the portal: card, invoices, and an end with the period; no change of plan.
///
/// # Source
/// npm `stripe` 23.1.0 `BillingPortal/Configurations.d.ts`, read 2026-11-30.
pub(super) fn configure_portal() -> RequestBuilder {
    let (on, off) = (Switch { enabled: true }, Switch { enabled: false });
    post("/billing_portal/configurations").form(&ConfigurationParams {
        features: Features {
            invoice_history: Switch { enabled: true },
            payment_method_update: on,
            subscription_cancel: Ending {
                enabled: true,
                mode: "at_period_end",
            },
            subscription_update: off,
        },
        metadata: Metadata::from([(META_CONFIGURATION, PORTAL_CONFIGURATION)]),
    })
}

#[derive(Serialize)]
struct PlanParams<'a> {
    items: [PlanItem<'a>; 1],
    proration_behavior: &'static str,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct PlanItem<'a> {
    id: &'a str,
    price: &'a str,
}

/// A change of plan of the subscription's one item.
pub(super) fn change_plan(change: &PlanChange, item: &str) -> RequestBuilder {
    post(object("subscriptions", &change.subscription)).form(&PlanParams {
        items: [PlanItem {
            id: item,
            price: &change.price_id,
        }],
        proration_behavior: match change.proration {
            Proration::None => "none",
            Proration::NextInvoice => "create_prorations",
            Proration::InvoiceNow => "always_invoice",
        },
        metadata: Metadata::from([(META_PRODUCT, change.product.as_str())]),
    })
}

#[derive(Serialize)]
struct EndParams {
    cancel_at_period_end: bool,
}

/// A subscription's end at its period's end.
pub(super) fn end_at_period_end(subscription: &str) -> RequestBuilder {
    let ends = EndParams {
        cancel_at_period_end: true,
    };
    post(object("subscriptions", subscription)).form(&ends)
}

/// No end: a planned one is taken back.
pub(super) fn keep_renewing(subscription: &str) -> RequestBuilder {
    let goes_on = EndParams {
        cancel_at_period_end: false,
    };
    post(object("subscriptions", subscription)).form(&goes_on)
}

/// A subscription's end now.
pub(super) fn end_now(subscription: &str) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Delete, object("subscriptions", subscription))
}

#[derive(Serialize)]
struct GetParams {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    expand: &'static [&'static str],
}

/// One object of a list by its id, with parts that Stripe else leaves out.
pub(super) fn get(list: &str, id: &str, expand: &'static [&'static str]) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Get, object(list, id)).query(&GetParams { expand })
}

/// Which objects of a list.
#[derive(Debug, Default, Serialize)]
pub(super) struct Filter<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) customer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment_intent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment: Option<PaymentFilter<'a>>,
    /// Only configurations that can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) active: Option<bool>,
    /// `all`: those that were cancelled too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<Created>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) starting_after: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<u8>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) expand: &'static [&'static str],
}

#[derive(Debug, Serialize)]
pub(super) struct PaymentFilter<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) payment_intent: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Created {
    gte: i64,
}

impl<'a> Filter<'a> {
    /// A page, newest first, of objects created at or after a moment.
    pub(super) fn page(page: &'a PageRequest, since: Option<Timestamp>) -> Self {
        Self {
            limit: Some(page.limit.clamp(1, PAGE_MAX)),
            created: since.map(|since| Created { gte: since.as_s() }),
            starting_after: page.cursor.as_deref(),
            ..Self::default()
        }
    }

    /// Everything that is in use, a hundred at most.
    pub(super) fn active() -> Self {
        Self {
            active: Some(true),
            limit: Some(PAGE_MAX),
            ..Self::default()
        }
    }

    /// What belongs to a payment.
    pub(super) fn of_payment(payment: &'a str) -> Self {
        Self {
            payment_intent: Some(payment),
            ..Self::default()
        }
    }
}

/// A page of a list.
pub(super) fn list(path: &str, filter: &Filter<'_>) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Get, format!("/{path}")).query(filter)
}

fn post(path: impl Into<String>) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Post, path)
}

fn object(list: &str, id: &str) -> String {
    format!("/{list}/{}", escaped(id))
}

#[cfg(test)]
mod tests;
