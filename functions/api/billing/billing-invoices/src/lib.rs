//! `GET /v1/billing/invoices`: the invoices of the account's subscriptions and the receipts of its packs, of every
//! provider, newest first.
//!
//! Read from the providers at each call; an account sees those of its own customers and no others.

use std::cmp::Reverse;

use api::{Access, PageView, Request, Response, authorize};
use billing::invoices::Paper;
pub use billing_wiring::BillingDeps as Deps;
use domain::billing::PaymentProvider;
use domain::{ErrorCode, Failure, Invalid, Timestamp};
use http::Method;
use ledger::ProductKind;
use payments::{InvoiceStatus, Money};
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

/// An invoice of a subscription, or the receipt of a pack.
#[derive(Debug, Serialize, ToSchema)]
struct InvoiceView {
    /// Who took the money.
    provider: PaymentProvider,
    /// What it is for.
    kind: ProductKind,
    /// The provider's id: of the invoice, of a receipt that of the payment.
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
    /// What of it went back, by refunds; absent while nothing was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    returned: Option<MoneyView>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The provider's page of it; Creem has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The provider's PDF of it; of Stripe's invoices.
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

impl From<Paper> for InvoiceView {
    fn from(paper: Paper) -> Self {
        Self {
            provider: paper.provider,
            kind: paper.kind,
            id: paper.id,
            number: paper.number,
            status: paper.status,
            total: paper.total.into(),
            paid: paper.paid.into(),
            returned: paper.returned.map(MoneyView::from),
            created_at: paper.created,
            url: paper.url,
            pdf_url: paper.pdf_url,
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

/// Lists invoices of subscriptions and receipts of packs.
#[utoipa::path(get, path = "/v1/billing/invoices", tag = "billing",
    params(
        ("provider" = Option<PaymentProvider>, Query, description = "Those of one provider; of every one when absent."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<InvoiceView>)))]
async fn list_invoices(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.billing.store,
        request.with_query(&["provider", "limit", "cursor"]),
        Access::SignedIn,
    )
    .await?;
    let provider = match request.query.get("provider") {
        Some(word) => Some(parse_provider(word)?),
        None => None,
    };
    let limit = usize::try_from(request.page()?.limit).unwrap_or(usize::MAX);
    let cursor = request.query.get("cursor");
    let papers = deps.billing.papers(caller.account_id, provider).await?;
    let after = match cursor {
        Some(cursor) => Some(place_of(cursor).ok_or_else(|| Failure::new(ErrorCode::InvalidCursor))?),
        None => None,
    };
    let mut rest = papers
        .into_iter()
        .filter(|paper| after.as_ref().is_none_or(|after| paper.place() > *after));
    let items: Vec<Paper> = rest.by_ref().take(limit).collect();
    let next = rest
        .next()
        .and(items.last())
        .map(|last| Cursor::new(cursor_of(last)));
    Response::ok(&PageView::<InvoiceView>::of(Page { items, next }))
}

/// The cursor of the page after an entry: its place in the list.
fn cursor_of(paper: &Paper) -> String {
    format!("{}-{}-{}", paper.created.as_ms(), paper.provider, paper.id)
}

fn place_of(cursor: &str) -> Option<(Reverse<Timestamp>, PaymentProvider, String)> {
    let mut parts = cursor.splitn(3, '-');
    let created = Timestamp::from_ms(parts.next()?.parse().ok()?);
    let provider = parse_provider(parts.next()?).ok()?;
    Some((Reverse(created), provider, parts.next()?.to_owned()))
}

fn parse_provider(word: &str) -> Result<PaymentProvider, Invalid> {
    PaymentProvider::ALL
        .into_iter()
        .find(|provider| provider.as_str() == word)
        .ok_or_else(|| Invalid::new("provider", "unknown_value", "must be one of: stripe creem"))
}
