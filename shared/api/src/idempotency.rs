//! Idempotent calls: a POST acts once, however often it arrives.
//!
//! The claim of an `Idempotency-Key` fixes a seed, and every id of the call is minted from it.
//! So a call that died half-way makes the same rows when it comes again, and conditional writes do the rest.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::account::Caller;
use domain::ports::IdSource;
use domain::{AccountId, Class, ErrorCode, Failure, Timestamp};
use http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{Claim, ClaimKey, Store, StoredAnswer};
use ulid::Ulid;

use crate::{Request, Response};

/// Seconds after which a caller whose twin is still being answered may ask again.
const IN_PROGRESS_RETRY_S: u32 = 2;
/// Header of an answer that was given before.
pub(crate) const REPLAYED_HEADER: &str = "idempotent-replayed";

/// Ids minted from the seed of a claim: the same calls in the same order give the same ids.
#[derive(Debug)]
pub struct ClaimedIds {
    seed: Ulid,
    minted: AtomicU64,
}

impl ClaimedIds {
    /// Ids of a seed.
    pub const fn new(seed: Ulid) -> Self {
        Self {
            seed,
            minted: AtomicU64::new(0),
        }
    }
}

impl IdSource for ClaimedIds {
    /// The time is the seed's, not `now`: a repeat comes later and must mint the same.
    fn mint(&self, _now: Timestamp) -> Ulid {
        let count = self.minted.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        hash.update(self.seed.to_bytes());
        hash.update(count.to_be_bytes());
        let random = hash
            .finalize()
            .iter()
            .take(10)
            .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        Ulid::from_parts(self.seed.timestamp_ms(), random)
    }
}

/// What [`idempotent`] takes from a route's dependencies.
pub trait IdempotencyDeps: Sync {
    /// The store of the claims.
    fn store(&self) -> &Store;

    /// Where the seed of a new claim comes from.
    fn ids(&self) -> &dyn IdSource;
}

/// Runs `act` once per `Idempotency-Key` of the caller's account; without the header it simply runs.
///
/// # Promises
/// The same key with the same body is answered as the first time, with `idempotent-replayed: true`; refusals
/// that would be the same again are stored too, those that a repeat may cure are not.
///
/// # Errors
/// [`Failure`] with `idempotency_mismatch` for another body, `idempotency_in_progress` while the first call
/// runs, `validation_failed` for a bad header, the store's, and those of `act`.
pub async fn idempotent<D, F>(
    deps: &D,
    caller: &Caller,
    request: &Request,
    act: F,
) -> Result<Response, Failure>
where
    D: IdempotencyDeps,
    F: AsyncFnOnce(ClaimedIds) -> Result<Response, Failure>,
{
    let seed = deps.ids().mint(request.now);
    let (claim, seed) = match begin(deps.store(), caller.account_id, request, seed).await? {
        Begun::Run { claim, seed } => (claim, seed),
        Begun::Answered(outcome) => return outcome,
    };
    // Boxed: what a route does is large beside the little that is done here.
    let outcome = Box::pin(act(ClaimedIds::new(seed))).await;
    if let Some(claim) = claim {
        store_answer(deps.store(), &claim, &outcome).await?;
    }
    outcome
}

/// What the header says of a call, before anything is done.
enum Begun {
    /// To be run with this seed; the answer is stored under the claim, if there is one.
    Run { claim: Option<ClaimKey>, seed: Ulid },
    /// Answered by an earlier call.
    Answered(Result<Response, Failure>),
}

async fn begin(store: &Store, account: AccountId, request: &Request, seed: Ulid) -> Result<Begun, Failure> {
    let Some(header) = request.idempotency_key()? else {
        return Ok(Begun::Run { claim: None, seed });
    };
    let claim = ClaimKey {
        account,
        route: format!("{} {}", request.method, request.path),
        key: header.to_owned(),
    };
    let body_hash = hex::encode(Sha256::digest(&request.body));
    match store.claim(&claim, &body_hash, seed, request.now).await? {
        Claim::Fresh { seed } => Ok(Begun::Run {
            claim: Some(claim),
            seed,
        }),
        Claim::Replay(answer) => Ok(Begun::Answered(replay(&answer))),
        Claim::InProgress => Err(Failure::new(ErrorCode::IdempotencyInProgress)
            .with_details(serde_json::json!({"retry_after_s": IN_PROGRESS_RETRY_S}))),
        Claim::Mismatch => Err(Failure::new(ErrorCode::IdempotencyMismatch)),
    }
}

/// Stores what a repeat is answered with, or frees the key when a repeat may do better.
async fn store_answer(
    store: &Store,
    claim: &ClaimKey,
    outcome: &Result<Response, Failure>,
) -> Result<(), Failure> {
    let answer = match outcome {
        Ok(response) => StoredAnswer {
            status: response.status.as_u16(),
            body: response.replay.as_ref().unwrap_or(&response.data).to_string(),
            location: response.headers.get("location").cloned(),
        },
        Err(failure) if failure.code.class() == Class::Caller && failure.code != ErrorCode::RateLimited => {
            StoredAnswer {
                status: failure.code.status(),
                body: failure_body(failure).to_string(),
                location: None,
            }
        }
        Err(_) => return Ok(store.release_claim(claim).await?),
    };
    Ok(store.answer(claim, &answer).await?)
}

fn failure_body(failure: &Failure) -> Value {
    serde_json::json!({"code": failure.code, "public": failure.public, "details": failure.details})
}

#[derive(serde::Deserialize)]
struct StoredFailure {
    code: ErrorCode,
    public: String,
    details: Option<Value>,
}

fn replay(answer: &StoredAnswer) -> Result<Response, Failure> {
    let corrupt = |cause: serde_json::Error| Failure::new(ErrorCode::Internal).because(cause);
    let status = StatusCode::from_u16(answer.status)
        .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
    if status.is_success() {
        let data = serde_json::from_str(&answer.body).map_err(corrupt)?;
        let mut response = Response {
            status,
            data,
            ..Response::no_content()
        };
        if let Some(location) = &answer.location {
            response = response.found_at(location);
        }
        if status == StatusCode::ACCEPTED {
            response = response.worth_asking_again();
        }
        return Ok(response.with_header(REPLAYED_HEADER, "true"));
    }
    let stored: StoredFailure = serde_json::from_str(&answer.body).map_err(corrupt)?;
    Err(Failure {
        code: stored.code,
        public: stored.public,
        details: stored.details,
        source: None,
    })
}

#[cfg(test)]
mod tests;
