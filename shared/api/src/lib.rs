//! Envelope, caller, idempotency, paging, rate limits and OpenAPI pieces of the HTTP routes.
