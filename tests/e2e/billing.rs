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

/// One provider's fake, and a customer of it.
struct Shop {
    stack: Stack,
    provider: &'static str,
    web: reqwest::Client,
    who: Auth,
    /// Events that were there before this test, or that were delivered.
    known: BTreeSet<String>,
}

impl Shop {
    async fn open(provider: &'static str) -> Self {
        let stack = Stack::connect();
        let who = stack.newcomer(&format!("{provider}-buyer")).await;
        let mut shop = Self {
            stack,
            provider,
            web: browser(),
            who,
            known: BTreeSet::new(),
        };
        shop.known = shop.events().await.into_iter().collect();
        shop.script(json!({})).await;
        shop
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

    /// How deliveries are made from now on; events wait in any case.
    async fn script(&self, how: Value) {
        let mut script = json!({"post": "hold", "tries": 1});
        for (name, value) in how.as_object().expect("an object") {
            script[name] = value.clone();
        }
        self.control("script", Some(script)).await;
    }

    async fn events(&self) -> Vec<String> {
        let log = self.control("log", None).await;
        let events = log["events"].as_array().expect("events");
        events
            .iter()
            .map(|event| event["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    async fn news(&self) -> Vec<String> {
        let mut events = self.events().await;
        events.retain(|event| !self.known.contains(event));
        assert!(!events.is_empty(), "the provider has something to tell");
        events
    }

    /// Statuses of the answers to a delivery.
    async fn deliver(&self, order: Value) -> Vec<u64> {
        let attempts = self.control("deliver", Some(order)).await;
        let attempts = attempts.as_array().expect("attempts").iter();
        attempts
            .map(|attempt| attempt["status"].as_u64().expect("a status"))
            .collect()
    }

    /// Delivers each new event badly: all are refused.
    async fn is_refused(&self, tamper: &str) {
        self.script(json!({"tamper": tamper})).await;
        let statuses = self.deliver(json!({"events": self.news().await})).await;
        assert!(
            statuses.iter().all(|status| *status == 400),
            "{tamper}: {statuses:?}"
        );
    }

    /// Delivers each new event three times, shuffled: all are taken.
    async fn is_taken(&mut self, seed: u64) {
        self.script(json!({})).await;
        let news = self.news().await;
        let order = json!({"events": news, "times": 3, "seed": seed});
        let statuses = self.deliver(order).await;
        assert_eq!(statuses, vec![200; 3 * news.len()]);
        self.known.extend(news);
    }

    /// Opens a checkout and presses the page's button; answers with the checkout's id.
    async fn buys(&self, product: &str) -> String {
        let order = json!({"product": product, "provider": self.provider});
        let checkout = self.stack.post(&self.who, "/billing/checkout", order).await;
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

    /// Half of the pack's price, at the provider and told three times.
    async fn gives_half_back(&mut self, checkout: &str) {
        let payment = self.checkout(checkout).await["payment"].clone();
        let order = json!({"payment": payment, "cents": REFUND.0});
        self.control("refund", Some(order)).await;
        self.is_taken(11).await;
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

    /// The provider's own words about one checkout.
    async fn checkout(&self, id: &str) -> Value {
        let state = self.control("state", None).await;
        let checkouts = state["checkouts"].as_array().expect("checkouts");
        let found = checkouts.iter().find(|checkout| checkout["id"] == id);
        found.expect("a checkout").clone()
    }
}

/// Buys, is lied to, is told three times, gets half back; then every sum of the ledger is what it must be.
async fn a_customers_money(provider: &'static str, lies: &[&str]) {
    let mut shop = Shop::open(provider).await;
    let gift = shop.stack.balance(&shop.who).await.0;
    let checkouts = [
        shop.buys("pack_starter").await,
        shop.buys("subscription_starter").await,
    ];
    for lie in lies {
        shop.is_refused(lie).await;
    }
    assert_eq!(shop.stack.balance(&shop.who).await, (gift, 0));
    shop.is_taken(7).await;
    shop.waits_for(gift + PACK.0 + SUBSCRIPTION.0).await;
    shop.gives_half_back(&checkouts[0]).await;
    let left = gift + PACK.0 + SUBSCRIPTION.0 - REFUND.1;
    shop.waits_for(left).await;
    assert_ledger(&shop, gift, left).await;
    assert_paid(&shop, [&checkouts[0], &checkouts[1]]).await;
}

async fn assert_ledger(shop: &Shop, gift: u64, left: u64) {
    let answer = shop.stack.get(&shop.who, "/credit/history?limit=100").await;
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
    let balance = shop.stack.get(&shop.who, "/credit/balance").await;
    let lots = balance.data()["lots"].as_array().expect("lots").iter();
    let remaining: u64 = lots.map(|lot| lot["remaining"].as_u64().expect("credits")).sum();
    assert_eq!(remaining, left);
    let plan = shop.stack.get(&shop.who, "/billing/subscription").await;
    assert_eq!(plan.data()["subscription"]["status"], "active", "{}", plan.body);
}

/// What the provider says that these checkouts brought, and what of it went back; both are of one customer, who was there
/// before the first webhook.
async fn assert_paid(shop: &Shop, checkouts: [&str; 2]) {
    let customers = [
        shop.checkout(checkouts[0]).await["customer"].clone(),
        shop.checkout(checkouts[1]).await["customer"].clone(),
    ];
    assert_eq!(customers[0], customers[1]);
    let state = shop.control("state", None).await;
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
