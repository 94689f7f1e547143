//! Providers that run here: stateful, clickable, and as unreliable as a test asks.
//!
//! A test starts one in process; the binary `fake-providers` runs them for a local stack.
//! Today these are the payment providers; each other kind of provider is a module beside [`payments`].
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a fake stops the test where something is wrong"
)]

pub mod payments;
