//! Subscriptions: begun, renewed as the provider's clock goes on, changed and ended.
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "each is one question that a page or the control API answers with yes or no"
)]

use domain::Timestamp;
use payments::{CheckoutStatus, InvoiceStatus, PaymentProvider, SubscriptionStatus};

use super::{CheckoutParams, Invoice, ProviderState, StateChange, Subscription};

/// Days of a period: every month has thirty here, so that tests can count.
pub(super) const PERIOD_DAYS: i64 = 30;

impl ProviderState {
    /// Begins a subscription with its first invoice: of the price, or of nothing while a trial runs.
    pub(super) fn begin_subscription(
        &mut self,
        customer: &str,
        params: &CheckoutParams,
    ) -> (String, String, Vec<StateChange>) {
        let id = self.mint("sub", "sub");
        let trial = params.trial_days > 0;
        let days = if trial { params.trial_days } else { PERIOD_DAYS };
        let end = self.now.plus_days(days);
        self.subscriptions.push(Subscription {
            id: id.clone(),
            customer: customer.to_owned(),
            price_id: params.price_id.clone(),
            metadata: params.made_metadata.clone(),
            status: if trial {
                SubscriptionStatus::Trialing
            } else {
                SubscriptionStatus::Active
            },
            start: self.now,
            end,
            ends: false,
            canceled: None,
            ended: None,
            trial_end: trial.then_some(end),
            invoice: None,
            created: self.now,
        });
        let price = self.catalogue_item(&params.price_id).map_or(0, |item| item.cents);
        let cents = if trial { 0 } else { price };
        let lines = vec![(params.price_id.clone(), cents)];
        let invoice = self.write_invoice(&id, lines, "subscription_create", true);
        let changes = vec![
            StateChange::SubscriptionStarted(id.clone()),
            StateChange::InvoicePaid(invoice.clone()),
        ];
        (id, invoice, changes)
    }

    /// Writes an invoice for the period that runs, and pays it.
    fn write_invoice(
        &mut self,
        subscription: &str,
        lines: Vec<(String, i64)>,
        reason: &'static str,
        paid: bool,
    ) -> String {
        let cents = lines.iter().map(|(_, cents)| cents).sum();
        let id = self.mint("in", "tran");
        let subscription = self.subscription(subscription).expect("a subscription").clone();
        let payment = (paid && cents > 0).then(|| self.pay(&subscription.customer, cents, "succeeded"));
        if payment.is_some() {
            self.payments.last_mut().expect("just made").invoice = Some(id.clone());
        }
        self.invoices.push(Invoice {
            id: id.clone(),
            customer: subscription.customer,
            subscription: subscription.id.clone(),
            lines,
            metadata: subscription.metadata,
            reason,
            cents,
            status: if paid {
                InvoiceStatus::Paid
            } else {
                InvoiceStatus::Open
            },
            payment,
            start: subscription.start,
            end: subscription.end,
            created: self.now,
        });
        self.subscription_mut(&subscription.id).invoice = Some(id.clone());
        id
    }

    fn subscription_mut(&mut self, id: &str) -> &mut Subscription {
        let subscription = self
            .subscriptions
            .iter_mut()
            .find(|subscription| subscription.id == id);
        subscription.expect("a subscription")
    }

    /// Does what the time has brought: renewals, planned ends, pages that close.
    pub fn tick(&mut self) -> Vec<StateChange> {
        let mut changes = Vec::new();
        let now = self.now;
        let overdue =
            |checkout: &&super::Checkout| checkout.status == CheckoutStatus::Open && checkout.expires <= now;
        let closing: Vec<String> = self
            .checkouts
            .iter()
            .filter(overdue)
            .map(|checkout| checkout.id.clone())
            .collect();
        for id in closing {
            changes.extend(self.expire_checkout(&id));
        }
        while let Some(due) = self
            .subscriptions
            .iter()
            .find(|subscription| !subscription.status.ended() && subscription.end <= now)
        {
            let id = due.id.clone();
            changes.extend(self.renew(&id));
        }
        changes
    }

    /// Ends a subscription's period: the last one, or the next one begins and is paid, or is not.
    fn renew(&mut self, id: &str) -> Vec<StateChange> {
        let customer = self.subscription(id).expect("a subscription").customer.clone();
        let works = self
            .customer(&customer)
            .is_some_and(|customer| customer.card_works);
        let subscription = self.subscription_mut(id);
        if subscription.ends {
            let end = subscription.end;
            return self.end_subscription(id, end);
        }
        subscription.start = subscription.end;
        subscription.end = subscription.start.plus_days(PERIOD_DAYS);
        let before = subscription.status;
        subscription.status = match (works, before) {
            (true, _) => SubscriptionStatus::Active,
            (false, SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid) => SubscriptionStatus::Unpaid,
            (false, _) => SubscriptionStatus::PastDue,
        };
        let mut changes = vec![StateChange::SubscriptionChanged(id.to_owned())];
        if subscription.status != SubscriptionStatus::Unpaid {
            let price_id = subscription.price_id.clone();
            let cents = self.catalogue_item(&price_id).map_or(0, |item| item.cents);
            let lines = vec![(price_id, cents)];
            let invoice = self.write_invoice(id, lines, "subscription_cycle", works);
            changes.push(if works {
                StateChange::InvoicePaid(invoice)
            } else {
                StateChange::InvoiceFailed(invoice)
            });
        }
        changes
    }

    /// Moves a subscription to another price; invoices the difference at once if asked: as one line for the price before,
    /// below zero, and one for the new one. Creem begins a new period then.
    pub fn change_price(&mut self, id: &str, price_id: &str, invoice_now: bool) -> Option<Vec<StateChange>> {
        let new = self.catalogue_item(price_id)?.cents;
        let before = self.subscription(id)?.price_id.clone();
        let old = self.catalogue_item(&before)?.cents;
        price_id.clone_into(&mut self.subscription_mut(id).price_id);
        let mut changes = vec![StateChange::SubscriptionChanged(id.to_owned())];
        if invoice_now && new > old {
            if self.provider == PaymentProvider::Creem {
                let now = self.now;
                let subscription = self.subscription_mut(id);
                (subscription.start, subscription.end) = (now, now.plus_days(PERIOD_DAYS));
            }
            let lines = vec![(before, -old), (price_id.to_owned(), new)];
            let invoice = self.write_invoice(id, lines, "subscription_update", true);
            changes.push(StateChange::InvoicePaid(invoice));
        }
        Some(changes)
    }

    /// Plans the end of a subscription with its period, or takes that back.
    pub fn plan_end(&mut self, id: &str, ends: bool) -> Option<Vec<StateChange>> {
        self.subscription(id)
            .filter(|subscription| !subscription.status.ended())?;
        let now = self.now;
        let subscription = self.subscription_mut(id);
        subscription.ends = ends;
        subscription.canceled = ends.then_some(now);
        Some(vec![StateChange::SubscriptionChanged(id.to_owned())])
    }

    /// Ends a subscription now.
    pub fn cancel_subscription(&mut self, id: &str) -> Option<Vec<StateChange>> {
        self.subscription(id)
            .filter(|subscription| !subscription.status.ended())?;
        Some(self.end_subscription(id, self.now))
    }

    fn end_subscription(&mut self, id: &str, at: Timestamp) -> Vec<StateChange> {
        let subscription = self.subscription_mut(id);
        subscription.status = SubscriptionStatus::Canceled;
        subscription.canceled = subscription.canceled.or(Some(at));
        subscription.ended = Some(at);
        vec![StateChange::SubscriptionEnded(id.to_owned())]
    }
}
