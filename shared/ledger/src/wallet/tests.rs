//! Tests of `wallet`.
