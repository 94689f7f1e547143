//! GET /v1/health
