//! `GET /v1/openapi.json` and `GET /docs`: what the API says of itself; and every path that is no route of another
//! function, which without it the gateway would answer outside of the envelope.
//!
//! The committed `docs/openapi.json` is compiled in; a test holds it to the types of the routes.
//!
//! # Shape
//! `events/api-document/`.

mod document;
mod page;

use api::{Request, Response};
use domain::{ErrorCode, Failure};
use http::{Method, StatusCode};
use runtime::{Env, StartError};
use utoipa::{OpenApi, ToSchema};

use crate::document::Document;
use crate::page::Page;

/// Where the document is served.
const DOCUMENT: &str = "/v1/openapi.json";
/// Where its page for people is served.
const PAGE: &str = "/docs";
/// How long both may be kept by anybody: they change with a deploy.
const KEPT: &str = "public, max-age=300";

/// What is served, made once.
#[derive(Debug)]
pub struct Deps {
    document: Document,
    page: Page,
}

impl Deps {
    /// Reads the document that is compiled in, and writes its page.
    ///
    /// # Errors
    /// [`StartError`] when the document is no JSON, which a test excludes.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(_env: &Env) -> Result<Self, StartError> {
        let document = Document::committed()
            .map_err(|cause| StartError::failed("reading the document of the API", cause))?;
        let page = Page::of(&document.value);
        Ok(Self { document, page })
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_document, show_reference))]
pub struct Docs;

/// An OpenAPI 3.1 document.
#[derive(Debug, ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "only its description is used")]
struct OpenApiDocument(serde_json::Value);

/// Dispatches on the path, then on the method.
///
/// # Errors
/// [`Failure`] with `not_found` for a path that is none, `method_not_allowed`, or `validation_failed` for a query.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match (request.path.as_str(), &request.method) {
        (DOCUMENT, &Method::GET) => show_document(deps, &request),
        (PAGE, &Method::GET) => show_reference(deps, &request),
        (DOCUMENT | PAGE, _) => Err(request.method_not_allowed(&[Method::GET])),
        _ => elsewhere(deps, &request),
    }
}

/// Shows this document: OpenAPI 3.1, without the envelope.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "system", security(()),
    responses((status = 200, description = "The document.", body = OpenApiDocument)))]
fn show_document(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    request.no_query()?;
    let document = &deps.document;
    Ok(Response::text("application/json", document.text.clone())
        .tagged(&document.etag)
        .with_header("cache-control", KEPT))
}

/// Shows the reference for people, made from this document: no scripts, nothing from elsewhere.
#[utoipa::path(get, path = "/docs", tag = "system", security(()),
    responses((status = 200, description = "The page.", body = String, content_type = "text/html")))]
fn show_reference(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    request.no_query()?;
    let page = &deps.page;
    Ok(Response::text("text/html; charset=utf-8", page.html.clone())
        .tagged(&page.etag)
        .with_header("cache-control", KEPT)
        .with_header("content-security-policy", &page.policy)
        .with_header("referrer-policy", "no-referrer"))
}

/// A path that is no route, but would be without its last slash, is sent there; every other names nothing.
fn elsewhere(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let without_slash = request.path.strip_suffix('/');
    match without_slash.filter(|path| deps.document.has(path)) {
        Some(path) => Ok(moved(path, request)),
        None => Err(Failure::new(ErrorCode::NotFound)
            .saying("The API has no such path; `GET /v1/openapi.json` names those it has.")),
    }
}

/// 308, by which a client repeats method and body. The address is relative: a gateway may serve the API below a path of
/// its own, which no function knows.
fn moved(path: &str, request: &Request) -> Response {
    let last = path.rsplit('/').next().unwrap_or_default();
    let mut address = format!("../{last}");
    let mut mark = '?';
    for (name, value) in &request.query {
        for part in [mark.to_string(), encoded(name), "=".to_owned(), encoded(value)] {
            address.push_str(&part);
        }
        mark = '&';
    }
    Response {
        status: StatusCode::PERMANENT_REDIRECT,
        ..Response::no_content()
    }
    .found_at(&address)
}

/// A name or value of a query.
fn encoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            plain.push('%');
            plain.push_str(&hex::encode_upper([byte]));
        }
    }
    plain
}
