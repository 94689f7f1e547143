//! Subscriptions: begun, renewed as the shop's clock goes on, changed and ended.
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "each is one question that a page or the control API answers with yes or no"
)]

use domain::Timestamp;
use payments::{CheckoutStatus, InvoiceStatus, SubscriptionStatus};

use super::{Bill, Notice, Order, Plan, Shop};

/// Days of a period: every month has thirty here, so that tests can count.
pub(super) const PERIOD_DAYS: i64 = 30;

impl Shop {
    /// Begins a subscription with its first invoice: of the price, or of nothing while a trial runs.
    pub(super) fn begin_plan(&mut self, customer: &str, order: &Order) -> (String, String, Vec<Notice>) {
        let id = self.mint("sub", "sub");
        let trial = order.trial_days > 0;
        let days = if trial { order.trial_days } else { PERIOD_DAYS };
        let end = self.now.plus_days(days);
        self.plans.push(Plan {
            id: id.clone(),
            customer: customer.to_owned(),
            price_id: order.price_id.clone(),
            metadata: order.made_metadata.clone(),
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
            bill: None,
            created: self.now,
        });
        let price = self.goods(&order.price_id).map_or(0, |goods| goods.cents);
        let cents = if trial { 0 } else { price };
        let bill = self.write_bill(&id, cents, "subscription_create", true);
        let notices = vec![Notice::PlanStarted(id.clone()), Notice::BillPaid(bill.clone())];
        (id, bill, notices)
    }

    /// Writes an invoice for the period that runs, and pays it.
    fn write_bill(&mut self, plan: &str, cents: i64, reason: &'static str, paid: bool) -> String {
        let id = self.mint("in", "tran");
        let plan = self.plan(plan).expect("a subscription").clone();
        let payment = (paid && cents > 0).then(|| self.pay(&plan.customer, cents, "succeeded"));
        if payment.is_some() {
            self.payments.last_mut().expect("just made").bill = Some(id.clone());
        }
        self.bills.push(Bill {
            id: id.clone(),
            customer: plan.customer,
            plan: plan.id.clone(),
            price_id: plan.price_id,
            metadata: plan.metadata,
            reason,
            cents,
            status: if paid {
                InvoiceStatus::Paid
            } else {
                InvoiceStatus::Open
            },
            payment,
            start: plan.start,
            end: plan.end,
            created: self.now,
        });
        self.plan_mut(&plan.id).bill = Some(id.clone());
        id
    }

    fn plan_mut(&mut self, id: &str) -> &mut Plan {
        let plan = self.plans.iter_mut().find(|plan| plan.id == id);
        plan.expect("a subscription")
    }

    /// Does what the time has brought: renewals, planned ends, pages that close.
    pub fn tick(&mut self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let now = self.now;
        let overdue = |sale: &&super::Sale| sale.stage == CheckoutStatus::Open && sale.expires <= now;
        let closing: Vec<String> = self
            .sales
            .iter()
            .filter(overdue)
            .map(|sale| sale.id.clone())
            .collect();
        for id in closing {
            notices.extend(self.expire_sale(&id));
        }
        while let Some(due) = self
            .plans
            .iter()
            .find(|plan| !plan.status.ended() && plan.end <= now)
        {
            let id = due.id.clone();
            notices.extend(self.renew(&id));
        }
        notices
    }

    /// Ends a subscription's period: the last one, or the next one begins and is paid, or is not.
    fn renew(&mut self, id: &str) -> Vec<Notice> {
        let customer = self.plan(id).expect("a subscription").customer.clone();
        let works = self
            .customer(&customer)
            .is_some_and(|customer| customer.card_works);
        let plan = self.plan_mut(id);
        if plan.ends {
            let end = plan.end;
            return self.end_plan(id, end);
        }
        plan.start = plan.end;
        plan.end = plan.start.plus_days(PERIOD_DAYS);
        let before = plan.status;
        plan.status = match (works, before) {
            (true, _) => SubscriptionStatus::Active,
            (false, SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid) => SubscriptionStatus::Unpaid,
            (false, _) => SubscriptionStatus::PastDue,
        };
        let mut notices = vec![Notice::PlanChanged(id.to_owned())];
        if plan.status != SubscriptionStatus::Unpaid {
            let price_id = plan.price_id.clone();
            let cents = self.goods(&price_id).map_or(0, |goods| goods.cents);
            let bill = self.write_bill(id, cents, "subscription_cycle", works);
            notices.push(if works {
                Notice::BillPaid(bill)
            } else {
                Notice::BillFailed(bill)
            });
        }
        notices
    }

    /// Moves a subscription to another price; invoices the difference at once if asked.
    pub fn change_plan(&mut self, id: &str, price_id: &str, invoice_now: bool) -> Option<Vec<Notice>> {
        let dearer = self.goods(price_id)?.cents - self.goods(&self.plan(id)?.price_id)?.cents;
        price_id.clone_into(&mut self.plan_mut(id).price_id);
        let mut notices = vec![Notice::PlanChanged(id.to_owned())];
        if invoice_now && dearer > 0 {
            let bill = self.write_bill(id, dearer, "subscription_update", true);
            notices.push(Notice::BillPaid(bill));
        }
        Some(notices)
    }

    /// Plans the end of a subscription with its period, or takes that back.
    pub fn plan_end(&mut self, id: &str, ends: bool) -> Option<Vec<Notice>> {
        self.plan(id).filter(|plan| !plan.status.ended())?;
        let now = self.now;
        let plan = self.plan_mut(id);
        plan.ends = ends;
        plan.canceled = ends.then_some(now);
        Some(vec![Notice::PlanChanged(id.to_owned())])
    }

    /// Ends a subscription now.
    pub fn cancel_plan(&mut self, id: &str) -> Option<Vec<Notice>> {
        self.plan(id).filter(|plan| !plan.status.ended())?;
        Some(self.end_plan(id, self.now))
    }

    fn end_plan(&mut self, id: &str, at: Timestamp) -> Vec<Notice> {
        let plan = self.plan_mut(id);
        plan.status = SubscriptionStatus::Canceled;
        plan.canceled = plan.canceled.or(Some(at));
        plan.ended = Some(at);
        vec![Notice::PlanEnded(id.to_owned())]
    }
}
