//! `GET /v1/billing/packs`: packs and subscriptions, what each brings and costs, and who takes the money.
//!
//! Public and without a store: the answer is the build's own and its configuration's.

use std::collections::BTreeMap;

use api::{Request, Response};
use billing::Shelf;
use domain::Failure;
use domain::billing::PaymentVendor;
use http::Method;
use ledger::{Product, ProductKind, products};
use runtime::{Env, StartError};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// What each vendor sells.
    pub shelves: BTreeMap<PaymentVendor, Shelf>,
}

impl Deps {
    /// Reads the price ids.
    ///
    /// # Errors
    /// [`StartError`] for ids that cannot be read.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            shelves: billing::shelves(env)?,
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
    providers: Vec<PaymentVendor>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_packs(deps),
        _ => Err(request.method_not_allowed()),
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
                    .shelves
                    .iter()
                    .filter(|(_, shelf)| shelf.id_of(product.id).is_some())
                    .map(|(vendor, _)| *vendor)
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
