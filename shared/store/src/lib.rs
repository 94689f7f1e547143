//! DynamoDB: every item, key and conditional write; the only crate that names an attribute.
