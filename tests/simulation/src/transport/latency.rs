//! Calls that take a time, for what is measured beside another design: many are on their way at once.

use std::time::Duration;

use serde_json::Value;

use super::{Transport, conflict, refused};
use crate::database::Freshness;

/// How long every call takes, and whether transactions that overlap on an item refuse each other.
///
/// DynamoDB does so, and no local one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    pub(crate) per_call: Duration,
    pub(crate) conflicts: bool,
}

impl Transport {
    /// Lets every call take a time, and nothing fail at random.
    pub(crate) fn set_latency(&self, latency: Latency) {
        self.state().latency = Some(latency);
    }

    pub(super) async fn delayed(&self, latency: Latency, operation: &str, request: &Value) -> (u16, Vec<u8>) {
        let items = if latency.conflicts {
            places(request)
        } else {
            Vec::new()
        };
        let is_free = {
            let mut state = self.state();
            let is_free =
                operation != "TransactWriteItems" || !items.iter().any(|item| state.busy.contains(item));
            if is_free && operation == "TransactWriteItems" {
                state.busy.extend(items.iter().cloned());
            }
            is_free
        };
        tokio::time::sleep(latency.per_call).await;
        if !is_free {
            return refused(400, &conflict(request));
        }
        let mut state = self.state();
        state.busy.retain(|busy| !items.contains(busy));
        state.calls += 1;
        match state.database.call(operation, request, Freshness::Latest) {
            Ok(answer) => (200, answer.to_string().into_bytes()),
            Err(refusal) => refused(400, &refusal),
        }
    }
}

/// Every item that a transaction writes.
fn places(request: &Value) -> Vec<String> {
    let parts = request["TransactItems"].as_array().into_iter().flatten();
    let writes = parts
        .filter_map(Value::as_object)
        .flat_map(serde_json::Map::values);
    writes
        .map(|write| {
            let key = if write["Item"].is_object() {
                &write["Item"]
            } else {
                &write["Key"]
            };
            format!("{} {} {}", write["TableName"], key["pk"]["S"], key["sk"]["S"])
        })
        .collect()
}
