//! One conditional write, alone or as a part of a [`Transaction`](crate::dynamo::transaction::Transaction).

use std::collections::HashMap;
use std::error::Error;

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, ReturnValue, TransactWriteItem, Update};

use crate::dynamo::item::Item;
use crate::dynamo::keys::Key;
use crate::{Store, StoreError};

/// What is written.
#[derive(Debug, Clone)]
enum Act {
    Put(Item),
    Update { key: Key, expression: String },
    Delete(Key),
}

/// A conditional write.
///
/// `#word` in an expression is the attribute `word`, so that no reserved word can hurt; a name that is not a word of
/// the code (a scene's number, a step) is given by [`Self::name`].
#[derive(Debug, Clone)]
pub(crate) struct Write {
    table: String,
    act: Act,
    /// None when another write of the same transaction has the condition.
    condition: Option<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Write {
    pub(crate) fn put(table: &str, item: Item, condition: &str) -> Self {
        Self::new(table, Act::Put(item), Some(condition))
    }

    /// A put without a condition of its own, for a transaction in which the condition of another part stands for it.
    pub(crate) fn put_unconditional(table: &str, item: Item) -> Self {
        Self::new(table, Act::Put(item), None)
    }

    pub(crate) fn update(table: &str, key: Key, expression: &str, condition: &str) -> Self {
        let expression = expression.to_owned();
        Self::new(table, Act::Update { key, expression }, Some(condition))
    }

    /// As [`Self::put_unconditional`].
    pub(crate) fn update_unconditional(table: &str, key: Key, expression: &str) -> Self {
        let expression = expression.to_owned();
        Self::new(table, Act::Update { key, expression }, None)
    }

    pub(crate) fn delete(table: &str, key: Key, condition: &str) -> Self {
        Self::new(table, Act::Delete(key), Some(condition))
    }

    /// As [`Self::put_unconditional`]; of what is not there it deletes nothing.
    pub(crate) fn delete_unconditional(table: &str, key: Key) -> Self {
        Self::new(table, Act::Delete(key), None)
    }

    fn new(table: &str, act: Act, condition: Option<&str>) -> Self {
        let mut names = HashMap::new();
        let update = match &act {
            Act::Update { expression, .. } => expression.as_str(),
            Act::Put(_) | Act::Delete(_) => "",
        };
        for expression in [update, condition.unwrap_or_default()] {
            for part in expression.split('#').skip(1) {
                let word: String = part
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                names.insert(format!("#{word}"), word);
            }
        }
        Self {
            table: table.to_owned(),
            act,
            condition: condition.map(str::to_owned),
            names,
            values: HashMap::new(),
        }
    }

    /// What `#placeholder` stands for, when it is not the word itself.
    pub(crate) fn name(mut self, placeholder: &str, attribute: &str) -> Self {
        self.names.insert(format!("#{placeholder}"), attribute.to_owned());
        self
    }

    /// What `:placeholder` stands for.
    pub(crate) fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.insert(format!(":{placeholder}"), value);
        self
    }

    fn names(&self) -> Option<HashMap<String, String>> {
        Some(self.names.clone()).filter(|names| !names.is_empty())
    }

    fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        Some(self.values.clone()).filter(|values| !values.is_empty())
    }

    pub(crate) fn into_transact(self) -> Result<TransactWriteItem, BuildError> {
        let (names, values) = (self.names(), self.values());
        let part = TransactWriteItem::builder();
        Ok(match self.act {
            Act::Put(item) => part.put(
                Put::builder()
                    .table_name(self.table)
                    .set_item(Some(item))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Act::Update { key, expression } => part.update(
                Update::builder()
                    .table_name(self.table)
                    .set_key(Some(key.into_item()))
                    .update_expression(expression)
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Act::Delete(key) => part.delete(
                Delete::builder()
                    .table_name(self.table)
                    .set_key(Some(key.into_item()))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
        }
        .build())
    }
}

impl Store {
    /// Writes; answers with the updated attributes, or with nothing when the condition failed.
    pub(crate) async fn write(
        &self,
        operation: &'static str,
        write: Write,
    ) -> Result<Option<Item>, StoreError> {
        let (names, values) = (write.names(), write.values());
        match write.act {
            Act::Put(item) => {
                let sent = self
                    .client
                    .put_item()
                    .table_name(write.table)
                    .set_item(Some(item))
                    .set_condition_expression(write.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .send();
                Ok(if_condition(operation, sent.await)?.map(|_| Item::new()))
            }
            Act::Update { key, expression } => {
                let sent = self
                    .client
                    .update_item()
                    .table_name(write.table)
                    .set_key(Some(key.into_item()))
                    .update_expression(expression)
                    .set_condition_expression(write.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values(ReturnValue::UpdatedNew)
                    .send();
                Ok(if_condition(operation, sent.await)?.map(|answer| answer.attributes.unwrap_or_default()))
            }
            Act::Delete(key) => {
                let sent = self
                    .client
                    .delete_item()
                    .table_name(write.table)
                    .set_key(Some(key.into_item()))
                    .set_condition_expression(write.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .send();
                Ok(if_condition(operation, sent.await)?.map(|_| Item::new()))
            }
        }
    }
}

/// The answer, or nothing when it says that the condition failed.
fn if_condition<T, E, R>(
    operation: &'static str,
    sent: Result<T, SdkError<E, R>>,
) -> Result<Option<T>, StoreError>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match sent {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => {
            let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
            if code == Some("ConditionalCheckFailedException") {
                Ok(None)
            } else {
                Err(StoreError::sdk(operation, error))
            }
        }
    }
}

#[cfg(test)]
mod tests;
