//! Lists in pages, and the opaque cursors between them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Invalid;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::dynamo::codec::{decode, text_of};
use crate::dynamo::item::Item;
use crate::dynamo::keys::Key;
use crate::dynamo::tables::Query;
use crate::{Store, StoreError};

/// Entries of a page when nothing is said.
pub const LIMIT_DEFAULT: u32 = 20;
/// Most entries of a page: with the largest projects an answer stays far below Lambda's 6 MB.
pub const LIMIT_MAX: u32 = 100;
/// Bytes of a cursor's checksum.
const TAG_BYTES: usize = 8;

/// Where the next page begins; opaque to its holder.
///
/// # Promises
/// It holds no data of its own account and gives no access: the account of the call is the one that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor as a caller sent it; checked when it is used.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text to send.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn after(list: &str, pk: &str, sk: &str) -> Self {
        let mut bytes = tag(list, holder(pk), sk).to_vec();
        bytes.extend_from_slice(sk.as_bytes());
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The sort key inside.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] when it was edited, or issued by another list or to another account.
    fn sort_key(&self, list: &str, pk: &str) -> Result<String, StoreError> {
        let invalid = || StoreError::InvalidCursor;
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_cause| invalid())?;
        let (sent, sk) = bytes.split_at_checked(TAG_BYTES).ok_or_else(invalid)?;
        let sk = std::str::from_utf8(sk).map_err(|_cause| invalid())?;
        if sent == tag(list, holder(pk), sk) {
            Ok(sk.to_owned())
        } else {
            Err(invalid())
        }
    }
}

/// Whose partition it is, in the words of its cursors.
fn holder(pk: &str) -> &str {
    pk.strip_prefix("ACCT#").unwrap_or(pk)
}

/// Binds a cursor to its list and partition. A checksum, not a secret: what it guards is harmless, see [`Cursor`].
fn tag(list: &str, holder: &str, sk: &str) -> [u8; TAG_BYTES] {
    let digest = Sha256::digest(format!("cursor 1\n{list}\n{holder}\n{sk}"));
    digest.first_chunk::<TAG_BYTES>().copied().unwrap_or_default()
}

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Most entries, 1 to [`LIMIT_MAX`].
    pub limit: u32,
    /// Where it begins; the newest entry when absent.
    pub cursor: Option<Cursor>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            limit: LIMIT_DEFAULT,
            cursor: None,
        }
    }
}

impl PageRequest {
    /// Reads the query parameters `limit` and `cursor`.
    ///
    /// # Errors
    /// [`Invalid`] when `limit` is not a whole number of 1 to [`LIMIT_MAX`]. A bad cursor shows when it is used.
    pub fn parse(limit: Option<&str>, cursor: Option<&str>) -> Result<Self, Invalid> {
        let limit = limit.map_or(Ok(LIMIT_DEFAULT), |text| {
            // A sign is no digit of a whole number: `+5` is refused, which `parse` would take.
            Some(text)
                .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|text| text.parse::<u32>().ok())
                .filter(|limit| (1..=LIMIT_MAX).contains(limit))
                .ok_or_else(|| Invalid::new("limit", "range", &format!("must be 1 to {LIMIT_MAX}")))
        })?;
        Ok(Self {
            limit,
            cursor: cursor.map(|text| Cursor::new(text.to_owned())),
        })
    }
}

/// A part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Entries of this page, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last page.
    pub next: Option<Cursor>,
}

/// A list: what stands in one partition under a prefix.
pub(crate) struct List<'a> {
    pub(crate) operation: &'static str,
    pub(crate) table: &'a str,
    /// Partition; of an account, as `owner` names it.
    pub(crate) pk: String,
    /// Prefix of the sort keys.
    pub(crate) prefix: &'a str,
    /// Name with the filter in it: a cursor of one filter means nothing in another.
    pub(crate) name: String,
}

/// A part of a list, by its sort keys.
#[derive(Debug, Default)]
pub(crate) struct Between {
    /// The least one.
    pub(crate) first: Option<String>,
    /// All are below it.
    pub(crate) below: Option<String>,
}

impl Store {
    /// The entries of a list that `keep` wants, newest first.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        list: List<'_>,
        request: &PageRequest,
        keep: impl Fn(&T) -> bool + Send,
    ) -> Result<Page<T>, StoreError> {
        self.page_between(list, Between::default(), request, keep).await
    }

    /// As [`Self::page`], but of the entries whose sort keys lie between two; nothing outside is read, but for the rest
    /// of the last query.
    pub(crate) async fn page_between<T: DeserializeOwned>(
        &self,
        list: List<'_>,
        Between { first, below }: Between,
        request: &PageRequest,
        keep: impl Fn(&T) -> bool + Send,
    ) -> Result<Page<T>, StoreError> {
        let limit = request.limit.clamp(1, LIMIT_MAX);
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut after = match &request.cursor {
            Some(cursor) => Some(start(&list.pk, &cursor.sort_key(&list.name, &list.pk)?)),
            None => below.map(|sk| start(&list.pk, &sk)),
        };
        let is_before = |sk: &str| first.as_ref().is_some_and(|first| sk < first.as_str());
        let mut items: Vec<(String, T)> = Vec::new();
        loop {
            let query = Query {
                table: list.table,
                pk: list.pk.clone(),
                prefix: list.prefix,
                newest_first: true,
                // One more than a page: it tells whether there is a next one.
                limit: i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX),
                after,
            };
            let (rows, next) = self.query(list.operation, query).await?;
            after = next;
            let read = rows.len();
            let mut within = Vec::with_capacity(read);
            for row in rows {
                within.push((text_of(&row, "sk")?.to_owned(), row));
            }
            within.retain(|(sk, _)| !is_before(sk));
            if within.len() < read {
                after = None;
            }
            for (sk, row) in within {
                items.push((sk, decode::<T>(row)?));
            }
            items.retain(|(_, value)| keep(value));
            if items.len() > wanted || after.is_none() {
                return Ok(cut(items, wanted, &list));
            }
        }
    }
}

impl List<'_> {
    /// A page of entries that were all read, newest first; `place` falls from each to the next.
    pub(crate) fn page_of<T>(
        &self,
        entries: Vec<T>,
        request: &PageRequest,
        place: impl Fn(&T) -> String,
    ) -> Result<Page<T>, StoreError> {
        let wanted = usize::try_from(request.limit.clamp(1, LIMIT_MAX)).unwrap_or(usize::MAX);
        let after = match &request.cursor {
            Some(cursor) => Some(cursor.sort_key(&self.name, &self.pk)?),
            None => None,
        };
        let placed = entries.into_iter().map(|entry| (place(&entry), entry));
        let rest = placed.filter(|(place, _)| after.as_ref().is_none_or(|after| place < after));
        Ok(cut(rest.collect(), wanted, self))
    }
}

/// The first entries, and a cursor when there are more.
fn cut<T>(mut items: Vec<(String, T)>, wanted: usize, list: &List<'_>) -> Page<T> {
    let has_more = items.len() > wanted;
    items.truncate(wanted);
    let next = items
        .last()
        .filter(|_| has_more)
        .map(|(sk, _)| Cursor::after(&list.name, &list.pk, sk));
    let items = items.into_iter().map(|(_, value)| value).collect();
    Page { items, next }
}

fn start(pk: &str, sk: &str) -> Item {
    let key = Key {
        pk: pk.to_owned(),
        sk: sk.to_owned(),
    };
    key.into_item()
}

#[cfg(test)]
mod tests;
