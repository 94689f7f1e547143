//! Idempotency keys: one claim per account, route and key, with the answer it got.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::Work;
use domain::{AccountId, Timestamp};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use crate::dynamo::codec::{number, number_of, text, text_of, time};
use crate::dynamo::item::Item;
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// Milliseconds for which a claim is its owner's alone: longer than an API function may run.
pub const LEASE_MS: i64 = 30_000;
/// Seconds for which an answer is repeated.
pub const KEPT_S: i64 = 86_400;

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClaimKey {
    /// Whose key it is.
    pub account: AccountId,
    /// Method and path with its ids: the same key on another thing is another claim.
    pub route: String,
    /// The `Idempotency-Key` as it was sent.
    pub key: String,
}

/// An answer as it is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// HTTP status that was answered.
    pub status: u16,
    /// Body that was answered, as JSON text.
    pub body: String,
    /// Path of what was made, where the answer named it.
    pub location: Option<String>,
}

/// How a claim went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The caller does the work, minting its ids from this seed.
    Fresh {
        /// The same for every try under one key, so that a second try mints the same ids.
        seed: Ulid,
    },
    /// The request was answered before.
    Replay(StoredAnswer),
    /// Another call is working on the request.
    InProgress,
    /// The key was used with another body.
    Mismatch,
}

const OPERATION: &str = "claim an idempotency key";

impl ClaimKey {
    fn row(&self) -> Key {
        // Hashed: a caller's key may be 255 characters of anything.
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(self.key.as_bytes()));
        Key::claim(self.account, &self.route, &hash)
    }
}

impl Store {
    /// Claims a key for one try; `seed` is used when nobody claimed it before.
    ///
    /// # Promises
    /// Of many at once one gets [`Claim::Fresh`]. When it neither answers nor gives up, the next claim after
    /// [`LEASE_MS`] gets it, with the first seed.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn claim<'a>(
        &'a self,
        key: &'a ClaimKey,
        body_hash: &'a str,
        seed: Ulid,
        now: Timestamp,
    ) -> Work<'a, Result<Claim, StoreError>> {
        Box::pin(async move {
            let table = &self.tables.ephemeral;
            let mut row: Item = key.row().into_item();
            row.insert("body_hash".to_owned(), text(body_hash));
            row.insert("seed".to_owned(), text(&seed.to_string()));
            row.insert("lease_until".to_owned(), time(now.plus_ms(LEASE_MS)));
            row.insert("expires_at".to_owned(), number(now.as_s().saturating_add(KEPT_S)));
            // DynamoDB may delete expired rows days late, so the expiry is also a condition.
            let write = Write::put(table, row, "attribute_not_exists(pk) OR #expires_at <= :now_s")
                .value("now_s", number(now.as_s()));
            if self.write(OPERATION, write).await?.is_some() {
                return Ok(Claim::Fresh { seed });
            }
            let row = self.get(OPERATION, table, key.row()).await?;
            let row = row.ok_or(StoreError::Contended { operation: OPERATION })?;
            self.claim_again(key, body_hash, now, &row).await
        })
    }

    async fn claim_again(
        &self,
        key: &ClaimKey,
        body_hash: &str,
        now: Timestamp,
        row: &Item,
    ) -> Result<Claim, StoreError> {
        if text_of(row, "body_hash")? != body_hash {
            return Ok(Claim::Mismatch);
        }
        if row.contains_key("answer") {
            return Ok(Claim::Replay(StoredAnswer {
                status: number_of(row, "status")?,
                body: text_of(row, "answer")?.to_owned(),
                location: if row.contains_key("location") {
                    Some(text_of(row, "location")?.to_owned())
                } else {
                    None
                },
            }));
        }
        let lease_until: i64 = number_of(row, "lease_until")?;
        if now.as_ms() < lease_until {
            return Ok(Claim::InProgress);
        }
        let seed = Ulid::from_string(text_of(row, "seed")?)
            .map_err(|error| StoreError::corrupt(OPERATION, error))?;
        let write = Write::update(
            &self.tables.ephemeral,
            key.row(),
            "SET #lease_until = :next",
            "#lease_until = :read AND attribute_not_exists(#answer)",
        )
        .value("next", time(now.plus_ms(LEASE_MS)))
        .value("read", number(lease_until));
        Ok(match self.write(OPERATION, write).await? {
            Some(_) => Claim::Fresh { seed },
            None => Claim::InProgress,
        })
    }

    /// Stores the answer of a claim; the first one stays.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn answer<'a>(
        &'a self,
        key: &'a ClaimKey,
        answer: &'a StoredAnswer,
    ) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let location = answer.location.as_deref();
            let set = match location {
                Some(_) => "SET #status = :status, #answer = :body, #location = :location",
                None => "SET #status = :status, #answer = :body",
            };
            let write = Write::update(
                &self.tables.ephemeral,
                key.row(),
                set,
                "attribute_exists(pk) AND attribute_not_exists(#answer)",
            )
            .value("status", number(answer.status))
            .value("body", text(&answer.body));
            let write = match location {
                Some(path) => write.value("location", text(path)),
                None => write,
            };
            self.write("keep an answer", write).await.map(drop)
        })
    }

    /// Gives a claim up after a failure that may pass, so that the next try need not wait for the lease.
    ///
    /// # Promises
    /// The seed stays, so the next try finds what this one may have written.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn release_claim<'a>(&'a self, key: &'a ClaimKey) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.ephemeral,
                key.row(),
                "SET #lease_until = :past",
                "attribute_exists(pk) AND attribute_not_exists(#answer)",
            )
            .value("past", number(0));
            self.write("give a claim up", write).await.map(drop)
        })
    }
}
