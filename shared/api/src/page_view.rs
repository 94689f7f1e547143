//! A page of a list on the wire.

use serde::Serialize;
use store::Page;
use utoipa::ToSchema;

/// A page: its entries, and how to ask for the next.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageView<T> {
    /// Entries, in the order of the list.
    items: Vec<T>,
    /// Send it as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl<T> PageView<T> {
    /// A page of the store, each entry as the wire shows it.
    pub fn of<S: Into<T>>(page: Page<S>) -> Self {
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            next_cursor: page.next.map(|cursor| cursor.as_str().to_owned()),
        }
    }
}
