//! Subscriptions: each row of ours equals the provider's state.

use domain::report::Finding;
use payments::SubscriptionState;
use store::Subscription;

use super::ledger_side::LedgerSide;
use super::provider_side::{ProviderSide, name};
use super::{CompareError, SUBSCRIPTION_DIFFERS, finding};
use crate::subscription_sync::same;
use crate::{Billing, ProviderSetup};

impl Billing {
    pub(super) async fn compare_subscriptions(
        &self,
        setup: &ProviderSetup,
        ledger_side: &LedgerSide,
        provider_side: &ProviderSide,
    ) -> Result<Vec<Finding>, CompareError> {
        let provider = setup.payments.provider();
        let mut findings = Vec::new();
        let row_of = |id: &str| {
            ledger_side
                .subscriptions
                .iter()
                .find(|row| row.provider == provider && row.id == id)
        };
        for (id, state) in &provider_side.subscriptions {
            findings.extend(self.compare_subscription(setup, ledger_side, row_of(id), state));
        }
        let unlisted = ledger_side.subscriptions.iter().filter(|row| {
            row.provider == provider
                && !row.status.is_over()
                && !provider_side.subscriptions.contains_key(&row.id)
        });
        for row in unlisted {
            let state = setup.payments.subscription(&row.id).await?;
            findings.extend(if let Some(state) = state {
                self.compare_subscription(setup, ledger_side, Some(row), &state)
            } else {
                let about = name(provider, &row.id);
                let text = format!(
                    "{about} is {:?} with us, and the provider has no such subscription",
                    row.status
                );
                Some(finding(SUBSCRIPTION_DIFFERS, &about, text))
            });
        }
        Ok(findings)
    }

    fn compare_subscription(
        &self,
        setup: &ProviderSetup,
        ledger_side: &LedgerSide,
        row: Option<&Subscription>,
        state: &SubscriptionState,
    ) -> Option<Finding> {
        let theirs = self.row_of(setup, ledger_side.account, state, row);
        let about = name(setup.payments.provider(), &state.id);
        let Some(ours) = row else {
            let text = format!(
                "{about} is {} at the provider, and we have no row of it",
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
            "{about} is {} at the provider and {} with us",
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
