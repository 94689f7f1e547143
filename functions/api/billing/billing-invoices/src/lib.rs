//! `GET /v1/billing/invoices`: the account's invoices at a provider, newest first.
//!
//! Read from the provider at each call; an account sees those of its own customer and no others.

use api::{Access, PageView, Request, Response, authorize};
pub use billing_wiring::BillingDeps as Deps;
use domain::billing::PaymentProvider;
use domain::{ErrorCode, Failure, Invalid, Timestamp};
use http::Method;
use payments::{Invoice, InvoiceStatus, Money, PageRequest, PaymentError};
use serde::Serialize;
use store::{Cursor, Page};
use utoipa::{OpenApi, ToSchema};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_invoices))]
pub struct Docs;

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
struct MoneyView {
    /// Minor units, cents of a dollar.
    amount_minor: i64,
    /// ISO 4217 code, lower case.
    #[schema(example = "usd")]
    currency: String,
}

/// An invoice.
#[derive(Debug, Serialize, ToSchema)]
struct InvoiceView {
    /// The provider's id.
    id: String,
    /// The number that the customer reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// How it stands: `draft`, `open`, `paid`, `uncollectible` or `void`.
    #[schema(value_type = String, example = "paid")]
    status: InvoiceStatus,
    /// What is due.
    total: MoneyView,
    /// What was paid.
    paid: MoneyView,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The provider's page of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The provider's PDF of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pdf_url: Option<String>,
}

impl From<Money> for MoneyView {
    fn from(money: Money) -> Self {
        Self {
            amount_minor: money.minor,
            currency: money.currency.as_str().to_ascii_lowercase(),
        }
    }
}

impl From<Invoice> for InvoiceView {
    fn from(invoice: Invoice) -> Self {
        Self {
            id: invoice.id,
            number: invoice.number,
            status: invoice.status,
            total: invoice.total.into(),
            paid: invoice.amount_paid.into(),
            created_at: invoice.created,
            url: invoice.url,
            pdf_url: invoice.pdf_url,
        }
    }
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `invalid_cursor`, or the provider's.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_invoices(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists invoices.
#[utoipa::path(get, path = "/v1/billing/invoices", tag = "billing",
    params(
        ("provider" = Option<PaymentProvider>, Query, description = "Whose invoices; Stripe's when absent."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<InvoiceView>)))]
async fn list_invoices(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.billing.store,
        request.with_query(&["provider", "limit", "cursor"]),
        Access::Read,
    )
    .await?;
    let provider = match request.query.get("provider") {
        Some(word) => parse_provider(word)?,
        None => PaymentProvider::Stripe,
    };
    let page = PageRequest {
        limit: u8::try_from(request.page()?.limit).unwrap_or(u8::MAX),
        cursor: request.query.get("cursor").cloned(),
    };
    let listed = deps.billing.invoices(caller.account_id, provider, &page).await;
    let listed = listed.map_err(|failure| bad_cursor(failure, &page))?;
    Response::ok(&PageView::<InvoiceView>::of(Page {
        items: listed.items,
        next: listed.next.map(Cursor::new),
    }))
}

/// A provider rejects a cursor that it did not give.
fn bad_cursor(failure: Failure, page: &PageRequest) -> Failure {
    let is_rejected = failure.code == ErrorCode::ProviderRejected
        && failure
            .source
            .as_ref()
            .and_then(|source| source.downcast_ref::<PaymentError>())
            .is_some_and(|error| matches!(error, PaymentError::Rejected { .. }));
    if page.cursor.is_some() && is_rejected {
        Failure::new(ErrorCode::InvalidCursor).because(failure)
    } else {
        failure
    }
}

fn parse_provider(word: &str) -> Result<PaymentProvider, Invalid> {
    PaymentProvider::ALL
        .into_iter()
        .find(|provider| provider.as_str() == word)
        .ok_or_else(|| Invalid::new("provider", "unknown_value", "must be one of: stripe creem"))
}
