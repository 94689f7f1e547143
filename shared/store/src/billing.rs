//! Money that customers paid: payments and what they granted, subscriptions, and the events that told of them.

pub mod events;
pub mod grants;
pub mod payments;
pub mod places;
pub mod subscriptions;
