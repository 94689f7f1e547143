//! The same work on the usual design: a Redis lock around check and write, over the same database.
//!
//! Fair to it: every call of the database takes the same time for both; the lock is taken as late and held as short as
//! can be (limits are read before it, the writes are one transaction); it is one `SET NX PX` with a token, is given back
//! by a script that compares the token, and who waits asks again after 1 to 4 ms.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::QuotaKind;
use domain::job::JobKind;
use serde_json::{Value, json};
use store::{Consumption, Store, Tables, UsedFor};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{HELD, purchase, rounded};
use crate::customer::Customer;
use crate::rng::Rng;
use crate::run::World;
use crate::transport::Latency;
use crate::{SimulationError, client_on, runtime};

/// Milliseconds of every call of the database.
const LATENCY_MS: u64 = 5;
/// Callers of one account at once: those of the quota's own proof.
const CALLERS: u64 = 50;
/// Accounts that this is done with, one after the other.
const ROUNDS: u64 = 10;
/// Milliseconds for which a lock is held at most.
const LEASE_MS: &str = "10000";
/// Gives a lock back to nobody, if it is still ours.
const RELEASE: &str =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

/// Which work.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// A check-and-consume.
    Quota,
    /// A hold.
    Hold,
}

/// Measures both designs; how many times as fast ours is.
///
/// # Errors
/// When Redis is not at `address`, or something is refused.
pub(crate) fn against(address: &str) -> Result<Value, SimulationError> {
    let mut figures = json!({
        "ledger.vs_redis_lock_work": "50 callers of one account at once, 5 ms for each call of the database",
    });
    for (work, name) in [
        (Work::Quota, "ledger.vs_redis_lock"),
        (Work::Hold, "ledger.vs_redis_lock_holds"),
    ] {
        for (conflicts, end) in [(false, ""), (true, "_with_conflicts")] {
            let latency = Latency {
                per_call: Duration::from_millis(LATENCY_MS),
                conflicts,
            };
            let (ours, theirs) = runtime()?.block_on(both(address, work, latency))?;
            figures[format!("{name}{end}")] = json!(rounded(theirs / ours));
            figures[format!("{name}{end}_ms")] = json!([rounded(ours), rounded(theirs)]);
        }
    }
    Ok(figures)
}

/// Milliseconds of a round of ours and of one of theirs, on average.
async fn both(address: &str, work: Work, latency: Latency) -> Result<(f64, f64), SimulationError> {
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let world = World::new()?;
        let customers = prepared(&world, work).await?;
        world.transport.set_latency(latency);
        ours += round_of(&world, work, customers, None, round).await?;
        let world = World::new()?;
        let customers = prepared(&world, work).await?;
        world.transport.set_latency(latency);
        theirs += round_of(&world, work, customers, Some(address), round).await?;
    }
    let count = f64::from(u32::try_from(ROUNDS).unwrap_or(u32::MAX));
    let average = |time: Duration| time.as_secs_f64() * 1000.0 / count;
    Ok((average(ours), average(theirs)))
}

/// A job to be held for, or a call to be counted, by each caller.
struct Caller {
    customer: Customer,
    job: domain::job::Job,
    number: u64,
}

async fn prepared(world: &World, work: Work) -> Result<Vec<Caller>, SimulationError> {
    let mut owner = Customer::of(1);
    let store = &world.store;
    store.ensure_account(owner.profile(), None, owner.now).await?;
    store
        .grant(owner.account, purchase(&mut owner, CALLERS * HELD), owner.now)
        .await?;
    let mut callers = Vec::new();
    for number in 0..CALLERS {
        let project = owner.project(&world.fixture.settings);
        if matches!(work, Work::Hold) {
            store.create_project(&project).await?;
        }
        let mut customer = Customer::of(1);
        customer.reseed(number);
        callers.push(Caller {
            job: owner.job(&project, JobKind::GenerateVoice, HELD),
            customer,
            number,
        });
    }
    Ok(callers)
}

async fn round_of(
    world: &World,
    work: Work,
    callers: Vec<Caller>,
    redis: Option<&str>,
    round: u64,
) -> Result<Duration, SimulationError> {
    // One client for both designs' callers, made before the clock runs: making fifty takes as long as their work.
    let client = client_on(&world.transport);
    let store = Store::new(client.clone(), tables());
    let mut peers = Vec::new();
    for caller in callers {
        let connection = match redis {
            Some(address) => Some(Redis::connect(address).await?),
            None => None,
        };
        peers.push((caller, connection));
    }
    let mut all = JoinSet::new();
    let began = Instant::now();
    for (mut caller, connection) in peers {
        let (store, client) = (store.clone(), client.clone());
        all.spawn(async move {
            match connection {
                Some(redis) => locked(&client, redis, work, &caller, round).await,
                None => direct(&store, work, &mut caller).await,
            }
        });
    }
    while let Some(done) = all.join_next().await {
        done.map_err(|_panic| SimulationError::Thread)??;
    }
    Ok(began.elapsed())
}

async fn direct(store: &Store, work: Work, caller: &mut Caller) -> Result<(), SimulationError> {
    let customer = &mut caller.customer;
    match work {
        Work::Quota => {
            let wanted = [Consumption {
                kind: QuotaKind::AiRequest,
                quantity: 1,
                used_for: UsedFor::new("call", caller.number.to_string()),
            }];
            store.consume(customer.account, &wanted, customer.now).await?;
        }
        Work::Hold => {
            let row = customer.transaction_id();
            store
                .start_job(&caller.job, &ledger::Limits::none(), row, customer.now)
                .await?;
        }
    }
    Ok(())
}

/// Check and write under a lock.
async fn locked(
    client: &Client,
    mut redis: Redis,
    work: Work,
    caller: &Caller,
    round: u64,
) -> Result<(), SimulationError> {
    let account = caller.customer.account;
    let pk = format!("ACCT#{account}");
    // What the plan allows, before the lock; a hold needs none.
    if matches!(work, Work::Quota) {
        read(client, "studio", &pk, "PROFILE").await?;
    }
    let (lock, token) = (format!("lock:{account}"), format!("{}", caller.number));
    let mut rng = Rng::of(caller.number ^ (round << 32));
    while !redis
        .ask(&["SET", &lock, &token, "NX", "PX", LEASE_MS])
        .await?
        .starts_with('+')
    {
        tokio::time::sleep(Duration::from_millis(1 + rng.below(4))).await;
    }
    let (table, executor, rows) = match work {
        Work::Quota => ("studio", "PEER#QUOTA", 2),
        Work::Hold => ("ledger", "PEER#WALLET", 4),
    };
    let used = read(client, table, &pk, executor).await?;
    if used < CALLERS {
        let mut parts = vec![put(table, &pk, executor, used + 1)?];
        for row in 0..rows {
            let sk = format!("PEER#{row}#{}", caller.number);
            parts.push(put(table, &pk, &sk, 1)?);
        }
        let sent = client
            .transact_write_items()
            .set_transact_items(Some(parts))
            .send();
        sent.await
            .map_err(|error| SimulationError::Redis(error.to_string()))?;
    }
    redis.ask(&["EVAL", RELEASE, "1", &lock, &token]).await?;
    Ok(())
}

async fn read(client: &Client, table: &str, pk: &str, sk: &str) -> Result<u64, SimulationError> {
    let sent = client
        .get_item()
        .table_name(table)
        .set_key(Some(key(pk, sk)))
        .consistent_read(true)
        .send();
    let answer = sent
        .await
        .map_err(|error| SimulationError::Redis(error.to_string()))?;
    let used = answer.item.and_then(|mut item| item.remove("used"));
    let used = used.and_then(|used| used.as_n().ok().and_then(|digits| digits.parse().ok()));
    Ok(used.unwrap_or_default())
}

fn put(table: &str, pk: &str, sk: &str, used: u64) -> Result<TransactWriteItem, SimulationError> {
    let mut item = key(pk, sk);
    item.insert("used".to_owned(), AttributeValue::N(used.to_string()));
    let put = Put::builder().table_name(table).set_item(Some(item)).build();
    let put = put.map_err(|error| SimulationError::Redis(error.to_string()))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn key(pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn tables() -> Tables {
    Tables {
        ledger: "ledger".to_owned(),
        studio: "studio".to_owned(),
        ephemeral: "ephemeral".to_owned(),
    }
}

/// A connection; only answers of one line are understood.
struct Redis(BufReader<TcpStream>);

impl Redis {
    async fn connect(address: &str) -> Result<Self, SimulationError> {
        let stream = TcpStream::connect(address).await;
        let stream = stream.map_err(|error| SimulationError::Redis(error.to_string()))?;
        stream
            .set_nodelay(true)
            .map_err(|error| SimulationError::Redis(error.to_string()))?;
        Ok(Self(BufReader::new(stream)))
    }

    async fn ask(&mut self, words: &[&str]) -> Result<String, SimulationError> {
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request.extend([format!("${}\r\n", word.len()), format!("{word}\r\n")]);
        }
        let mut answer = String::new();
        let sent = self.0.write_all(request.as_bytes()).await;
        let take_calls = match sent {
            Ok(()) => self.0.read_line(&mut answer).await,
            Err(error) => Err(error),
        };
        take_calls.map_err(|error| SimulationError::Redis(error.to_string()))?;
        if answer.starts_with(['+', ':', '$']) {
            Ok(answer)
        } else {
            Err(SimulationError::Redis(answer))
        }
    }
}
