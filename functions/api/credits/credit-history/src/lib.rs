//! `GET /v1/credit/history`: every change of the balance with the balance after it, newest first; as JSON in pages, or
//! as a table.
//!
//! # Shape
//! `events/credit-history/`; the table is in `table`.

mod table;

use api::{Access, PageView, Request, Response, authorize};
use domain::{AccountId, Failure};
use http::Method;
use ledger::Transaction;
use store::page::LIMIT_MAX;
use store::{Cursor, PageRequest};
use utoipa::OpenApi;
pub use wiring::StoreDeps as Deps;

/// Most entries of a table, in whole pages: about 2 MB, where an answer may have 6, and a second of reading.
const TABLE_ROWS_MAX: usize = 10_000;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_history))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_history(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists the history.
#[utoipa::path(get, path = "/v1/credit/history", tag = "credits",
    params(
        ("format" = Option<String>, Query,
            description = "`csv` for a table, as does `Accept: text/csv`; else JSON."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20. A table has up to 10,000."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before, or `x-next-cursor` of a table."),
    ),
    responses((status = 200, description = "A page, newest first. A table has as many as there are up to 10,000; when \
there are more, the header `x-next-cursor` says where the next begins.",
        content((PageView<Transaction> = "application/json"), (String = "text/csv")))))]
async fn list_history(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.store,
        request.with_query(&["format", "limit", "cursor"]),
        Access::Read,
    )
    .await?;
    if request.wants_table()? {
        return export(deps, request, caller.account_id).await;
    }
    let page = deps.store.history(caller.account_id, &request.page()?).await?;
    Response::ok(&PageView::<Transaction>::of(page))
}

/// As many entries as a table may have, from the cursor on.
async fn export(deps: &Deps, request: &Request, account: AccountId) -> Result<Response, Failure> {
    let mut next = request.query.get("cursor").cloned().map(Cursor::new);
    let mut rows = Vec::new();
    loop {
        let page = PageRequest {
            limit: LIMIT_MAX,
            cursor: next,
        };
        let page = deps.store.history(account, &page).await?;
        rows.extend(page.items);
        next = page.next;
        if next.is_none() || rows.len() >= TABLE_ROWS_MAX {
            break;
        }
    }
    let answer = Response::csv("credit-history", table::lines(&rows))?;
    Ok(match next {
        Some(cursor) => answer.with_header("x-next-cursor", cursor.as_str()),
        None => answer,
    })
}
