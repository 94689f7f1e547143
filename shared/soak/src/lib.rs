//! The proof of the ledger: random lives of accounts on the real store, beside a model that is too simple to be wrong.
//!
//! Each run is one account: grants, claw backs, corrections, starts, steps, ends and resumes, one by one or several at
//! once, again and late, while days pass, answers get lost, transactions meet, DynamoDB throttles and the process dies
//! before or after any call. A command is delivered until it has a definite answer, as every caller of the store does.
//! After each round the wallet is compared with the model lot by lot, and at the end `store::audit` reads every row.
//!
//! # Promises
//! A seed fixes everything: [`soak`] of one run from the seed of a failure fails again in the same way.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a proof stops where something is wrong"
)]

use std::thread;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use domain::Credits;
use ledger::{Grant, Origin};
use store::{Store, Tables};
use tokio::runtime::Builder;

use wire::Wire;

mod bench;
mod chance;
mod command;
mod courier;
mod customer;
mod database;
mod model;
mod mutations;
mod plan;
mod run;
mod verdict;
mod wire;

pub use bench::bench;
pub use mutations::mutations;
pub use verdict::Verdict;

/// Threads when the machine does not say how many it can run at once.
const THREADS: usize = 2;

/// Runs with the seeds `first`, `first + 1`, ...
///
/// # Limits
/// A seed is also the number of its account.
pub fn soak(first: u64, runs: u64) -> Verdict {
    let threads = thread::available_parallelism().map_or(THREADS, usize::from);
    let threads = u64::try_from(threads).unwrap_or(1).min(runs);
    let mut sum = Verdict::default();
    thread::scope(|scope| {
        let begun: Vec<_> = (0..threads)
            .map(|thread| {
                let step = usize::try_from(threads).unwrap_or(1);
                let seeds = (first + thread..first + runs).step_by(step);
                scope.spawn(move || on_one_thread(seeds))
            })
            .collect();
        for thread in begun {
            sum.add(thread.join().expect("a run does not panic"));
        }
    });
    sum
}

fn on_one_thread(seeds: impl Iterator<Item = u64>) -> Verdict {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let wire = Wire::new();
    let store = store_on(&wire);
    let settings = customer::settings();
    let mut sum = Verdict::default();
    runtime.block_on(async {
        for seed in seeds {
            wire.database(database::Database::clear);
            sum.add(run::play(seed, &store, &wire, &settings).await);
        }
    });
    sum
}

/// A purchase.
fn grant_of(customer: &mut customer::Customer, key: &str, credits: u64) -> Grant {
    Grant {
        key: key.to_owned(),
        lot_id: customer.lot_id(),
        transaction_id: customer.transaction_id(),
        origin: Origin::Purchase,
        credits: Credits::new(credits),
        expires_at: customer.now.plus_days(Origin::Purchase.days()),
        note: None,
    }
}

/// The real store at the end of a line; it does not wait between two tries.
fn store_on(wire: &Wire) -> Store {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "soak"))
        .endpoint_url("http://localhost")
        .http_client(wire.http_client())
        .retry_config(RetryConfig::disabled())
        // Nobody checks a signature here, and it takes a tenth of a call.
        .allow_no_auth()
        .auth_scheme_preference([AuthSchemeId::from("noAuth")])
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    let tables = Tables {
        ledger: "ledger".to_owned(),
        studio: "studio".to_owned(),
        ephemeral: "ephemeral".to_owned(),
    };
    Store::new(Client::from_conf(config), tables).pausing(|_| Box::pin(std::future::ready(())))
}

#[cfg(test)]
mod tests;
