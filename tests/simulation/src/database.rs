//! A DynamoDB in memory: exactly what our store asks of it, and a refusal of everything else.
//!
//! `dynoxide` plays the same part in the other tests and has its items in `SQLite`; the simulation needs a database that
//! costs microseconds. That both answer the same is a test of this crate. Here each item also has its last state
//! but one, for reads that may be stale, and single clauses of conditions can be switched off.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use expression::{Condition, Words};
use update::Update;

mod expression;
mod grammar;
mod guard;
mod path;
mod query;
mod transaction;
mod update;

pub(crate) use expression::Item;
pub(crate) use guard::{Guard, Guards};

/// Sort key of an item that stands alone in its partition.
const ALONE: &str = "-";

/// A refusal, as DynamoDB answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Name of the exception.
    pub(crate) name: &'static str,
    /// In words.
    pub(crate) message: String,
    /// One reason per write of a transaction.
    pub(crate) reasons: Vec<&'static str>,
}

impl Refusal {
    fn failed() -> Self {
        Self::new(
            "ConditionalCheckFailedException",
            "The conditional request failed",
        )
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// An exception without reasons.
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
            reasons: Vec::new(),
        }
    }

    /// The body of its answer.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({
            "__type": format!("com.amazonaws.dynamodb.v20120810#{}", self.name),
            "message": self.message,
        });
        if !self.reasons.is_empty() {
            body["CancellationReasons"] = self.reasons.iter().map(|code| json!({"Code": code})).collect();
        }
        body
    }
}

/// What a read answers that did not ask to be consistent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// The last state, as it happens.
    Latest,
    /// The state before the last write.
    MayBeOld,
}

/// An item and its state before the last write.
#[derive(Debug, Default)]
struct Row {
    now: Option<Item>,
    before: Option<Item>,
}

/// Table and partition.
type Place = (String, String);

/// The database.
#[derive(Debug, Default)]
pub(crate) struct Database {
    partitions: HashMap<Place, BTreeMap<String, Row>>,
    conditions: HashMap<String, Arc<Condition>>,
    updates: HashMap<String, Arc<Update>>,
    /// Which guards were seen, and which are switched off.
    pub(crate) guards: Guards,
}

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct At {
    table: String,
    pk: String,
    sk: String,
}

/// A write that passed its condition: the item after it.
struct Written {
    at: At,
    item: Option<Item>,
    answer: Item,
}

impl Database {
    /// Forgets every item; what was read of expressions stays.
    pub(crate) fn clear(&mut self) {
        self.partitions.clear();
    }

    /// The items of an account in a table whose sort key has a prefix, with what comes after it.
    pub(crate) fn items(&self, table: &str, account: &str, prefix: &str) -> Vec<(String, Item)> {
        let place = (table.to_owned(), format!("ACCT#{account}"));
        let rows = self.partitions.get(&place).into_iter().flatten();
        rows.filter_map(|(sk, row)| Some((sk.strip_prefix(prefix)?.to_owned(), row.now.clone()?)))
            .collect()
    }

    /// Does one call.
    ///
    /// # Errors
    /// As DynamoDB; [`Refusal`] of the kind `ValidationException` also for what is not known here.
    pub(crate) fn call(
        &mut self,
        operation: &str,
        request: &Value,
        freshness: Freshness,
    ) -> Result<Value, Refusal> {
        match operation {
            "GetItem" => self.get(request, freshness),
            "Query" => self.query(request, freshness),
            "PutItem" | "UpdateItem" | "DeleteItem" => self.write_one(operation, request),
            "TransactWriteItems" => self.transact(request),
            other => Err(Refusal::invalid(format!("no operation {other}"))),
        }
    }

    fn get(&mut self, request: &Value, freshness: Freshness) -> Result<Value, Refusal> {
        only(request, &["TableName", "Key", "ConsistentRead"])?;
        let at = At::of(request, &request["Key"])?;
        let is_stale = freshness == Freshness::MayBeOld && !self.is_consistent(request, &at.table, &at.sk);
        let row = self.row(&at);
        let item = row.and_then(|row| {
            if is_stale {
                row.before.clone()
            } else {
                row.now.clone()
            }
        });
        Ok(item.map_or_else(|| json!({}), |item| json!({"Item": item})))
    }

    /// Whether a read is consistent: asked for, and not switched off.
    fn is_consistent(&mut self, request: &Value, table: &str, sk: &str) -> bool {
        request["ConsistentRead"] == true && self.guards.is_on(|| Guard::read(table, sk))
    }

    fn row(&self, at: &At) -> Option<&Row> {
        self.partitions
            .get(&(at.table.clone(), at.pk.clone()))
            .and_then(|partition| partition.get(&at.sk))
    }

    fn write_one(&mut self, operation: &str, request: &Value) -> Result<Value, Refusal> {
        let act = operation.trim_end_matches("Item");
        let written = self.decide(act, request)?.ok_or_else(Refusal::failed)?;
        let answer = match request["ReturnValues"].as_str() {
            None | Some("NONE") => json!({}),
            Some("UPDATED_NEW") => json!({"Attributes": written.answer}),
            Some(other) => return Err(Refusal::invalid(format!("no {other}"))),
        };
        self.apply(written);
        Ok(answer)
    }

    /// What a write would leave; nothing when its condition fails.
    fn decide(&mut self, act: &str, request: &Value) -> Result<Option<Written>, Refusal> {
        only(
            request,
            &[
                "TableName",
                "Item",
                "Key",
                "UpdateExpression",
                "ConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                "ReturnValues",
            ],
        )?;
        let put = request["Item"].as_object();
        let at = At::of(
            request,
            if act == "Put" {
                &request["Item"]
            } else {
                &request["Key"]
            },
        )?;
        let words = Words::of(request);
        if let Some(text) = request["ConditionExpression"].as_str() {
            let condition = self.condition(text)?;
            if !self.holds(act, &at, &condition, words)? {
                return Ok(None);
            }
        }
        let (item, answer) = match act {
            "Put" => (put.cloned(), Item::new()),
            "Update" => {
                let text = request["UpdateExpression"].as_str().unwrap_or_default();
                let update = self.update(text)?;
                let before = self.row(&at).and_then(|row| row.now.clone());
                let before = before.unwrap_or_else(|| at.key());
                let (after, answer) = update.on(&before, words).map_err(Refusal::invalid)?;
                (Some(after), answer)
            }
            "Delete" => (None, Item::new()),
            "ConditionCheck" => (self.row(&at).and_then(|row| row.now.clone()), Item::new()),
            other => return Err(Refusal::invalid(format!("no write {other}"))),
        };
        Ok(Some(Written { at, item, answer }))
    }

    fn holds(
        &mut self,
        act: &str,
        at: &At,
        condition: &Condition,
        words: Words<'_>,
    ) -> Result<bool, Refusal> {
        let nothing = Item::new();
        let mut all = true;
        for clause in &condition.clauses {
            let item = self.row(at).and_then(|row| row.now.as_ref()).unwrap_or(&nothing);
            let holds = clause.holds(item, words).map_err(Refusal::invalid)?;
            let is_on = self
                .guards
                .is_on(|| Guard::clause(act, &at.table, at.name(), clause));
            all &= holds || !is_on;
        }
        Ok(all)
    }

    fn apply(&mut self, written: Written) {
        let Written { at, item, .. } = written;
        let partition = self.partitions.entry((at.table, at.pk)).or_default();
        let row = partition.entry(at.sk).or_default();
        row.before = std::mem::replace(&mut row.now, item);
    }

    fn condition(&mut self, text: &str) -> Result<Arc<Condition>, Refusal> {
        if let Some(known) = self.conditions.get(text) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(grammar::condition(text).map_err(Refusal::invalid)?);
        self.conditions.insert(text.to_owned(), Arc::clone(&read));
        Ok(read)
    }

    fn update(&mut self, text: &str) -> Result<Arc<Update>, Refusal> {
        if let Some(known) = self.updates.get(text) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(grammar::update(text).map_err(Refusal::invalid)?);
        self.updates.insert(text.to_owned(), Arc::clone(&read));
        Ok(read)
    }
}

impl At {
    fn of(request: &Value, key: &Value) -> Result<Self, Refusal> {
        let word = |value: &Value| value.as_str().map(str::to_owned);
        let place = (
            word(&request["TableName"]),
            word(&key["pk"]["S"]),
            word(&key["sk"]["S"]),
        );
        let (Some(table), Some(pk), Some(sk)) = place else {
            return Err(Refusal::invalid("a table, a pk and an sk are needed"));
        };
        Ok(Self { table, pk, sk })
    }

    /// What a guard of the item is named by: its sort key, or its partition key when it stands alone there.
    fn name(&self) -> &str {
        if self.sk == ALONE { &self.pk } else { &self.sk }
    }

    fn key(&self) -> Item {
        Item::from_iter([
            ("pk".to_owned(), json!({"S": self.pk})),
            ("sk".to_owned(), json!({"S": self.sk})),
        ])
    }
}

/// Refuses fields that would change what a request means.
fn only(request: &Value, known: &[&str]) -> Result<(), Refusal> {
    let fields = request.as_object().ok_or_else(|| Refusal::invalid("no object"))?;
    match fields.keys().find(|field| !known.contains(&field.as_str())) {
        Some(field) => Err(Refusal::invalid(format!("no field {field}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
