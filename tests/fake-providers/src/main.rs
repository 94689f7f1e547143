//! Runs a fake Stripe and a fake Creem on 127.0.0.1 until it is ended.
//!
//! `fake-providers [stripe port] [creem port]`, each 0 or absent for any. Prints one line of JSON with their addresses:
//! `{"creem":"http://127.0.0.1:40001","stripe":"http://127.0.0.1:40000"}`.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;
use domain::ports::Clock;
use fake_providers::payments::FakePayments;
use payments::PaymentProvider;

/// The machine's clock.
#[derive(Debug)]
struct Wall;

impl Clock for Wall {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program of its own: here the time comes in"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let mut ports = std::env::args().skip(1).map(|port| port.parse().unwrap_or(0));
    let clock: Arc<dyn Clock> = Arc::new(Wall);
    // Ids of two runs must differ: a local database outlives the fake.
    let seed = format!("{:x}", clock.now().as_s());
    let mut start = async |provider| {
        let port = ports.next().unwrap_or(0);
        FakePayments::start(provider, Arc::clone(&clock), &seed, port).await
    };
    let stripe = start(PaymentProvider::Stripe).await?;
    let creem = start(PaymentProvider::Creem).await?;
    let addresses = serde_json::json!({ "stripe": stripe.url(), "creem": creem.url() });
    writeln!(io::stdout(), "{addresses}")?;
    std::future::pending().await
}
