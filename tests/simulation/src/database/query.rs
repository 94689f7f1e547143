//! Queries of one partition.

use serde_json::{Value, json};

use super::expression::{Condition, Item, Operand, Sign, Test, Words, text};
use super::{Database, Freshness, Refusal, only};

/// Most items of a page when the request does not say.
const LIMIT: usize = 100_000;

impl Database {
    pub(super) fn query(&mut self, request: &Value, freshness: Freshness) -> Result<Value, Refusal> {
        only(
            request,
            &[
                "TableName",
                "KeyConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                "ScanIndexForward",
                "Limit",
                "ExclusiveStartKey",
                "ConsistentRead",
            ],
        )?;
        let words = Words::of(request);
        let written = request["KeyConditionExpression"].as_str().unwrap_or_default();
        let condition = self.condition(written)?;
        let table = request["TableName"].as_str().unwrap_or_default().to_owned();
        let pk = partition(&condition, words)?;
        let prefix = prefix(&condition, words);
        let is_stale = freshness == Freshness::MayBeOld && !self.is_consistent(request, &table, &prefix);
        let forward = request["ScanIndexForward"] != false;
        let start = text(&request["ExclusiveStartKey"]["sk"]).map(str::to_owned);
        let limit = request["Limit"].as_u64().map_or(Ok(LIMIT), usize::try_from);
        let limit = limit.map_err(|_why| Refusal::invalid("no such limit"))?;

        let mut found: Vec<&Item> = Vec::new();
        for (sk, row) in self.partitions.get(&(table, pk)).into_iter().flatten() {
            let seen = if is_stale { &row.before } else { &row.now };
            let after = start
                .as_ref()
                .is_none_or(|start| if forward { sk > start } else { sk < start });
            let Some(item) = seen.as_ref().filter(|_| after) else {
                continue;
            };
            let mut is_wanted = true;
            for clause in &condition.clauses {
                is_wanted &= clause.holds(item, words).map_err(Refusal::invalid)?;
            }
            if is_wanted {
                found.push(item);
            }
        }
        if !forward {
            found.reverse();
        }
        // Cut at the limit: whether more would come is not looked at, and the next page may be empty.
        let is_cut = found.len() >= limit;
        found.truncate(limit);
        let last = found.last().filter(|_| is_cut);
        let last = last.map(|item| json!({"pk": item["pk"], "sk": item["sk"]}));
        let count = found.len();
        let mut answer = json!({"Items": found, "Count": count, "ScannedCount": count});
        if let Some(last) = last {
            answer["LastEvaluatedKey"] = last;
        }
        Ok(answer)
    }
}

/// The partition that a key condition names.
fn partition(condition: &Condition, words: Words<'_>) -> Result<String, Refusal> {
    condition
        .clauses
        .iter()
        .find_map(|clause| match clause {
            Test::Compare(Operand::Path(path), Sign::Equal, Operand::Value(value)) if path.0 == ["pk"] => {
                words.value(value).ok().and_then(text).map(str::to_owned)
            }
            _ => None,
        })
        .ok_or_else(|| Refusal::invalid("a query of one partition, pk = :value, is all that is known"))
}

/// The prefix of the sort keys that a key condition names, or none.
fn prefix(condition: &Condition, words: Words<'_>) -> String {
    let prefix = condition.clauses.iter().find_map(|clause| match clause {
        Test::BeginsWith(_, Operand::Value(value)) => words.value(value).ok().and_then(text),
        _ => None,
    });
    prefix.unwrap_or_default().to_owned()
}
