//! `GET /v1/billing/packs`: packs and subscriptions, what each brings and costs, and who takes the money.
//!
//! Public and without a store: the answer is the build's own and its configuration's.

use std::collections::BTreeMap;

use api::{Request, Response};
use billing::PriceIds;
use domain::Failure;
use domain::billing::PaymentProvider;
use http::Method;
use ledger::{Product, ProductKind, products};
use runtime::{Env, StartError};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// What each provider sells.
    pub price_ids: BTreeMap<PaymentProvider, PriceIds>,
}

impl Deps {
    /// Reads the price ids.
    ///
    /// # Errors
    /// [`StartError`] for ids that cannot be read.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            price_ids: billing_wiring::price_ids(env)?,
        })
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_packs))]
pub struct Docs;

/// What can be bought.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueView {
    /// Paid once, smallest first.
    packs: Vec<ProductView>,
    /// Paid every month, smallest first.
    subscriptions: Vec<ProductView>,
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
struct ProductView {
    #[serde(flatten)]
    product: Product,
    /// Who sells it.
    providers: Vec<PaymentProvider>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => {
            request.no_query()?;
            list_packs(deps)
        }
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists packs and subscriptions.
#[utoipa::path(get, path = "/v1/billing/packs", tag = "billing", security(()),
    responses((status = 200, description = "Everything that can be bought.", body = CatalogueView)))]
fn list_packs(deps: &Deps) -> Result<Response, Failure> {
    let of = |kind: ProductKind| {
        products()
            .into_iter()
            .filter(|product| product.kind == kind)
            .map(|product| ProductView {
                providers: deps
                    .price_ids
                    .iter()
                    .filter(|(_, price_ids)| price_ids.id_of(product.id).is_some())
                    .map(|(provider, _)| *provider)
                    .collect(),
                product,
            })
            .collect()
    };
    Response::ok(&CatalogueView {
        packs: of(ProductKind::Pack),
        subscriptions: of(ProductKind::Subscription),
    })
}
