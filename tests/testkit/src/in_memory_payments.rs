//! A payment provider in memory: its objects are what a test says, and calls change them as the provider's would.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::billing::PaymentProvider;
use domain::{AccountId, Timestamp};
use ledger::{ProductId, product};
use payments::{
    Cancellation, Charge, Checkout, CheckoutRequest, CheckoutState, CheckoutStatus, CustomerRequest, Dispute,
    Invoice, InvoiceLine, InvoiceReason, InvoiceStatus, Listed, Money, Origin, PageRequest, Paid, Payment,
    PaymentError, PaymentStatus, Payments, Period, PlanChange, ProviderFuture, Refund, Sale,
    SubscriptionState, SubscriptionStatus,
};

/// Everything that the provider knows.
#[derive(Debug, Default)]
pub struct Objects {
    /// Checkouts by id.
    pub checkouts: BTreeMap<String, CheckoutState>,
    /// Subscriptions by id.
    pub subscriptions: BTreeMap<String, SubscriptionState>,
    /// Invoices by id.
    pub invoices: BTreeMap<String, Invoice>,
    /// Payments by id.
    pub payments: BTreeMap<String, Payment>,
}

/// A provider with every list of Stripe's.
#[derive(Debug, Default)]
pub struct InMemoryPayments(Mutex<Objects>);

/// Under which id the fake sells a product.
pub fn price_id(id: ProductId) -> String {
    format!("price_{}", id.as_str())
}

impl InMemoryPayments {
    /// What the provider knows, to look at and to change.
    pub fn objects(&self) -> MutexGuard<'_, Objects> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A pack that was paid: checkout `cs_<number>`, payment `pi_<number>`.
    pub fn pack_paid(&self, number: u32, account: Option<AccountId>, id: ProductId, now: Timestamp) {
        let (checkout, payment) = (format!("cs_{number}"), format!("pi_{number}"));
        let money = price_of(id);
        let state = CheckoutState {
            id: checkout.clone(),
            status: CheckoutStatus::Complete,
            paid: Paid::Paid,
            sale: Sale::Once,
            account,
            product: Some(id.as_str().to_owned()),
            price_ids: vec![price_id(id)],
            subtotal: Some(money),
            total: Some(money),
            customer: Some("cus_1".to_owned()),
            payment: Some(payment.clone()),
            subscription: None,
            invoice: None,
            livemode: false,
            created: Some(now),
        };
        let paid = payment_of(&payment, Origin::Checkout(checkout.clone()), money, now);
        let mut objects = self.objects();
        objects.checkouts.insert(checkout, state);
        objects.payments.insert(payment, paid);
    }

    /// A subscription whose period from `now` on is paid: `sub_<number>`, invoice `in_<number>`, payment `pi_<number>`.
    pub fn subscribed(&self, number: u32, account: AccountId, id: ProductId, now: Timestamp) {
        let (subscription, invoice) = (format!("sub_{number}"), format!("in_{number}"));
        let payment = format!("pi_{number}");
        let money = price_of(id);
        let period = Period {
            start: now,
            end: now.plus_days(30),
        };
        let state = SubscriptionState {
            id: subscription.clone(),
            customer: "cus_1".to_owned(),
            status: SubscriptionStatus::Active,
            price_id: Some(price_id(id)),
            account: Some(account),
            product: Some(id.as_str().to_owned()),
            period: Some(period),
            cancel_at: None,
            canceled_at: None,
            ended_at: None,
            trial_end: None,
            latest_invoice: Some(invoice.clone()),
            livemode: false,
            created: now,
        };
        let written = Invoice {
            id: invoice.clone(),
            number: Some(format!("RS-{number}")),
            customer: Some("cus_1".to_owned()),
            subscription: Some(subscription.clone()),
            status: InvoiceStatus::Paid,
            reason: InvoiceReason::SubscriptionCreate,
            account: Some(account),
            product: Some(id.as_str().to_owned()),
            price_ids: vec![price_id(id)],
            lines: vec![InvoiceLine {
                price_id: price_id(id),
                minor: money.minor,
                period_end: period.end,
            }],
            period: Some(period),
            subtotal: money,
            total: money,
            amount_paid: money,
            payment: Some(payment.clone()),
            url: Some(format!("https://provider.example/{invoice}")),
            pdf_url: None,
            livemode: false,
            created: now,
        };
        let paid = payment_of(&payment, Origin::Invoice(invoice.clone()), money, now);
        let mut objects = self.objects();
        objects.subscriptions.insert(subscription, state);
        objects.invoices.insert(invoice, written);
        objects.payments.insert(payment, paid);
    }

    /// Changes one payment.
    ///
    /// # Panics
    /// When there is none of this id.
    pub fn change_payment(&self, id: &str, change: impl FnOnce(&mut Payment)) {
        change(self.objects().payments.get_mut(id).expect("a payment"));
    }
}

fn price_of(id: ProductId) -> Money {
    Money::usd(i64::try_from(product(id).price.amount_minor).expect("a price of the catalogue"))
}

fn payment_of(id: &str, origin: Origin, amount: Money, now: Timestamp) -> Payment {
    Payment {
        id: id.to_owned(),
        origin: Some(origin),
        amount,
        refunded: Money::usd(0),
        status: PaymentStatus::Succeeded,
        refunds: Vec::new(),
        disputes: Vec::new(),
        customer: Some("cus_1".to_owned()),
        livemode: false,
        created: now,
    }
}

fn charge_of(payment: &Payment) -> Charge {
    let away = payment.refunds.iter().filter(|refund| refund.status.takes_back());
    let singly: i64 = away.map(|refund| refund.amount.minor).sum();
    Charge {
        payment: payment.id.clone(),
        amount: payment.amount,
        refunded: Money::new(singly.max(payment.refunded.minor), payment.amount.currency),
        url: Some(format!("https://provider.example/receipt/{}", payment.id)),
        is_disputed: !payment.disputes.is_empty(),
        livemode: payment.livemode,
        created: payment.created,
    }
}

/// One page; the cursor is the place at which it begins.
fn page_of<T: Clone>(all: &[T], page: &PageRequest) -> Listed<T> {
    let from: usize = page.cursor.as_deref().map_or(0, |text| text.parse().unwrap_or(0));
    let until = from.saturating_add(usize::from(page.limit.max(1))).min(all.len());
    Listed {
        items: all.get(from..until).unwrap_or_default().to_vec(),
        next: (until < all.len()).then(|| until.to_string()),
    }
}

fn unknown<T>() -> Result<T, PaymentError> {
    Err(PaymentError::Rejected {
        doing: "change something that is not there",
        source: None,
    })
}

impl Payments for InMemoryPayments {
    fn provider(&self) -> PaymentProvider {
        PaymentProvider::Stripe
    }

    fn lists_everything(&self) -> bool {
        true
    }

    fn create_checkout<'a>(&'a self, request: &'a CheckoutRequest) -> ProviderFuture<'a, Checkout> {
        Box::pin(async move {
            Ok(Checkout {
                id: "cs_1".to_owned(),
                url: format!("https://provider.example/pay/{}", request.item.price_id()),
                expires_at: None,
            })
        })
    }

    fn checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        Box::pin(async move { Ok(self.objects().checkouts.get(id).cloned()) })
    }

    fn checkouts<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<CheckoutState>> {
        Box::pin(async move {
            let objects = self.objects();
            let all = objects.checkouts.values().rev();
            let all: Vec<_> = all
                .filter(|one| customer.is_none_or(|customer| one.customer.as_deref() == Some(customer)))
                .filter(|one| since.is_none_or(|since| one.created >= Some(since)))
                .cloned()
                .collect();
            Ok(page_of(&all, page))
        })
    }

    fn close_checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        Box::pin(async move {
            let mut objects = self.objects();
            let Some(checkout) = objects.checkouts.get_mut(id) else {
                return Ok(None);
            };
            if checkout.status == CheckoutStatus::Open {
                checkout.status = CheckoutStatus::Expired;
            }
            Ok(Some(checkout.clone()))
        })
    }

    fn customer<'a>(&'a self, _request: &'a CustomerRequest) -> ProviderFuture<'a, String> {
        Box::pin(async { Ok("cus_1".to_owned()) })
    }

    fn portal<'a>(&'a self, customer: &'a str, _return_url: &'a str) -> ProviderFuture<'a, String> {
        Box::pin(async move { Ok(format!("https://provider.example/portal/{customer}")) })
    }

    fn subscription<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<SubscriptionState>> {
        Box::pin(async move { Ok(self.objects().subscriptions.get(id).cloned()) })
    }

    fn subscriptions<'a>(
        &'a self,
        customer: Option<&'a str>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<SubscriptionState>> {
        Box::pin(async move {
            let objects = self.objects();
            let all = objects.subscriptions.values().rev();
            let all: Vec<_> = all
                .filter(|one| customer.is_none_or(|customer| one.customer == customer))
                .cloned()
                .collect();
            Ok(page_of(&all, page))
        })
    }

    fn change_plan<'a>(&'a self, change: &'a PlanChange) -> ProviderFuture<'a, SubscriptionState> {
        Box::pin(async move {
            match self.objects().subscriptions.get_mut(&change.subscription) {
                Some(state) => {
                    state.price_id = Some(change.price_id.clone());
                    Ok(state.clone())
                }
                None => unknown(),
            }
        })
    }

    fn cancel<'a>(
        &'a self,
        subscription: &'a str,
        how: Cancellation,
        _idempotency_key: &'a str,
    ) -> ProviderFuture<'a, SubscriptionState> {
        Box::pin(async move {
            let mut objects = self.objects();
            let Some(state) = objects.subscriptions.get_mut(subscription) else {
                return unknown();
            };
            match how {
                Cancellation::AtPeriodEnd => state.cancel_at = state.period.map(|period| period.end),
                Cancellation::Withdrawn => state.cancel_at = None,
                Cancellation::Now => state.status = SubscriptionStatus::Canceled,
            }
            Ok(state.clone())
        })
    }

    fn invoice<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Invoice>> {
        Box::pin(async move { Ok(self.objects().invoices.get(id).cloned()) })
    }

    fn invoices<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Invoice>> {
        Box::pin(async move {
            let objects = self.objects();
            let all: Vec<_> = objects
                .invoices
                .values()
                .rev()
                .filter(|one| customer.is_none_or(|customer| one.customer.as_deref() == Some(customer)))
                .filter(|one| since.is_none_or(|since| one.created >= since))
                .cloned()
                .collect();
            Ok(page_of(&all, page))
        })
    }

    fn payment<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Payment>> {
        Box::pin(async move { Ok(self.objects().payments.get(id).cloned()) })
    }

    fn refund<'a>(&'a self, payment: &'a str, idempotency_key: &'a str) -> ProviderFuture<'a, ()> {
        Box::pin(async move {
            let mut objects = self.objects();
            let Some(paid) = objects.payments.get_mut(payment) else {
                return unknown();
            };
            let left = paid.amount.minor - paid.refunded.minor;
            if left > 0 {
                paid.refunds.push(Refund {
                    id: format!("re_{idempotency_key}"),
                    payment: Some(payment.to_owned()),
                    amount: Money::usd(left),
                    status: payments::RefundStatus::Succeeded,
                    created: paid.created,
                });
                paid.refunded = paid.amount;
            }
            Ok(())
        })
    }

    fn payments<'a>(
        &'a self,
        since: Timestamp,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Payment>> {
        Box::pin(async move {
            let objects = self.objects();
            let all = objects.payments.values().rev();
            let all: Vec<_> = all.filter(|one| one.created >= since).cloned().collect();
            Ok(page_of(&all, page))
        })
    }

    fn charges<'a>(&'a self, customer: &'a str, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Charge>> {
        Box::pin(async move {
            let objects = self.objects();
            let paid = objects.payments.values().rev().filter(|one| {
                one.customer.as_deref() == Some(customer) && one.status == PaymentStatus::Succeeded
            });
            Ok(page_of(&paid.map(charge_of).collect::<Vec<_>>(), page))
        })
    }

    fn refunds<'a>(&'a self, since: Timestamp, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Refund>> {
        Box::pin(async move {
            let objects = self.objects();
            let all = objects.payments.values().flat_map(|payment| &payment.refunds);
            let all: Vec<_> = all.filter(|one| one.created >= since).cloned().collect();
            Ok(page_of(&all, page))
        })
    }

    fn disputes<'a>(
        &'a self,
        since: Timestamp,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Dispute>> {
        Box::pin(async move {
            let objects = self.objects();
            let all = objects.payments.values().flat_map(|payment| &payment.disputes);
            let all: Vec<_> = all.filter(|one| one.created >= since).cloned().collect();
            Ok(page_of(&all, page))
        })
    }
}
