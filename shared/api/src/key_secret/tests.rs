//! Tests of `key_secret`.
