//! Domain values to items and back: one attribute `body` holds the value, the others are keys and conditions.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{AccountId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;
use crate::dynamo::item::Item;
use crate::dynamo::keys::Key;

/// The attribute that holds the value.
const BODY: &str = "body";

/// An item: its key, what kind it is (for people who look into the table) and its value.
pub(crate) fn item<T: Serialize>(key: Key, kind: &str, value: &T) -> Result<Item, StoreError> {
    let mut item = key.into_item();
    item.insert("kind".to_owned(), text(kind));
    item.insert(BODY.to_owned(), encode(value)?);
    Ok(item)
}

/// A value as an attribute.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value).map_err(|error| StoreError::corrupt("encode an item", error))
}

/// The value of an item.
pub(crate) fn decode<T: DeserializeOwned>(mut item: Item) -> Result<T, StoreError> {
    let body = item
        .remove(BODY)
        .ok_or_else(|| StoreError::corrupt("decode an item", "it has no body"))?;
    serde_dynamo::from_attribute_value(body).map_err(|error| StoreError::corrupt("decode an item", error))
}

/// The value of an item that must be there.
pub(crate) fn found<T: DeserializeOwned>(what: &'static str, item: Option<Item>) -> Result<T, StoreError> {
    item.ok_or(StoreError::NotFound { what }).and_then(decode)
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A time in a condition: milliseconds, because numbers compare and texts of other lengths do not.
pub(crate) fn time(value: Timestamp) -> AttributeValue {
    number(value.as_ms())
}

/// A text attribute of an item.
pub(crate) fn text_of<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map(String::as_str)
        .ok_or_else(|| StoreError::corrupt("decode an item", format!("it has no text {name}")))
}

/// A number attribute of an item.
pub(crate) fn number_of<T: std::str::FromStr>(item: &Item, name: &str) -> Result<T, StoreError> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| StoreError::corrupt("decode an item", format!("it has no number {name}")))
}

/// The account in a partition key.
pub(crate) fn owner_of(item: &Item) -> Result<AccountId, StoreError> {
    text_of(item, "pk")?
        .strip_prefix("ACCT#")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| StoreError::corrupt("decode an item", "its partition is not an account"))
}
