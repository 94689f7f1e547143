//! Money on the deployed stack: bought on the providers' pages, told by unruly webhooks, half given back, and every sum
//! of the ledger afterwards.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::redirect::Policy;
use serde_json::{Value, json};

use super::client::{Auth, Stack};

/// Longest wait until what was delivered is in the ledger.
const SETTLE_WAIT: Duration = Duration::from_mins(2);
/// Credits and cents of the pack and of the subscription.
const PACK: (u64, u64) = (500, 999);
const SUBSCRIPTION: (u64, u64) = (500, 899);
/// Cents of the pack that are given back, and the credits that are their share, rounded down.
const REFUND: (u64, u64) = (499, 249);

/// A browser that stays where a page sends it on, so that the address can be looked at.
#[expect(clippy::disallowed_methods, reason = "the test program is its own customer")]
fn browser() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_mins(1))
        .redirect(Policy::none());
    client.build().expect("a client")
}

/// A customer of one fake provider.
struct Customer {
    stack: Stack,
    provider: &'static str,
    web: reqwest::Client,
    who: Auth,
    /// Events that were there before this test, or that were delivered.
    known: BTreeSet<String>,
}

impl Customer {
    async fn open(provider: &'static str) -> Self {
        let stack = Stack::connect();
        let who = stack.newcomer(&format!("{provider}-buyer")).await;
        let mut customer = Self {
            stack,
            provider,
            web: browser(),
            who,
            known: BTreeSet::new(),
        };
        customer.known = customer.events().await.into_iter().collect();
        customer.set_delivery_options(json!({})).await;
        customer
    }

    async fn control(&self, what: &str, body: Option<Value>) -> Value {
        let url = format!(
            "{}/_control/{what}",
            self.stack.value(&format!("{}_url", self.provider))
        );
        let request = match body {
            Some(body) => self.web.post(url).body(body.to_string()),
            None => self.web.get(url),
        };
        let answer = request.send().await.expect("the fake answers");
        assert_eq!(answer.status(), 200, "{what}");
        serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
    }

    /// Changes how deliveries are made; events are held in any case.
    async fn set_delivery_options(&self, changes: Value) {
        let mut options = json!({"mode": "hold", "tries": 1});
        for (name, value) in changes.as_object().expect("an object") {
            options[name] = value.clone();
        }
        self.control("delivery-options", Some(options)).await;
    }

    async fn events(&self) -> Vec<String> {
        let log = self.control("log", None).await;
        let events = log["events"].as_array().expect("events");
        events
            .iter()
            .map(|event| event["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    async fn new_events(&self) -> Vec<String> {
        let mut events = self.events().await;
        events.retain(|event| !self.known.contains(event));
        assert!(!events.is_empty(), "the provider has new events");
        events
    }

    /// Statuses of the answers to a delivery.
    async fn deliver(&self, request: Value) -> Vec<u64> {
        let attempts = self.control("deliver", Some(request)).await;
        let attempts = attempts.as_array().expect("attempts").iter();
        attempts
            .map(|attempt| attempt["status"].as_u64().expect("a status"))
            .collect()
    }

    /// Delivers each new event badly: all are refused.
    async fn is_refused(&self, tamper: &str) {
        self.set_delivery_options(json!({"tamper": tamper})).await;
        let statuses = self.deliver(json!({"events": self.new_events().await})).await;
        assert!(
            statuses.iter().all(|status| *status == 400),
            "{tamper}: {statuses:?}"
        );
    }

    /// Delivers each new event three times, shuffled: all are accepted.
    async fn is_accepted(&mut self, seed: u64) {
        self.set_delivery_options(json!({})).await;
        let events = self.new_events().await;
        let request = json!({"events": events, "times": 3, "seed": seed});
        let statuses = self.deliver(request).await;
        assert_eq!(statuses, vec![200; 3 * events.len()]);
        self.known.extend(events);
    }

    /// Opens a checkout and presses the page's button; answers with the checkout's id.
    async fn buys(&self, product: &str) -> String {
        let request = json!({"product": product, "provider": self.provider});
        let checkout = self.stack.post(&self.who, "/billing/checkout", request).await;
        let page = checkout.data()["url"].as_str().expect("a page").to_owned();
        let shown = self.web.get(&page).send().await.expect("the page");
        let shown = shown.text().await.expect("a page");
        assert!(shown.contains("value=pay"), "{shown}");
        let sent = self
            .web
            .post(&page)
            .body("act=pay")
            .send()
            .await
            .expect("an answer");
        assert_eq!(sent.status(), 303);
        let back = sent.headers()["location"].to_str().expect("an address");
        assert!(back.contains("/billing?checkout=done"), "{back}");
        checkout.data()["id"].as_str().expect("an id").to_owned()
    }

    /// Refunds half of the pack's price at the provider, and delivers its events three times.
    async fn refunds_half(&mut self, checkout: &str) {
        let payment = self.checkout(checkout).await["payment"].clone();
        let refund = json!({"payment": payment, "cents": REFUND.0});
        self.control("refund", Some(refund)).await;
        self.is_accepted(11).await;
    }

    async fn waits_for(&self, available: u64) {
        let settled = async {
            while self.stack.balance(&self.who).await.0 != available {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        let in_time = tokio::time::timeout(SETTLE_WAIT, settled).await.is_ok();
        assert!(
            in_time,
            "{:?}, not {available}",
            self.stack.balance(&self.who).await
        );
    }

    /// One checkout in the provider's state.
    async fn checkout(&self, id: &str) -> Value {
        let state = self.control("state", None).await;
        let checkouts = state["checkouts"].as_array().expect("checkouts");
        let found = checkouts.iter().find(|checkout| checkout["id"] == id);
        found.expect("a checkout").clone()
    }
}

/// Buys, with forged deliveries refused and right ones sent three times, gets half back; then every sum of the ledger is right.
async fn a_customers_money(provider: &'static str, tampers: &[&str]) {
    let mut customer = Customer::open(provider).await;
    let gift = customer.stack.balance(&customer.who).await.0;
    let checkouts = [
        customer.buys("pack_starter").await,
        customer.buys("subscription_starter").await,
    ];
    for tamper in tampers {
        customer.is_refused(tamper).await;
    }
    assert_eq!(customer.stack.balance(&customer.who).await, (gift, 0));
    customer.is_accepted(7).await;
    customer.waits_for(gift + PACK.0 + SUBSCRIPTION.0).await;
    customer.refunds_half(&checkouts[0]).await;
    let left = gift + PACK.0 + SUBSCRIPTION.0 - REFUND.1;
    customer.waits_for(left).await;
    assert_ledger(&customer, gift, left).await;
    assert_paid(&customer, [&checkouts[0], &checkouts[1]]).await;
}

async fn assert_ledger(customer: &Customer, gift: u64, left: u64) {
    let answer = customer
        .stack
        .get(&customer.who, "/credit/history?limit=100")
        .await;
    let rows = answer.data()["items"].as_array().expect("rows");
    let change = |row: &Value| row["available"].as_i64().expect("a number");
    let mut changes: Vec<i64> = rows.iter().map(change).collect();
    assert_eq!(i64::try_from(left), Ok(changes.iter().sum()));
    assert_eq!(rows[0]["after"]["available"], left, "the newest row");
    changes.sort_unstable();
    let signed = |credits: u64| i64::try_from(credits).expect("a small number");
    let once = [
        -signed(REFUND.1),
        signed(gift),
        signed(PACK.0),
        signed(SUBSCRIPTION.0),
    ];
    assert_eq!(changes, once, "nothing twice: {}", answer.body);
    let balance = customer.stack.get(&customer.who, "/credit/balance").await;
    let lots = balance.data()["lots"].as_array().expect("lots").iter();
    let remaining: u64 = lots.map(|lot| lot["remaining"].as_u64().expect("credits")).sum();
    assert_eq!(remaining, left);
    let plan = customer.stack.get(&customer.who, "/billing/subscription").await;
    assert_eq!(plan.data()["subscription"]["status"], "active", "{}", plan.body);
}

/// What the provider says that these checkouts brought, and what of it went back; both are of one customer, who was there
/// before the first webhook.
async fn assert_paid(customer: &Customer, checkouts: [&str; 2]) {
    let customers = [
        customer.checkout(checkouts[0]).await["customer"].clone(),
        customer.checkout(checkouts[1]).await["customer"].clone(),
    ];
    assert_eq!(customers[0], customers[1]);
    let state = customer.control("state", None).await;
    let payments = state["payments"].as_array().expect("payments").iter();
    let mine: Vec<&Value> = payments
        .filter(|payment| customers.contains(&payment["customer"]))
        .collect();
    let sum = |field: &str| -> u64 { mine.iter().filter_map(|payment| payment[field].as_u64()).sum() };
    let paid = (sum("cents"), sum("refunded_cents"));
    assert_eq!(paid, (PACK.1 + SUBSCRIPTION.1, REFUND.0));
}

#[tokio::test]
async fn what_is_bought_at_stripe_and_half_given_back_is_in_the_ledger_once() {
    a_customers_money("stripe", &["forged", "old"]).await;
}

#[tokio::test]
async fn what_is_bought_at_creem_and_half_given_back_is_in_the_ledger_once() {
    // Creem's signature holds no time: an old delivery is right, and known by its id.
    a_customers_money("creem", &["forged"]).await;
}
