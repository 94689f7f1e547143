//! Tests of `executions`.
