//! What every group stands on: the tables, keys, codec, conditional writes, transactions and retries.
//!
//! Start with [`tables`]: it has [`Store`](crate::Store) and the few ways in which everything is read.

pub(crate) mod backoff;
pub(crate) mod codec;
pub(crate) mod item;
pub(crate) mod keys;
pub(crate) mod tables;
pub(crate) mod transaction;
pub(crate) mod write;
