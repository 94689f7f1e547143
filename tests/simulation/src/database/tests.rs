//! The database beside `dynoxide`: the same calls, the same answers.
#![expect(
    clippy::unwrap_in_result,
    clippy::panic_in_result_fn,
    clippy::string_slice,
    reason = "answers are results here, and a test stops where something is wrong"
)]

use dynoxide::{Database as Peer, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::runtime::Builder;

use super::{Database, Freshness, Refusal};
use crate::rng::Rng;
use crate::run::{self, World};

/// Histories of accounts whose every call is compared.
const RUNS: u64 = 25;
/// Calls that nobody's store makes, compared too.
const CALLS: u64 = 4000;

/// A peer with the tables of the simulation.
fn peer() -> Peer {
    let peer = Peer::memory().expect("a database in memory");
    for name in ["ledger", "studio", "ephemeral"] {
        let table = json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        });
        ask(&table, |request| peer.create_table(request)).expect("a new table");
    }
    peer
}

fn ask<Q: DeserializeOwned, A: Serialize>(
    request: &Value,
    act: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<Value, Value> {
    let known = serde_json::from_value(request.clone()).expect("a request that the peer can read");
    match act(known) {
        Ok(answer) => Ok(serde_json::to_value(&answer).expect("an answer is JSON")),
        Err(error) => Err(serde_json::from_str(&error.to_json()).expect("an error is JSON")),
    }
}

fn answer_of(peer: &Peer, operation: &str, request: &Value) -> Result<Value, Value> {
    match operation {
        "GetItem" => ask(request, |request| peer.get_item(request)),
        "Query" => ask(request, |request| peer.query(request)),
        "PutItem" => ask(request, |request| peer.put_item(request)),
        "UpdateItem" => ask(request, |request| peer.update_item(request)),
        "DeleteItem" => ask(request, |request| peer.delete_item(request)),
        "TransactWriteItems" => ask(request, |request| peer.transact_write_items(request)),
        other => panic!("no operation {other}"),
    }
}

/// What matters of a success: items, attributes and where the next page begins.
fn facts(answer: &Value) -> Value {
    let filled = |name: &str| {
        let value = &answer[name];
        let is_empty = value.as_object().is_some_and(serde_json::Map::is_empty);
        if is_empty { Value::Null } else { value.clone() }
    };
    json!([
        filled("Item"),
        filled("Items"),
        filled("Attributes"),
        filled("LastEvaluatedKey")
    ])
}

/// What matters of a refusal: its name, and the reason of each write.
fn reasons(refusal: &Value) -> Value {
    let name = refusal["__type"].as_str().unwrap_or_default();
    let name = name.rsplit('#').next().unwrap_or_default();
    let codes = refusal["CancellationReasons"].as_array();
    let codes: Vec<&Value> = codes
        .into_iter()
        .flatten()
        .map(|reason| &reason["Code"])
        .collect();
    json!([name, codes])
}

fn same(operation: &str, request: &Value, ours: &Result<Value, Refusal>, peer: &Result<Value, Value>) {
    let ours = ours.clone().map_err(|refusal| refusal.body());
    let ours = ours
        .map(|answer| facts(&answer))
        .map_err(|refusal| reasons(&refusal));
    let theirs = peer.as_ref().map(facts).map_err(reasons);
    assert_eq!(ours, theirs, "{operation} {request:#}\n{peer:#?}");
}

#[test]
fn every_call_of_the_store_is_answered_as_by_the_peer() {
    let world = World::new().expect("a world");
    let transport = &world.transport;
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let mut calls = 0;
    for seed in 1..=RUNS {
        transport.database(Database::clear);
        transport.record_calls();
        let tally = runtime.block_on(run::run_one(seed, &world));
        assert!(tally.is_clean(), "{:?}", tally.messages);
        let peer = peer();
        for call in transport.take_calls() {
            let theirs = answer_of(&peer, &call.operation, &call.request);
            same(&call.operation, &call.request, &call.answer, &theirs);
            calls += 1;
        }
    }
    assert!(calls > RUNS * 20, "{calls}");
}

#[test]
fn any_call_of_what_is_known_is_answered_as_by_the_peer() {
    let mut rng = Rng::of(7);
    let (mut ours, mut peers) = (Database::default(), peer());
    for call in 0..CALLS {
        if call % 500 == 0 {
            // Small databases: conditions then fail and hold about as often.
            ours.clear();
            peers = peer();
        }
        let (operation, request) = some_call(&mut rng);
        let answer = ours.call(operation, &request, Freshness::Latest);
        let theirs = answer_of(&peers, operation, &request);
        same(operation, &request, &answer, &theirs);
    }
}

fn some_call(rng: &mut Rng) -> (&'static str, Value) {
    match rng.below(10) {
        0 => {
            let read = json!({"TableName": "ledger", "Key": key(rng), "ConsistentRead": true});
            ("GetItem", read)
        }
        1 => ("Query", some_query(rng)),
        2 | 3 => ("PutItem", some_write("Put", rng)),
        4..7 => {
            let mut write = some_write("Update", rng);
            if rng.percent(50) {
                write["ReturnValues"] = json!("UPDATED_NEW");
            }
            ("UpdateItem", write)
        }
        7 => ("DeleteItem", some_write("Delete", rng)),
        _ => {
            let acts = ["Put", "Update", "Delete", "ConditionCheck"];
            let parts: Vec<Value> = (0..=rng.below(3))
                .map(|_| {
                    let act = *rng.pick(&acts).expect("four acts");
                    json!({act: some_write(act, rng)})
                })
                .collect();
            ("TransactWriteItems", json!({"TransactItems": parts}))
        }
    }
}

fn key(rng: &mut Rng) -> Value {
    json!({"pk": {"S": "ACCT#1"}, "sk": {"S": format!("JOB#{}", rng.below(4))}})
}

fn some_query(rng: &mut Rng) -> Value {
    let mut query = json!({
        "TableName": "ledger",
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
        "ExpressionAttributeValues": {":pk": {"S": "ACCT#1"}, ":prefix": {"S": "JOB#"}},
        "ScanIndexForward": rng.percent(50),
        "ConsistentRead": true,
    });
    if rng.percent(50) {
        query["Limit"] = json!(1 + rng.below(5));
    }
    if rng.percent(30) {
        query["ExclusiveStartKey"] = key(rng);
    }
    query
}

/// Conditions of every kind that is known.
const CONDITIONS: &[&str] = &[
    "attribute_not_exists(pk)",
    "attribute_exists(pk)",
    "#body.#version = :number",
    "#body.#version <> :number AND attribute_exists(pk)",
    "#body.#state IN (:open, :other)",
    "attribute_not_exists(#body.#state) OR #body.#state = :open",
    "#body.#version < :number",
    "#body.#version >= :number AND (#body.#state = :open OR NOT #body.#state = :other)",
    "#top <= :number",
    "#top BETWEEN :number AND :other_number",
    "begins_with(#body.#state, :prefix)",
    "attribute_not_exists(#top) OR #top > :number",
];

const UPDATES: &[&str] = &[
    "SET #body.#version = :number",
    "SET #body.#state = :open, #body.#version = #body.#version + :number",
    "SET #top = if_not_exists(#top, :number) REMOVE #body.#state",
    "ADD #top :number",
    "SET #body.#version = if_not_exists(#body.#version, :number) + :number ADD #top :number",
    "SET #body.#version = #body.#version - :number",
    "REMOVE #top, #body.#state",
    "SET #body.#deep.#state = :open",
];

fn some_write(act: &str, rng: &mut Rng) -> Value {
    let mut write = json!({"TableName": "ledger"});
    let mut texts = Vec::new();
    if act == "Put" {
        let mut item = key(rng);
        let number = |rng: &mut Rng| json!({"N": rng.below(4).to_string()});
        let mut body = json!({"version": number(rng)});
        if rng.percent(60) {
            body["state"] = json!({"S": if rng.percent(50) { "open" } else { "other" }});
        }
        if rng.percent(60) {
            item["top"] = number(rng);
        }
        if rng.percent(80) {
            item["body"] = json!({"M": body});
        }
        write["Item"] = item;
    } else {
        write["Key"] = key(rng);
    }
    if act == "Update" {
        let text = *rng.pick(UPDATES).expect("updates");
        write["UpdateExpression"] = json!(text);
        texts.push(text);
    }
    if act == "ConditionCheck" || rng.percent(70) {
        let text = *rng.pick(CONDITIONS).expect("conditions");
        write["ConditionExpression"] = json!(text);
        texts.push(text);
    }
    let used = |word: &str| {
        let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        texts.iter().any(|text| {
            let mut found = text.match_indices(word);
            found.any(|(place, _)| is_end(&text[place + word.len()..]))
        })
    };
    let names = ["body", "version", "state", "top", "deep"];
    let names: Vec<&str> = names
        .into_iter()
        .filter(|name| used(&format!("#{name}")))
        .collect();
    if !names.is_empty() {
        write["ExpressionAttributeNames"] = names
            .iter()
            .map(|name| (format!("#{name}"), json!(name)))
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    let values = [
        (":number", json!({"N": rng.below(4).to_string()})),
        (":other_number", json!({"N": "5"})),
        (":open", json!({"S": "open"})),
        (":other", json!({"S": "other"})),
        (":prefix", json!({"S": "op"})),
    ];
    let values: serde_json::Map<_, _> = values
        .into_iter()
        .filter(|(name, _)| used(name))
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    if !values.is_empty() {
        write["ExpressionAttributeValues"] = values.into();
    }
    write
}
