//! What we ask of Stripe, as forms.

use domain::Timestamp;

use super::client::Pairs;
use crate::checkout::{META_ACCOUNT, META_PRODUCT};
use crate::{
    Buyer, CheckoutItem, CheckoutRequest, CustomerRequest, PAGE_MAX, PageRequest, PlanChange, Proration,
};

/// A checkout; the metadata goes on the session and on what it makes, because Stripe copies none of it.
pub(super) fn checkout(request: &CheckoutRequest) -> Pairs {
    let account = request.account.to_string();
    let mut order = pairs(&[
        ("line_items[0][price]", request.item.price_id()),
        ("line_items[0][quantity]", "1"),
        ("success_url", &request.success_url),
        ("cancel_url", &request.cancel_url),
        ("client_reference_id", &account),
    ]);
    let made = match &request.item {
        CheckoutItem::Pack { .. } => {
            order.extend(pairs(&[("mode", "payment")]));
            if !matches!(request.buyer, Buyer::Customer(_)) {
                // Else the buyer is a guest, whom neither portal nor list of invoices knows.
                order.extend(pairs(&[("customer_creation", "always")]));
            }
            "payment_intent_data"
        }
        CheckoutItem::Subscription { trial_days, .. } => {
            order.extend(pairs(&[("mode", "subscription")]));
            if let Some(days) = trial_days {
                order.extend(pairs(&[(
                    "subscription_data[trial_period_days]",
                    &days.to_string(),
                )]));
            }
            "subscription_data"
        }
    };
    for (name, value) in [
        (META_ACCOUNT, account.as_str()),
        (META_PRODUCT, request.item.product()),
    ] {
        order.push((format!("metadata[{name}]"), value.to_owned()));
        order.push((format!("{made}[metadata][{name}]"), value.to_owned()));
    }
    match &request.buyer {
        Buyer::Customer(id) => order.extend(pairs(&[("customer", id)])),
        Buyer::Email(address) => order.extend(pairs(&[("customer_email", address)])),
        Buyer::Unknown => {}
    }
    order
}

/// A customer; its metadata says whose it is to whoever looks at the dashboard.
pub(super) fn customer(request: &CustomerRequest) -> Pairs {
    let mut order = pairs(&[("email", &request.email)]);
    order.push((format!("metadata[{META_ACCOUNT}]"), request.account.to_string()));
    order
}

/// A change of plan of the subscription's one item.
pub(super) fn change(change: &PlanChange, item: &str) -> Pairs {
    let proration = match change.proration {
        Proration::None => "none",
        Proration::NextInvoice => "create_prorations",
        Proration::InvoiceNow => "always_invoice",
    };
    let mut order = pairs(&[
        ("items[0][id]", item),
        ("items[0][price]", &change.price_id),
        ("proration_behavior", proration),
    ]);
    order.push((format!("metadata[{META_PRODUCT}]"), change.product.clone()));
    order
}

/// A page of a list, newest first, of objects created at or after a moment.
pub(super) fn page(page: &PageRequest, since: Option<Timestamp>) -> Pairs {
    let mut query = pairs(&[("limit", &page.limit.clamp(1, PAGE_MAX).to_string())]);
    if let Some(since) = since {
        query.push(("created[gte]".to_owned(), since.as_s().to_string()));
    }
    query.extend(
        page.cursor
            .iter()
            .map(|id| ("starting_after".to_owned(), id.clone())),
    );
    query
}

fn pairs(of: &[(&str, &str)]) -> Pairs {
    of.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
