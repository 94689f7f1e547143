//! A DynamoDB in this process: the tables of the template, and the real store on them.
//!
//! # Limits
//! It never answers `TransactionConflict`, never throttles, and every read is strongly consistent; [`crate::faults`]
//! plays the first two.

use std::net::SocketAddr;
use std::sync::OnceLock;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder as ConfigBuilder, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection, ProjectionType, ScalarAttributeType,
};
use domain::AccountId;
use dynoxide::Database;
use store::{Store, Tables};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::Faults;

/// A database of one test.
#[derive(Debug, Clone)]
pub struct Dynamo {
    /// The store on it.
    pub store: Store,
    /// A client, to look at rows and to spoil them.
    pub client: Client,
    /// Names of its tables.
    pub tables: Tables,
    /// Where it listens.
    pub endpoint: String,
}

/// An empty database with the three tables and the index of the template; no two tests share one.
pub async fn dynamo() -> Dynamo {
    let endpoint = format!("http://{}", serve().await);
    let config = config(&endpoint).build();
    tables_on(Client::from_conf(config), endpoint).await
}

/// The same, with faults to be planned; its client repeats nothing by itself.
pub async fn dynamo_with_faults() -> (Dynamo, Faults) {
    let endpoint = format!("http://{}", serve().await);
    let faults = Faults::default();
    let config = config(&endpoint)
        .retry_config(RetryConfig::disabled())
        .interceptor(faults.clone())
        .build();
    (tables_on(Client::from_conf(config), endpoint).await, faults)
}

async fn tables_on(client: Client, endpoint: String) -> Dynamo {
    let tables = Tables {
        ledger: "test-ledger".to_owned(),
        studio: "test-studio".to_owned(),
        ephemeral: "test-ephemeral".to_owned(),
    };
    let expiring = ["expiring_wallets", "expiry_shard", "next_expiry"];
    create_table(&client, &tables.ledger, Some(expiring)).await;
    create_table(
        &client,
        &tables.studio,
        Some(["due_items", "due_shard", "due_at"]),
    )
    .await;
    create_table(&client, &tables.ephemeral, None).await;
    Dynamo {
        store: Store::new(client.clone(), tables.clone()),
        client,
        tables,
        endpoint,
    }
}

impl Dynamo {
    /// Stops the test when an invariant of the account's credits does not hold; answers with the audit.
    pub async fn assert_clean(&self, account: AccountId) -> store::Audit {
        let audit = self
            .store
            .audit(account)
            .await
            .expect("the account can be audited");
        assert!(audit.is_clean(), "{:#?}", audit.findings);
        audit
    }

    /// Takes away a row of `studio` that no call of the store's takes away alone.
    pub async fn lose(&self, pk: &str, sk: &str) {
        let deletion = self
            .client
            .delete_item()
            .table_name(&self.tables.studio)
            .key("pk", AttributeValue::S(pk.to_owned()))
            .key("sk", AttributeValue::S(sk.to_owned()));
        deletion.send().await.expect("a row can be deleted");
    }
}

/// Serves a database on a loopback port of its own, on threads that outlive the test's runtime.
async fn serve() -> SocketAddr {
    static THREADS: OnceLock<Runtime> = OnceLock::new();
    let threads = THREADS.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("dynamo")
            .enable_all()
            .build()
            .expect("threads can be started")
    });
    let database = Database::memory().expect("a database in memory");
    let (sender, receiver) = oneshot::channel();
    threads.spawn(async move {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free loopback port");
        let address = listener.local_addr().expect("a bound listener has an address");
        sender.send(address).expect("the test waits for the address");
        dynoxide::server::serve_on(listener, database).await;
    });
    receiver.await.expect("the database listens")
}

fn config(endpoint: &str) -> ConfigBuilder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "testkit"))
        .endpoint_url(endpoint)
}

/// A table, and an index with its name, text hash and number range.
async fn create_table(client: &Client, name: &str, index: Option<[&str; 3]>) {
    let mut request = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk", ScalarAttributeType::S))
        .attribute_definitions(attribute("sk", ScalarAttributeType::S))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range));
    if let Some([name, hash, range]) = index {
        let index = GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(hash, KeyType::Hash))
            .key_schema(key(range, KeyType::Range))
            .projection(
                Projection::builder()
                    .projection_type(ProjectionType::KeysOnly)
                    .build(),
            )
            .build()
            .expect("an index");
        request = request
            .attribute_definitions(attribute(hash, ScalarAttributeType::S))
            .attribute_definitions(attribute(range, ScalarAttributeType::N))
            .global_secondary_indexes(index);
    }
    request.send().await.expect("a new table");
}

fn attribute(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(kind)
        .build()
        .expect("an attribute")
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .expect("a key")
}
