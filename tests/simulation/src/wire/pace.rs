//! A line whose calls take a time, for what is measured beside another design: many calls are on their way at once.

use std::time::Duration;

use serde_json::Value;

use super::{Wire, conflict, refused};
use crate::database::Freshness;

/// How long every call takes, and whether transactions that overlap on an item refuse each other.
///
/// DynamoDB does so, and no local one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) latency: Duration,
    pub(crate) conflicts: bool,
}

impl Wire {
    /// Lets every call take a time, and nothing fail by chance.
    pub(crate) fn pace(&self, pace: Pace) {
        self.line().pace = Some(pace);
    }

    pub(super) async fn paced(&self, pace: Pace, operation: &str, request: &Value) -> (u16, Vec<u8>) {
        let items = if pace.conflicts {
            places(request)
        } else {
            Vec::new()
        };
        let is_free = {
            let mut line = self.line();
            let is_free =
                operation != "TransactWriteItems" || !items.iter().any(|item| line.busy.contains(item));
            if is_free && operation == "TransactWriteItems" {
                line.busy.extend(items.iter().cloned());
            }
            is_free
        };
        tokio::time::sleep(pace.latency).await;
        if !is_free {
            return refused(400, &conflict(request));
        }
        let mut line = self.line();
        line.busy.retain(|busy| !items.contains(busy));
        line.calls += 1;
        match line.database.call(operation, request, Freshness::Latest) {
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
