//! Transactions: every condition is looked at, then all is written or nothing.

use serde_json::{Value, json};

use super::{At, Database, Refusal, only};

/// Most writes of one transaction.
const WRITES_MAX: usize = 100;

/// Reason of a write whose condition failed.
const FAILED: &str = "ConditionalCheckFailed";
const INVALID: &str = "ValidationError";
const NONE: &str = "None";

impl Database {
    /// # Limits
    /// `ClientRequestToken` is not looked at: here no client repeats by itself, so no two calls have the same.
    pub(super) fn transact(&mut self, request: &Value) -> Result<Value, Refusal> {
        only(request, &["TransactItems", "ClientRequestToken"])?;
        let parts = request["TransactItems"].as_array().map_or(&[][..], Vec::as_slice);
        if parts.is_empty() || parts.len() > WRITES_MAX {
            return Err(Refusal::invalid("1 to 100 writes are needed"));
        }
        let mut places: Vec<At> = Vec::new();
        let mut decided = Vec::new();
        for part in parts {
            let (act, write) = part
                .as_object()
                .and_then(|part| part.iter().next())
                .ok_or_else(|| Refusal::invalid("a write is missing"))?;
            let key = if act == "Put" {
                &write["Item"]
            } else {
                &write["Key"]
            };
            let at = At::of(write, key)?;
            if places.contains(&at) {
                return Err(Refusal::invalid(
                    "Transaction request cannot include multiple operations on one item",
                ));
            }
            places.push(at);
            decided.push(self.decide(act, write));
        }
        let reasons: Vec<&'static str> = decided
            .iter()
            .map(|decision| match decision {
                Ok(Some(_)) => NONE,
                Ok(None) => FAILED,
                Err(_) => INVALID,
            })
            .collect();
        if reasons.iter().any(|reason| *reason != NONE) {
            let said = decided.iter().find_map(|decision| decision.as_ref().err());
            return Err(Refusal {
                name: "TransactionCanceledException",
                message: format!("Transaction cancelled {reasons:?} {said:?}"),
                reasons,
            });
        }
        for written in decided.into_iter().flatten().flatten() {
            self.apply(written);
        }
        Ok(json!({}))
    }
}
