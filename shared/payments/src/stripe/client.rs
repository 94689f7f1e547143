//! The calls that we make to Stripe.

use domain::Timestamp;

use super::connection::Connection;
use super::invoice::InvoiceObject;
use super::requests::{self, Filter, PaymentFilter};
use super::wire::{
    self, ChargeObject, DisputeObject, InvoicePayment, List, Named, PaymentIntent, PortalConfiguration,
    RefundObject, Session, Url,
};
use crate::PaymentError;
use crate::transport::{ApiKey, Retry, not_offered, rejected};
use crate::{
    Cancellation, Charge, Checkout, CheckoutRequest, CheckoutState, CustomerRequest, Dispute, Invoice,
    Listed, Money, Origin, PAGE_MAX, PageRequest, Payment, PaymentProvider, PaymentStatus, Payments,
    PlanChange, ProviderFuture, Refund, SubscriptionState,
};

/// A client of Stripe.
///
/// # Promises
/// Every write carries the caller's idempotency key, or one derived from it where a method makes several calls.
#[derive(Debug, Clone)]
pub struct Stripe(Connection);

impl Stripe {
    /// A client over the one HTTP client with its time-outs; `base` is [`API_URL`](super::API_URL) or a fake's address.
    pub fn new(web: reqwest::Client, key: &ApiKey, base: &str, retry: Retry) -> Self {
        Self(Connection::new(web, key, base, retry))
    }

    async fn read_subscription(&self, id: &str) -> Result<Option<wire::Subscription>, PaymentError> {
        let request = requests::get("subscriptions", id, &[]);
        self.0.find("reading a subscription", request).await
    }

    async fn change(&self, change: &PlanChange) -> Result<SubscriptionState, PaymentError> {
        const DOING: &str = "changing a subscription's plan";
        let items = self.read_subscription(&change.subscription).await?;
        let item = items.and_then(|found| found.items.data.into_iter().next());
        let item = item.ok_or_else(|| rejected(DOING, None))?;
        let request = requests::change_plan(change, &item.id);
        let changed: wire::Subscription = self.0.write(DOING, request, &change.idempotency_key).await?;
        Ok(changed.into())
    }

    async fn end(&self, id: &str, how: Cancellation, key: &str) -> Result<SubscriptionState, PaymentError> {
        const DOING: &str = "cancelling a subscription";
        let request = match how {
            Cancellation::AtPeriodEnd => requests::end_at_period_end(id),
            Cancellation::Withdrawn => requests::keep_renewing(id),
            Cancellation::Now => {
                // A repeat finds nothing left to delete; the subscription can still be read.
                let gone = match self.0.find(DOING, requests::end_now(id)).await? {
                    Some(gone) => Some(gone),
                    None => self.read_subscription(id).await?,
                };
                let state = gone.map(SubscriptionState::from);
                return state
                    .filter(|state| state.status.ended())
                    .ok_or_else(|| rejected(DOING, None));
            }
        };
        let ended: wire::Subscription = self.0.write(DOING, request, key).await?;
        Ok(ended.into())
    }

    /// Our configuration of the portal, which offers no change of plan; made at its first use.
    ///
    /// The account's default may offer one: the customer would pay at once, and by days, for what begins with the next
    /// period here.
    async fn portal_configuration(&self) -> Result<String, PaymentError> {
        const DOING: &str = "configuring the portal";
        let all = requests::list("billing_portal/configurations", &Filter::active());
        let known: List<PortalConfiguration> = self.0.read(DOING, all).await?;
        if let Some(ours) = known.data.into_iter().find(PortalConfiguration::is_ours) {
            return Ok(ours.id);
        }
        let request = requests::configure_portal();
        // One key for ever: two first uses at once make one.
        let key = requests::PORTAL_CONFIGURATION;
        let made: Named = self.0.write(DOING, request, key).await?;
        Ok(made.id)
    }

    async fn read_payment(&self, id: &str) -> Result<Option<Payment>, PaymentError> {
        let request = requests::get("payment_intents", id, &[]);
        let found: Option<PaymentIntent> = self.0.find("reading a payment", request).await?;
        let Some(intent) = found else {
            return Ok(None);
        };
        let of_intent = Filter {
            limit: Some(PAGE_MAX),
            ..Filter::of_payment(id)
        };
        let refunds = requests::list("refunds", &of_intent);
        let refunds: List<RefundObject> = self.0.read("listing a payment's refunds", refunds).await?;
        let refunds: Vec<Refund> = items(refunds);
        let disputes = requests::list("disputes", &of_intent);
        let disputes: List<DisputeObject> = self.0.read("listing a payment's disputes", disputes).await?;
        let disputes: Vec<Dispute> = items(disputes);
        let refunded = refunds
            .iter()
            .filter(|refund| refund.status.takes_back())
            .map(|refund| refund.amount.minor)
            .sum();
        Ok(Some(Payment {
            origin: self.origin(id).await?,
            amount: Money::new(intent.amount, intent.currency),
            refunded: Money::new(refunded, intent.currency),
            status: match intent.status.as_str() {
                "succeeded" => PaymentStatus::Succeeded,
                // After a decline an intent waits for another method; the charge itself has failed.
                "canceled" | "requires_payment_method" => PaymentStatus::Failed,
                _ => PaymentStatus::Pending,
            },
            refunds,
            disputes,
            customer: intent.customer.map(String::from),
            livemode: intent.livemode,
            created: wire::seconds(intent.created),
            id: intent.id,
        }))
    }

    /// An invoice first: the first invoice of a subscription also belongs to a checkout, which grants nothing.
    async fn origin(&self, payment: &str) -> Result<Option<Origin>, PaymentError> {
        const DOING: &str = "reading what was paid";
        let filter = Filter {
            payment: Some(PaymentFilter {
                kind: "payment_intent",
                payment_intent: payment,
            }),
            ..Filter::default()
        };
        let request = requests::list("invoice_payments", &filter);
        let paid: List<InvoicePayment> = self.0.read(DOING, request).await?;
        if let Some(paid) = paid.data.into_iter().next() {
            return Ok(Some(Origin::Invoice(paid.invoice.into())));
        }
        let request = requests::list("checkout/sessions", &Filter::of_payment(payment));
        let sessions: List<Session> = self.0.read(DOING, request).await?;
        let session = sessions.data.into_iter().next();
        Ok(session.map(|session| Origin::Checkout(CheckoutState::from(session).id)))
    }
}

fn items<T, U: From<T>>(list: List<T>) -> Vec<U> {
    list.data.into_iter().map(U::from).collect()
}

impl Payments for Stripe {
    fn provider(&self) -> PaymentProvider {
        PaymentProvider::Stripe
    }

    fn lists_everything(&self) -> bool {
        true
    }

    fn create_checkout<'a>(&'a self, request: &'a CheckoutRequest) -> ProviderFuture<'a, Checkout> {
        const DOING: &str = "opening a checkout";
        Box::pin(async move {
            let key = &request.idempotency_key;
            let opened: Session = self
                .0
                .write(DOING, requests::create_checkout(request), key)
                .await?;
            opened.opened().ok_or(PaymentError::OutcomeUnknown {
                doing: DOING,
                source: None,
            })
        })
    }

    fn checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        Box::pin(async move {
            let request = requests::get("checkout/sessions", id, &["line_items"]);
            let session: Option<Session> = self.0.find("reading a checkout", request).await?;
            Ok(session.map(CheckoutState::from))
        })
    }

    fn checkouts<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<CheckoutState>> {
        Box::pin(async move {
            let filter = Filter {
                customer,
                expand: &["data.line_items"],
                ..Filter::page(page, since)
            };
            let request = requests::list("checkout/sessions", &filter);
            let list: List<Session> = self.0.read("listing checkouts", request).await?;
            Ok(list.listed(|state: &CheckoutState| &state.id))
        })
    }

    fn close_checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        Box::pin(async move {
            let closing = requests::expire_checkout(id);
            // Without a key: a second call finds it closed.
            match self.0.find::<Session>("closing a checkout", closing).await {
                Ok(closed) => Ok(closed.map(CheckoutState::from)),
                // It was paid or closed before.
                Err(PaymentError::Rejected { .. }) => self.checkout(id).await,
                Err(error) => Err(error),
            }
        })
    }

    fn customer<'a>(&'a self, request: &'a CustomerRequest) -> ProviderFuture<'a, String> {
        Box::pin(async move {
            // One key for ever: two checkouts at once get one customer, and so does a repeat within a day.
            let key = format!("customer:{}", request.account);
            let made: Named = self
                .0
                .write("making a customer", requests::create_customer(request), &key)
                .await?;
            Ok(made.id)
        })
    }

    fn portal<'a>(&'a self, customer: &'a str, return_url: &'a str) -> ProviderFuture<'a, String> {
        Box::pin(async move {
            let configuration = self.portal_configuration().await?;
            // A second link costs nothing, so it carries no key and is repeated freely.
            let request = requests::open_portal(customer, return_url, &configuration);
            let opened: Url = self.0.read("opening the portal", request).await?;
            Ok(opened.url)
        })
    }

    fn subscription<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<SubscriptionState>> {
        Box::pin(async move { Ok(self.read_subscription(id).await?.map(SubscriptionState::from)) })
    }

    fn subscriptions<'a>(
        &'a self,
        customer: Option<&'a str>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<SubscriptionState>> {
        Box::pin(async move {
            let filter = Filter {
                customer,
                // Without it those that were cancelled are left out.
                status: Some("all"),
                ..Filter::page(page, None)
            };
            let request = requests::list("subscriptions", &filter);
            let list: List<wire::Subscription> = self.0.read("listing subscriptions", request).await?;
            Ok(list.listed(|state: &SubscriptionState| &state.id))
        })
    }

    fn change_plan<'a>(&'a self, change: &'a PlanChange) -> ProviderFuture<'a, SubscriptionState> {
        Box::pin(self.change(change))
    }

    fn cancel<'a>(
        &'a self,
        subscription: &'a str,
        how: Cancellation,
        idempotency_key: &'a str,
    ) -> ProviderFuture<'a, SubscriptionState> {
        Box::pin(self.end(subscription, how, idempotency_key))
    }

    fn invoice<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Invoice>> {
        Box::pin(async move {
            let request = requests::get("invoices", id, &["payments"]);
            let invoice: Option<InvoiceObject> = self.0.find("reading an invoice", request).await?;
            Ok(invoice.map(Invoice::from))
        })
    }

    fn invoices<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Invoice>> {
        Box::pin(async move {
            let filter = Filter {
                customer,
                expand: &["data.payments"],
                ..Filter::page(page, since)
            };
            let request = requests::list("invoices", &filter);
            let list: List<InvoiceObject> = self.0.read("listing invoices", request).await?;
            Ok(list.listed(|invoice: &Invoice| &invoice.id))
        })
    }

    fn payment<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Payment>> {
        Box::pin(self.read_payment(id))
    }

    fn refund<'a>(&'a self, payment: &'a str, idempotency_key: &'a str) -> ProviderFuture<'a, ()> {
        Box::pin(async move {
            let order = requests::refund(payment);
            let made: Result<RefundObject, _> = self
                .0
                .write("giving a payment back", order, idempotency_key)
                .await;
            match made {
                Ok(_) => Ok(()),
                // Nothing is left of it, or its bank has taken it.
                Err(refused @ PaymentError::Rejected { .. }) => match self.read_payment(payment).await? {
                    Some(paid) if paid.is_away() => Ok(()),
                    _ => Err(refused),
                },
                Err(error) => Err(error),
            }
        })
    }

    fn payments<'a>(
        &'a self,
        _since: Timestamp,
        _page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Payment>> {
        Box::pin(async { Err(not_offered("listing payments")) })
    }

    fn charges<'a>(&'a self, customer: &'a str, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Charge>> {
        Box::pin(async move {
            let filter = Filter {
                customer: Some(customer),
                ..Filter::page(page, None)
            };
            let request = requests::list("charges", &filter);
            let list: List<ChargeObject> = self.0.read("listing charges", request).await?;
            Ok(list.succeeded())
        })
    }

    fn refunds<'a>(&'a self, since: Timestamp, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Refund>> {
        Box::pin(async move {
            let request = requests::list("refunds", &Filter::page(page, Some(since)));
            let list: List<RefundObject> = self.0.read("listing refunds", request).await?;
            Ok(list.listed(|refund: &Refund| &refund.id))
        })
    }

    fn disputes<'a>(
        &'a self,
        since: Timestamp,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Dispute>> {
        Box::pin(async move {
            let request = requests::list("disputes", &Filter::page(page, Some(since)));
            let list: List<DisputeObject> = self.0.read("listing disputes", request).await?;
            Ok(list.listed(|dispute: &Dispute| &dispute.id))
        })
    }
}
