//! The type of an item, as the SDK has it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// Attributes by name.
pub(crate) type Item = HashMap<String, AttributeValue>;
