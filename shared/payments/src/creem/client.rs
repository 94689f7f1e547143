//! The calls that we make to Creem.

use domain::Timestamp;
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::wire::{
    self, CheckoutObject, Named, Page, PortalLink, RefundStatus, SubscriptionObject, Transaction,
};
use crate::PaymentError;
use crate::checkout::{META_ACCOUNT, META_PRODUCT};
use crate::transport::{ApiKey, Call, Repeat, Retry, escaped, form, not_offered, send};
use crate::{
    Buyer, Cancellation, Charge, Checkout, CheckoutRequest, CheckoutState, CustomerRequest, Dispute, Invoice,
    Listed, PAGE_MAX, PageRequest, Payment, PaymentProvider, Payments, PlanChange, Proration, ProviderFuture,
    Refund, SubscriptionState,
};

/// A client of Creem.
///
/// # Promises
/// Creem takes no idempotency key. A change of a subscription is read first and left alone when it is already so; one
/// whose answer is lost is [`PaymentError::OutcomeUnknown`]. A checkout whose answer is lost was never paid, so a new
/// one does no harm.
#[derive(Debug, Clone)]
pub struct Creem {
    web: reqwest::Client,
    key: ApiKey,
    base: String,
    retry: Retry,
}

impl Creem {
    /// A client over the one HTTP client with its time-outs; `base` is [`API_URL`](super::API_URL),
    /// [`TEST_API_URL`](super::TEST_API_URL) or a fake's address.
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
            .header("x-api-key", self.key.expose())
    }

    const fn call(&self, doing: &'static str, repeat: Repeat) -> Call {
        Call {
            doing,
            repeat,
            retry: self.retry,
            refusal: wire::refusal,
        }
    }

    /// One object by its id, which Creem takes in the query.
    async fn get<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        path: &str,
        name: &str,
        id: &str,
    ) -> Result<Option<T>, PaymentError> {
        let path = format!("{path}?{name}={}", escaped(id));
        let request = self.request(Method::GET, &path);
        send(self.call(doing, Repeat::Harmless), request).await?.found()
    }

    async fn page<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        path: &str,
        customer: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<T>, PaymentError> {
        let mut query = vec![
            (
                "page_number".to_owned(),
                page.cursor.clone().unwrap_or_else(|| "1".to_owned()),
            ),
            ("page_size".to_owned(), page.limit.clamp(1, PAGE_MAX).to_string()),
        ];
        query.extend(customer.map(|id| ("customer_id".to_owned(), id.to_owned())));
        let request = self.request(Method::GET, &format!("{path}?{}", form(&query)));
        send(self.call(doing, Repeat::Harmless), request).await?.read()
    }

    async fn post<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        path: &str,
        body: &Value,
        repeat: Repeat,
    ) -> Result<T, PaymentError> {
        let request = self.request(Method::POST, path).json(body);
        send(self.call(doing, repeat), request).await?.read()
    }

    async fn read_subscription(&self, id: &str) -> Result<Option<SubscriptionState>, PaymentError> {
        let found = self
            .get::<SubscriptionObject>("reading a subscription", "subscriptions", "subscription_id", id)
            .await?;
        Ok(found.map(SubscriptionState::from))
    }

    /// The state before a change; a subscription that is not there cannot be changed.
    async fn before(&self, doing: &'static str, id: &str) -> Result<SubscriptionState, PaymentError> {
        let found = self.read_subscription(id).await?;
        found.ok_or(PaymentError::Rejected { doing, source: None })
    }

    async fn change(&self, change: &PlanChange) -> Result<SubscriptionState, PaymentError> {
        const DOING: &str = "changing a subscription's plan";
        let before = self.before(DOING, &change.subscription).await?;
        if before.price_id.as_deref() == Some(change.price_id.as_str()) {
            return Ok(before);
        }
        let behaviour = match change.proration {
            Proration::None => "proration-none",
            Proration::NextInvoice => "proration-charge",
            Proration::InvoiceNow => "proration-charge-immediately",
        };
        let path = format!("subscriptions/{}/upgrade", escaped(&change.subscription));
        let body = json!({ "product_id": change.price_id, "update_behavior": behaviour });
        let changed: SubscriptionObject = self.post(DOING, &path, &body, Repeat::Twice).await?;
        Ok(changed.into())
    }

    async fn end(&self, id: &str, how: Cancellation) -> Result<SubscriptionState, PaymentError> {
        const DOING: &str = "cancelling a subscription";
        let before = self.before(DOING, id).await?;
        let (done, path, body) = match how {
            Cancellation::AtPeriodEnd => (
                before.cancel_at.is_some(),
                "cancel",
                json!({ "mode": "scheduled", "onExecute": "cancel" }),
            ),
            Cancellation::Now => (before.status.ended(), "cancel", json!({ "mode": "immediate" })),
            Cancellation::Withdrawn => (before.cancel_at.is_none(), "resume", json!({})),
        };
        if done {
            return Ok(before);
        }
        let path = format!("subscriptions/{}/{path}", escaped(id));
        let changed: SubscriptionObject = self.post(DOING, &path, &body, Repeat::Twice).await?;
        Ok(changed.into())
    }

    async fn open(&self, order: &CheckoutRequest) -> Result<Checkout, PaymentError> {
        const DOING: &str = "opening a checkout";
        let mut body = json!({
            "request_id": order.idempotency_key,
            "product_id": order.item.price_id(),
            "success_url": order.success_url,
            "metadata": { META_ACCOUNT: order.account, META_PRODUCT: order.item.product() },
        });
        let customer = match &order.buyer {
            Buyer::Customer(id) => Some(json!({ "id": id })),
            Buyer::Email(address) => Some(json!({ "email": address.expose_secret() })),
            Buyer::Unknown => None,
        };
        if let (Some(customer), Some(fields)) = (customer, body.as_object_mut()) {
            fields.insert("customer".to_owned(), customer);
        }
        let opened: CheckoutObject = self.post(DOING, "checkouts", &body, Repeat::Twice).await?;
        opened.opened().ok_or(PaymentError::OutcomeUnknown {
            doing: DOING,
            source: None,
        })
    }

    /// The customer of an address, of which Creem has one at most.
    ///
    /// # Source
    /// docs.creem.io `get-customer` ("the unique email of the customer") and `create-customer`, read 2026-11-21.
    async fn customer_of(&self, email: &str) -> Result<String, PaymentError> {
        let known = || self.get::<Named>("finding a customer", "customers", "email", email);
        if let Some(found) = known().await? {
            return Ok(found.id);
        }
        let body = json!({ "email": email });
        match self
            .post::<Named>("making a customer", "customers", &body, Repeat::Twice)
            .await
        {
            Ok(made) => Ok(made.id),
            // Made by another checkout at once, or by this call whose answer was lost.
            Err(refused) => match known().await? {
                Some(found) => Ok(found.id),
                None => Err(refused),
            },
        }
    }

    async fn transaction(&self, id: &str) -> Result<Option<Transaction>, PaymentError> {
        self.get("reading a transaction", "transactions", "transaction_id", id)
            .await
    }

    /// Gives back all that is left of a transaction; a second call finds nothing left.
    ///
    /// # Source
    /// docs.creem.io `refund-payment` and npm `creem` 1.13.0, read 2026-11-30: `POST /v1/refunds` takes the transaction
    /// alone and answers with a status; the sum is always what is left.
    async fn give_back(&self, id: &str) -> Result<(), PaymentError> {
        const DOING: &str = "giving a payment back";
        let found = self.transaction(id).await?;
        let before = found.ok_or(PaymentError::Rejected {
            doing: DOING,
            source: None,
        })?;
        if !before.has_left() {
            return Ok(());
        }
        let body = json!({ "transaction_id": id });
        let made = self
            .post::<RefundStatus>(DOING, "refunds", &body, Repeat::Twice)
            .await;
        match made {
            Ok(refund) if refund.is_on_its_way() => Ok(()),
            Ok(_) => Err(PaymentError::Rejected {
                doing: DOING,
                source: None,
            }),
            // Given back by another call at once, or by this one whose answer was lost.
            Err(refused) => match self.transaction(id).await? {
                Some(now) if !now.has_left() => Ok(()),
                _ => Err(refused),
            },
        }
    }

    /// An invoice with what it was for, which only its subscription knows.
    async fn read_invoice(&self, id: &str) -> Result<Option<Invoice>, PaymentError> {
        let Some(mut invoice) = self.transaction(id).await?.and_then(Transaction::invoice) else {
            return Ok(None);
        };
        let subscription = match &invoice.subscription {
            Some(id) => self.read_subscription(id).await?,
            None => None,
        };
        if let Some(subscription) = subscription {
            invoice.account = subscription.account;
            invoice.product = subscription.product;
            invoice.price_ids = subscription.price_id.into_iter().collect();
        }
        Ok(Some(invoice))
    }
}

impl Payments for Creem {
    fn provider(&self) -> PaymentProvider {
        PaymentProvider::Creem
    }

    fn lists_everything(&self) -> bool {
        false
    }

    fn create_checkout<'a>(&'a self, request: &'a CheckoutRequest) -> ProviderFuture<'a, Checkout> {
        Box::pin(self.open(request))
    }

    fn checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        Box::pin(async move {
            let found = self
                .get::<CheckoutObject>("reading a checkout", "checkouts", "checkout_id", id)
                .await?;
            Ok(found.map(CheckoutState::from))
        })
    }

    fn checkouts<'a>(
        &'a self,
        _customer: Option<&'a str>,
        _since: Option<Timestamp>,
        _page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<CheckoutState>> {
        Box::pin(async { Err(not_offered("listing checkouts")) })
    }

    /// The API has no call that ends a checkout.
    ///
    /// # Source
    /// npm `creem` 1.13.0, read 2026-11-30: `checkouts` has `retrieve` and `create`.
    fn close_checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>> {
        self.checkout(id)
    }

    fn customer<'a>(&'a self, request: &'a CustomerRequest) -> ProviderFuture<'a, String> {
        Box::pin(self.customer_of(request.email.expose_secret()))
    }

    fn portal<'a>(&'a self, customer: &'a str, _return_url: &'a str) -> ProviderFuture<'a, String> {
        Box::pin(async move {
            let body = json!({ "customer_id": customer });
            // A second link costs nothing.
            let link: PortalLink = self
                .post("opening the portal", "customers/billing", &body, Repeat::Harmless)
                .await?;
            Ok(link.customer_portal_link)
        })
    }

    fn subscription<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<SubscriptionState>> {
        Box::pin(self.read_subscription(id))
    }

    fn subscriptions<'a>(
        &'a self,
        customer: Option<&'a str>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<SubscriptionState>> {
        Box::pin(async move {
            let path = match customer {
                Some(id) => format!("customers/{}/subscriptions", escaped(id)),
                None => "subscriptions/search".to_owned(),
            };
            let list: Page<SubscriptionObject> =
                self.page("listing subscriptions", &path, None, page).await?;
            Ok(list.listed(|subscription| Some(subscription.into())))
        })
    }

    fn change_plan<'a>(&'a self, change: &'a PlanChange) -> ProviderFuture<'a, SubscriptionState> {
        Box::pin(self.change(change))
    }

    fn cancel<'a>(
        &'a self,
        subscription: &'a str,
        how: Cancellation,
        _idempotency_key: &'a str,
    ) -> ProviderFuture<'a, SubscriptionState> {
        Box::pin(self.end(subscription, how))
    }

    fn invoice<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Invoice>> {
        Box::pin(self.read_invoice(id))
    }

    fn invoices<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Invoice>> {
        Box::pin(async move {
            let list: Page<Transaction> = self
                .page("listing invoices", "transactions/search", customer, page)
                .await?;
            let in_time = |invoice: &Invoice| since.is_none_or(|since| invoice.created >= since);
            Ok(list.listed(|transaction| transaction.invoice().filter(in_time)))
        })
    }

    fn payment<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Payment>> {
        Box::pin(async move { Ok(self.transaction(id).await?.map(Payment::from)) })
    }

    fn refund<'a>(&'a self, payment: &'a str, _idempotency_key: &'a str) -> ProviderFuture<'a, ()> {
        Box::pin(self.give_back(payment))
    }

    fn payments<'a>(
        &'a self,
        since: Timestamp,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Payment>> {
        Box::pin(async move {
            let list: Page<Transaction> = self
                .page("listing payments", "transactions/search", None, page)
                .await?;
            Ok(list.listed(|transaction| {
                Some(Payment::from(transaction)).filter(|payment| payment.created >= since)
            }))
        })
    }

    fn charges<'a>(&'a self, customer: &'a str, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Charge>> {
        Box::pin(async move {
            let list: Page<Transaction> = self
                .page("listing charges", "transactions/search", Some(customer), page)
                .await?;
            Ok(list.listed(Transaction::charge))
        })
    }

    fn refunds<'a>(
        &'a self,
        _since: Timestamp,
        _page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Refund>> {
        Box::pin(async { Err(not_offered("listing refunds")) })
    }

    fn disputes<'a>(
        &'a self,
        _since: Timestamp,
        _page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Dispute>> {
        Box::pin(async { Err(not_offered("listing disputes")) })
    }
}
