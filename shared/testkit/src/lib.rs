//! Fakes, an in-process DynamoDB, builders and suites for the tests; a dev-dependency only.
