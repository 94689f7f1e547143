//! The three runners, logging, configuration and AWS clients; also the feature floor of the workspace.
//!
//! A function's `main` is one call of [`http()`], [`task()`] or [`queue()`].
//! Everything else here is what `Deps::connect` builds: clients from an [`Env`], the clock and the id source.
//!
//! Feature floor: every third-party crate that functions share is a dependency of this one, with every feature
//! that any of them needs, so that building one function resolves the same features as building all.

mod accounts_queue;
mod aws;
mod env;
mod error_chain;
mod executions;
mod http;
mod jobs_queue;
mod logging;
mod mail;
mod people;
mod queue;
mod sdk_error;
mod seams;
mod task;
mod text_queue;
mod tokens;

pub use accounts_queue::AccountsQueue;
pub use aws::{
    Aws, accounts_queue, aws, executions, jobs_queue, mailer, objects, people, providers, secret, store,
    text_queue, tokens, web,
};
pub use env::{Env, StartError};
pub use executions::StepFunctions;
pub use http::{Answer, answer, http, request_of_event};
pub use jobs_queue::JobsQueue;
pub use logging::{Unit, account, job, log_failure, metric};
pub use mail::SesMail;
pub use people::CognitoPeople;
pub use queue::{BatchAnswer, queue};
pub use seams::{RandomIds, SystemClock, SystemEntropy};
pub use task::{Tick, task};
pub use text_queue::TextQueue;
pub use tokens::CognitoTokens;
