//! Subscriptions: each stands with us as it does at its vendor.

use domain::report::Finding;
use payments::SubscriptionState;
use store::Subscription;

use super::books::Books;
use super::told::{Told, name};
use super::{Broken, SUBSCRIPTION_DIFFERS, finding};
use crate::mirror::same;
use crate::{Desk, Till};

impl Desk {
    pub(super) async fn compare_subscriptions(
        &self,
        till: &Till,
        books: &Books,
        told: &Told,
    ) -> Result<Vec<Finding>, Broken> {
        let vendor = till.payments.vendor();
        let mut findings = Vec::new();
        let row_of = |id: &str| {
            books
                .subscriptions
                .iter()
                .find(|row| row.vendor == vendor && row.id == id)
        };
        for (id, state) in &told.subscriptions {
            findings.extend(self.compare_subscription(till, books, row_of(id), state));
        }
        let unlisted = books.subscriptions.iter().filter(|row| {
            row.vendor == vendor && !row.status.is_over() && !told.subscriptions.contains_key(&row.id)
        });
        for row in unlisted {
            let state = till.payments.subscription(&row.id).await?;
            findings.extend(if let Some(state) = state {
                self.compare_subscription(till, books, Some(row), &state)
            } else {
                let about = name(vendor, &row.id);
                let text = format!(
                    "{about} is {:?} with us, and the vendor has no such subscription",
                    row.status
                );
                Some(finding(SUBSCRIPTION_DIFFERS, &about, text))
            });
        }
        Ok(findings)
    }

    fn compare_subscription(
        &self,
        till: &Till,
        books: &Books,
        row: Option<&Subscription>,
        state: &SubscriptionState,
    ) -> Option<Finding> {
        let theirs = self.row_of(till, books.account, state, row);
        let about = name(till.payments.vendor(), &state.id);
        let Some(ours) = row else {
            let text = format!(
                "{about} is {} at the vendor, and we have no row of it",
                words(&theirs)
            );
            return Some(finding(SUBSCRIPTION_DIFFERS, &about, text));
        };
        let theirs = Subscription {
            paid: ours.paid.clone(),
            ..theirs
        };
        if same(ours, &theirs) {
            return None;
        }
        let text = format!(
            "{about} is {} at the vendor and {} with us",
            words(&theirs),
            words(ours)
        );
        Some(finding(SUBSCRIPTION_DIFFERS, &about, text))
    }
}

/// What of a subscription can differ.
fn words(row: &Subscription) -> String {
    let product = row.product.map_or("of no product", |product| product.as_str());
    let until = row
        .period_end
        .map_or_else(|| "no time".to_owned(), |end| end.to_string());
    let ends = if row.cancel_at_period_end {
        ", then over"
    } else {
        ""
    };
    format!(
        "{:?}, {product}, of {}, until {until}{ends}",
        row.status, row.customer_id
    )
}
