//! The proof of the ledger: random histories of accounts on the real store, beside a model that is too simple to be wrong.
//!
//! Each run is one account: sign-up, projects, limits, grants, claw backs, corrections, starts, extensions, steps, ends
//! and resumes, consumption, give-backs and resets, one by one or several at once, again and late, while days pass,
//! answers get lost, transactions meet, DynamoDB throttles and the process dies before or after any call. A command is
//! delivered until it has a definite answer, as every caller of the store does. After each batch the wallet is compared
//! with the model lot by lot, at the end `store::audit` reads every row, and every row is compared with the model.
//!
//! # Promises
//! A seed fixes everything: [`simulate`] of one run from the seed of a failure fails again in the same way.
#![expect(
    clippy::indexing_slicing,
    reason = "of JSON: what is not there is null, and is written into objects only"
)]

use std::sync::Arc;
use std::thread;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use store::{Store, Tables};
use tokio::runtime::{Builder, Runtime};

use customer::Fixture;
use run::World;
use transport::Transport;

mod bench;
mod command;
mod customer;
mod database;
mod driver;
mod error;
mod model;
mod mutations;
mod plan;
mod rng;
mod rows;
mod run;
mod tally;
mod transport;

pub use bench::bench;
pub use error::SimulationError;
pub use mutations::mutations;
pub use tally::Tally;

/// Threads when the machine does not say how many it can run at once.
const THREADS: usize = 2;

/// Runs with the seeds `first`, `first + 1`, ...
///
/// # Limits
/// A seed is also the number of its account.
///
/// # Errors
/// When the runs could not be made; what they found is in the tally.
pub fn simulate(first: u64, runs: u64) -> Result<Tally, SimulationError> {
    let threads = thread::available_parallelism().map_or(THREADS, usize::from);
    let threads = u64::try_from(threads).unwrap_or(1).min(runs);
    let mut sum = Tally::default();
    thread::scope(|scope| {
        let begun: Vec<_> = (0..threads)
            .map(|thread| {
                let step = usize::try_from(threads).unwrap_or(1);
                let seeds = (first + thread..first + runs).step_by(step);
                scope.spawn(move || on_one_thread(seeds))
            })
            .collect();
        for thread in begun {
            sum.add(thread.join().map_err(|_panic| SimulationError::Thread)??);
        }
        Ok(sum)
    })
}

fn on_one_thread(seeds: impl Iterator<Item = u64>) -> Result<Tally, SimulationError> {
    let world = World::new()?;
    let mut sum = Tally::default();
    runtime()?.block_on(async {
        for seed in seeds {
            world.transport.database(database::Database::clear);
            sum.add(run::run_one(seed, &world).await);
        }
    });
    Ok(sum)
}

fn runtime() -> Result<Runtime, SimulationError> {
    let runtime = Builder::new_current_thread().enable_time().enable_io().build();
    runtime.map_err(SimulationError::Runtime)
}

impl World {
    /// The real store on an empty database.
    fn new() -> Result<Self, SimulationError> {
        let transport = Transport::new();
        Ok(Self {
            store: store_on(&transport),
            transport,
            fixture: Arc::new(Fixture::new()?),
        })
    }
}

/// The real store on this transport; it does not wait between two tries.
fn store_on(transport: &Transport) -> Store {
    let tables = Tables {
        ledger: "ledger".to_owned(),
        studio: "studio".to_owned(),
        ephemeral: "ephemeral".to_owned(),
    };
    Store::new(client_on(transport), tables).sleeping(|_| Box::pin(std::future::ready(())))
}

/// The real SDK on this transport.
fn client_on(transport: &Transport) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "simulation"))
        .endpoint_url("http://localhost")
        .http_client(transport.http_client())
        .retry_config(RetryConfig::disabled())
        // Nobody checks a signature here, and it takes a tenth of a call.
        .allow_no_auth()
        .auth_scheme_preference([AuthSchemeId::from("noAuth")])
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    Client::from_conf(config)
}

#[cfg(test)]
mod tests;
