//! The calls that we make to Stripe.

use domain::Timestamp;
use reqwest::{Method, RequestBuilder};

use super::invoice::InvoiceObject;
use super::wire::{
    self, ChargeObject, DisputeObject, InvoicePayment, List, Named, PaymentIntent, RefundObject, Session, Url,
};
use super::{API_VERSION, orders};
use crate::PaymentError;
use crate::transport::{Answer, ApiKey, Repeat, Retry, call, escaped, form, not_offered};
use crate::{
    Cancellation, Charge, Checkout, CheckoutRequest, CheckoutState, CustomerRequest, Dispute, Invoice,
    Listed, Money, Origin, PAGE_MAX, PageRequest, Payment, PaymentProvider, PaymentStatus, Payments,
    PlanChange, ProviderFuture, Refund, SubscriptionState,
};

/// Names and values of a form or a query.
pub(super) type Pairs = Vec<(String, String)>;

/// A client of Stripe.
///
/// # Promises
/// Every write carries the caller's idempotency key, or one derived from it where a method makes several calls.
#[derive(Debug, Clone)]
pub struct Stripe {
    web: reqwest::Client,
    key: ApiKey,
    base: String,
    retry: Retry,
}

impl Stripe {
    /// A client over the one HTTP client with its time-outs; `base` is [`API_URL`](super::API_URL) or a fake's address.
    pub fn new(web: reqwest::Client, key: ApiKey, base: &str, retry: Retry) -> Self {
        Self {
            web,
            key,
            base: base.trim_end_matches('/').to_owned(),
            retry,
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.web
            .request(method, format!("{}/v1/{path}", self.base))
            .bearer_auth(self.key.expose())
            .header("stripe-version", API_VERSION)
    }

    async fn get(&self, doing: &'static str, path: &str, query: Pairs) -> Result<Answer, PaymentError> {
        let path = format!("{path}?{}", form(&query));
        let request = self.request(Method::GET, path.trim_end_matches('?'));
        call(doing, request, Repeat::Harmless, self.retry).await
    }

    async fn post(
        &self,
        doing: &'static str,
        path: &str,
        body: Pairs,
        idempotency_key: &str,
    ) -> Result<Answer, PaymentError> {
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", idempotency_key)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(&body));
        call(doing, request, Repeat::UnderKey, self.retry).await
    }

    async fn read_subscription(&self, id: &str) -> Result<Option<wire::Subscription>, PaymentError> {
        let path = format!("subscriptions/{}", escaped(id));
        self.get("reading a subscription", &path, Vec::new())
            .await?
            .found()
    }

    async fn change(&self, change: &PlanChange) -> Result<SubscriptionState, PaymentError> {
        const DOING: &str = "changing a subscription's plan";
        let items = self.read_subscription(&change.subscription).await?;
        let item = items.and_then(|found| found.items.data.into_iter().next());
        let Some(item) = item else {
            return Err(PaymentError::Rejected {
                doing: DOING,
                source: None,
            });
        };
        let path = format!("subscriptions/{}", escaped(&change.subscription));
        let body = orders::change(change, &item.id);
        let answer = self.post(DOING, &path, body, &change.idempotency_key).await?;
        Ok(answer.read::<wire::Subscription>()?.into())
    }

    async fn end(&self, id: &str, how: Cancellation, key: &str) -> Result<SubscriptionState, PaymentError> {
        const DOING: &str = "cancelling a subscription";
        let path = format!("subscriptions/{}", escaped(id));
        let at_period_end = match how {
            Cancellation::AtPeriodEnd => "true",
            Cancellation::Withdrawn => "false",
            Cancellation::Now => {
                let request = self.request(Method::DELETE, &path);
                let answer = call(DOING, request, Repeat::Harmless, self.retry).await?;
                // A repeat finds nothing left to delete; the subscription can still be read.
                let gone = match answer.found::<wire::Subscription>()? {
                    Some(gone) => Some(gone),
                    None => self.read_subscription(id).await?,
                };
                let state = gone.map(SubscriptionState::from);
                return state
                    .filter(|state| state.status.ended())
                    .ok_or(PaymentError::Rejected {
                        doing: DOING,
                        source: None,
                    });
            }
        };
        let body = vec![("cancel_at_period_end".to_owned(), at_period_end.to_owned())];
        let answer = self.post(DOING, &path, body, key).await?;
        Ok(answer.read::<wire::Subscription>()?.into())
    }

    async fn read_payment(&self, id: &str) -> Result<Option<Payment>, PaymentError> {
        let path = format!("payment_intents/{}", escaped(id));
        let found = self.get("reading a payment", &path, Vec::new()).await?;
        let Some(intent) = found.found::<PaymentIntent>()? else {
            return Ok(None);
        };
        let of_intent = || {
            vec![
                ("payment_intent".to_owned(), id.to_owned()),
                ("limit".to_owned(), PAGE_MAX.to_string()),
            ]
        };
        let refunds = self
            .get("listing a payment's refunds", "refunds", of_intent())
            .await?;
        let refunds: Vec<Refund> = items(refunds.read::<List<RefundObject>>()?);
        let disputes = self
            .get("listing a payment's disputes", "disputes", of_intent())
            .await?;
        let disputes: Vec<Dispute> = items(disputes.read::<List<DisputeObject>>()?);
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
        let query = vec![
            ("payment[type]".to_owned(), "payment_intent".to_owned()),
            ("payment[payment_intent]".to_owned(), payment.to_owned()),
        ];
        let paid = self
            .get("reading what was paid", "invoice_payments", query)
            .await?;
        if let Some(paid) = paid.read::<List<InvoicePayment>>()?.data.into_iter().next() {
            return Ok(Some(Origin::Invoice(paid.invoice.into())));
        }
        let query = vec![("payment_intent".to_owned(), payment.to_owned())];
        let sessions = self
            .get("reading what was paid", "checkout/sessions", query)
            .await?;
        let session = sessions.read::<List<Session>>()?.data.into_iter().next();
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
            let answer = self
                .post(
                    DOING,
                    "checkout/sessions",
                    orders::checkout(request),
                    &request.idempotency_key,
                )
                .await?;
            let opened = answer.read::<Session>()?.opened();
            opened.ok_or(PaymentError::OutcomeUnknown {
                doing: DOING,
                source: None,
            })
        })
    }

    fn checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        Box::pin(async move {
            let path = format!("checkout/sessions/{}", escaped(id));
            let query = vec![("expand[]".to_owned(), "line_items".to_owned())];
            let session = self.get("reading a checkout", &path, query).await?;
            Ok(session.found::<Session>()?.map(CheckoutState::from))
        })
    }

    fn checkouts<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<CheckoutState>> {
        Box::pin(async move {
            let mut query = orders::page(page, since);
            query.push(("expand[]".to_owned(), "data.line_items".to_owned()));
            query.extend(customer.map(|id| ("customer".to_owned(), id.to_owned())));
            let list = self.get("listing checkouts", "checkout/sessions", query).await?;
            Ok(list
                .read::<List<Session>>()?
                .listed(|state: &CheckoutState| &state.id))
        })
    }

    fn customer<'a>(&'a self, request: &'a CustomerRequest) -> ProviderFuture<'a, String> {
        Box::pin(async move {
            // One key for ever: two checkouts at once get one customer, and so does a repeat within a day.
            let key = format!("customer:{}", request.account);
            let answer = self
                .post("making a customer", "customers", orders::customer(request), &key)
                .await?;
            Ok(answer.read::<Named>()?.id)
        })
    }

    fn portal<'a>(&'a self, customer: &'a str, return_url: &'a str) -> ProviderFuture<'a, String> {
        Box::pin(async move {
            let body = vec![
                ("customer".to_owned(), customer.to_owned()),
                ("return_url".to_owned(), return_url.to_owned()),
            ];
            // A second link costs nothing, so it carries no key and is repeated freely.
            let request = self
                .request(Method::POST, "billing_portal/sessions")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form(&body));
            let answer = call("opening the portal", request, Repeat::Harmless, self.retry).await?;
            Ok(answer.read::<Url>()?.url)
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
            let mut query = orders::page(page, None);
            // Without it those that were cancelled are left out.
            query.push(("status".to_owned(), "all".to_owned()));
            query.extend(customer.map(|id| ("customer".to_owned(), id.to_owned())));
            let list = self.get("listing subscriptions", "subscriptions", query).await?;
            let list = list.read::<List<wire::Subscription>>()?;
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
            let path = format!("invoices/{}", escaped(id));
            let query = vec![("expand[]".to_owned(), "payments".to_owned())];
            let invoice = self.get("reading an invoice", &path, query).await?;
            Ok(invoice.found::<InvoiceObject>()?.map(Invoice::from))
        })
    }

    fn invoices<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Invoice>> {
        Box::pin(async move {
            let mut query = orders::page(page, since);
            query.push(("expand[]".to_owned(), "data.payments".to_owned()));
            query.extend(customer.map(|id| ("customer".to_owned(), id.to_owned())));
            let list = self.get("listing invoices", "invoices", query).await?;
            Ok(list
                .read::<List<InvoiceObject>>()?
                .listed(|invoice: &Invoice| &invoice.id))
        })
    }

    fn payment<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Payment>> {
        Box::pin(self.read_payment(id))
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
            let mut query = orders::page(page, None);
            query.push(("customer".to_owned(), customer.to_owned()));
            let list = self.get("listing charges", "charges", query).await?;
            Ok(list.read::<List<ChargeObject>>()?.succeeded())
        })
    }

    fn refunds<'a>(&'a self, since: Timestamp, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Refund>> {
        Box::pin(async move {
            let list = self
                .get("listing refunds", "refunds", orders::page(page, Some(since)))
                .await?;
            Ok(list
                .read::<List<RefundObject>>()?
                .listed(|refund: &Refund| &refund.id))
        })
    }

    fn disputes<'a>(
        &'a self,
        since: Timestamp,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Dispute>> {
        Box::pin(async move {
            let list = self
                .get("listing disputes", "disputes", orders::page(page, Some(since)))
                .await?;
            Ok(list
                .read::<List<DisputeObject>>()?
                .listed(|dispute: &Dispute| &dispute.id))
        })
    }
}
