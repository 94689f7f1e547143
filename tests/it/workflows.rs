//! Every state machine, walked in process with the functions' own handlers on the real store.

mod chunks;
mod executions;
mod own_pictures;
mod parts;
mod reconcile;
mod reuse;
mod shortform;
mod vendors;
pub(crate) mod world;
