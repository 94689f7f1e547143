//! The three runners, logging, configuration and AWS clients; also the feature floor of the workspace.
//!
//! A function's `main` is one call of [`http()`], [`task()`] or [`queue()`].
//! Everything else here is what `Deps::connect` builds: clients from an [`Env`], the clock and the id source.
//!
//! Feature floor: every third-party crate that functions share is a dependency of this one, with every feature
//! that any of them needs, so that building one function resolves the same features as building all.

mod aws;
mod env;
mod error_chain;
mod executions;
mod http;
mod logging;
mod mail;
mod people;
mod queue;
mod sdk_error;
mod seams;
mod sqs_queue;
mod task;
mod tokens;

pub use aws::{
    Aws, Secrets, aws, executions, mailer, objects, people, provider_secrets, secret, sqs_queue, store,
    tokens, web,
};
pub use env::{Env, StartError};
pub use executions::StepFunctions;
pub use http::{Answer, answer, http, request_of_event};
pub use logging::{Unit, account, job, log_failure, metric};
pub use mail::SesMail;
pub use people::CognitoPeople;
pub use queue::queue;
pub use seams::{RandomIds, SystemClock, SystemEntropy};
pub use sqs_queue::SqsQueue;
pub use task::{Tick, task};
pub use tokens::CognitoTokens;
