//! Payment providers that run here: stateful, clickable, and as unreliable as they are told to be.
//!
//! One [`shop`] stands behind both; `stripe_api` and `creem_face` tell it in the provider's words. [`courier`] delivers
//! webhooks, [`faults`] makes the API fail, [`control`] takes orders over HTTP and [`pages`] are for people.
//! A test starts one in process with [`FakePayments::start`]; the binary `fake-providers` runs both for a local stack.
//! Made up and stated: a month has thirty days, changes of plan are not counted by the day, nothing is taxed.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::ports::Clock;
use payments::PaymentProvider;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub mod control;
pub mod courier;
mod creem_face;
pub mod faults;
pub mod http;
mod pages;
pub mod shop;
mod stripe_api;
mod stripe_objects;

pub use control::Deliver;
pub use courier::{Attempt, Endpoint, Event, Letter, Post, Script, Tamper, letter, shuffle};
pub use faults::{ApiFault, When};
pub use shop::{Notice, Shop};

use faults::Desk;
use http::{Call, Reply, fields};

/// Longest body that a fake reads, in bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What was and is to be delivered.
#[derive(Debug, Clone, Default)]
pub struct PostOffice {
    /// Where webhooks go.
    pub endpoints: Vec<Endpoint>,
    /// How.
    pub script: Script,
    /// All events, oldest first.
    pub events: Vec<Event>,
    /// All attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

#[derive(Debug)]
struct Inner {
    provider: PaymentProvider,
    base: String,
    clock: Arc<dyn Clock>,
    web: reqwest::Client,
    shop: Mutex<Shop>,
    desk: Mutex<Desk>,
    office: Mutex<PostOffice>,
}

/// A fake provider that listens on 127.0.0.1.
#[derive(Debug, Clone)]
pub struct FakePayments(Arc<Inner>);

impl FakePayments {
    /// Starts one on a port, 0 for any; it lives as long as the runtime.
    ///
    /// The clock is the wall's; the shop's own time runs ahead of it by what `_control/advance` was told. Signatures
    /// are always of the clock's time.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(
        provider: PaymentProvider,
        clock: Arc<dyn Clock>,
        seed: &str,
        port: u16,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
        let fake = Self(Arc::new(Inner {
            provider,
            base: format!("http://{}", listener.local_addr()?),
            clock,
            web: reqwest::Client::default(),
            shop: Mutex::new(Shop::new(provider, seed)),
            desk: Mutex::default(),
            office: Mutex::default(),
        }));
        let router = Router::new().fallback(serve).with_state(fake.clone());
        in_background(async move {
            if let Err(stopped) = axum::serve(listener, router).await {
                panic!("a fake provider stopped: {stopped}");
            }
        });
        Ok(fake)
    }

    /// Address without a slash at its end: the base of the provider's API and pages.
    pub fn url(&self) -> &str {
        &self.0.base
    }

    /// What it knows, at the time of the call.
    pub fn shop(&self) -> MutexGuard<'_, Shop> {
        let mut shop = self.0.shop.lock().expect("no test has panicked in it");
        shop.now = self.0.clock.now().plus_ms(shop.shift_ms);
        shop
    }

    /// Its deliveries.
    pub fn post_office(&self) -> MutexGuard<'_, PostOffice> {
        self.0.office.lock().expect("no test has panicked in it")
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().expect("no test has panicked in it")
    }

    /// Sends webhooks to an address from now on; a second time only with another secret.
    pub fn endpoint(&self, url: &str, secret: &str) {
        let mut office = self.post_office();
        office.endpoints.retain(|known| known.url != url);
        office.endpoints.push(Endpoint {
            url: url.to_owned(),
            secret: secret.to_owned(),
        });
    }

    /// How deliveries are made from now on.
    pub fn script(&self, script: Script) {
        self.post_office().script = script;
    }

    /// Makes API calls go wrong.
    pub fn fault(&self, fault: ApiFault) {
        self.desk().faults.push(fault);
    }

    /// The API calls that came: method and path.
    pub fn calls(&self) -> Vec<String> {
        self.desk().calls.clone()
    }

    /// Changes the shop and tells what happened by webhooks.
    pub fn change<T>(&self, change: impl FnOnce(&mut Shop) -> Option<(T, Vec<Notice>)>) -> Option<T> {
        let mut shop = self.shop();
        let (value, notices) = change(&mut shop)?;
        let events = self.events(&mut shop, &notices);
        drop(shop);
        self.tell(events);
        Some(value)
    }

    fn events(&self, shop: &mut Shop, notices: &[Notice]) -> Vec<Event> {
        let mut events = Vec::new();
        for notice in notices {
            let told = match self.0.provider {
                PaymentProvider::Stripe => stripe_objects::events(shop, notice, &self.0.base),
                PaymentProvider::Creem => creem_face::events(shop, notice, &self.0.base),
            };
            for (name, object) in told {
                let id = shop.mint("evt", "evt");
                let body = match self.0.provider {
                    PaymentProvider::Stripe => stripe_objects::event(&id, name, shop.now.as_s(), &object),
                    PaymentProvider::Creem => creem_face::event(&id, name, shop.now, &object),
                };
                events.push(Event {
                    id,
                    name: name.to_owned(),
                    body,
                    held: false,
                });
            }
        }
        events
    }

    /// Keeps events, and delivers them at once if the script says so.
    fn tell(&self, mut events: Vec<Event>) {
        let mut office = self.post_office();
        let post = office.script.post;
        for event in &mut events {
            event.held = post == Post::Hold;
        }
        office.events.extend(events.iter().cloned());
        let nobody = office.endpoints.is_empty();
        drop(office);
        if post == Post::Auto && !nobody {
            let fake = self.clone();
            let ids = events.into_iter().map(|event| event.id).collect();
            in_background(async move {
                let order = Deliver {
                    events: Some(ids),
                    ..Deliver::default()
                };
                fake.deliver(&order).await;
            });
        }
    }

    /// Delivers held events, or those that are named, and waits until it is done.
    pub async fn deliver(&self, order: &Deliver) -> Vec<Attempt> {
        let (mut letters, endpoints, script) = self.outgoing(order);
        if let Some(seed) = order.seed {
            shuffle(&mut letters, seed);
        }
        tokio::time::sleep(Duration::from_millis(script.delay_ms)).await;
        let mut attempts = Vec::new();
        for event in letters {
            for endpoint in &endpoints {
                attempts.extend(self.deliver_to(endpoint, &event, &script).await);
            }
        }
        self.post_office().attempts.extend(attempts.iter().cloned());
        attempts
    }

    async fn deliver_to(&self, endpoint: &Endpoint, event: &Event, script: &Script) -> Vec<Attempt> {
        let write = || {
            letter(
                self.0.provider,
                event,
                &endpoint.secret,
                script,
                self.0.clock.now(),
            )
        };
        courier::deliver(&self.0.web, endpoint, event, script, write).await
    }

    /// The events of an order, each as often as asked, which are then no longer held.
    fn outgoing(&self, order: &Deliver) -> (Vec<Event>, Vec<Endpoint>, Script) {
        let mut office = self.post_office();
        let wanted = |event: &Event| match &order.events {
            Some(ids) => ids.contains(&event.id),
            None => event.held,
        };
        let times = order.times.unwrap_or(office.script.times);
        let chosen: Vec<Event> = office
            .events
            .iter()
            .filter(|event| wanted(event))
            .cloned()
            .collect();
        for event in &mut office.events {
            if chosen.iter().any(|of| of.id == event.id) {
                event.held = false;
            }
        }
        let letters = (0..times).flat_map(|_| chosen.clone()).collect();
        (letters, office.endpoints.clone(), office.script.clone())
    }

    fn log(&self) -> Value {
        let office = self.post_office();
        json!({ "events": office.events, "attempts": office.attempts, "calls": self.calls() })
    }

    /// Answers a request.
    pub async fn answer(&self, call: Call) -> Reply {
        let parts = call.parts();
        match parts.as_slice() {
            ["_control", what] => control::answer(self, &call, what).await,
            ["pay" | "portal", _] => pages::answer(self, &call),
            ["v1", ..] => self.api(&call).await,
            _ => Reply::json(404, &json!({ "error": "no such path" })),
        }
    }

    async fn api(&self, call: &Call) -> Reply {
        self.desk().calls.push(format!("{} {}", call.method, call.path));
        let known = match self.0.provider {
            PaymentProvider::Stripe => call
                .header("authorization")
                .is_some_and(|value| value.starts_with("Bearer sk_test_")),
            PaymentProvider::Creem => call
                .header("x-api-key")
                .is_some_and(|value| value.starts_with("creem_test_")),
        };
        if !known {
            return stripe_api::refusal(
                401,
                "invalid_request_error",
                "api_key_invalid",
                "Give a test key",
                None,
            );
        }
        let remembers = self.0.provider == PaymentProvider::Stripe && call.method == "POST";
        let key = call.header("idempotency-key").filter(|_| remembers);
        if let Some(replayed) = key.and_then(|key| self.desk().claim(key, call)) {
            return replayed;
        }
        let reply = self.work(call).await;
        if let Some(key) = key {
            self.desk().keep(key, &reply);
        }
        reply
    }

    /// Does a call, unless a fault comes before.
    async fn work(&self, call: &Call) -> Reply {
        let fault = self.desk().fault(&call.path);
        let wrong = fault.as_ref().and_then(ApiFault::reply);
        if let (Some(reply), Some(When::Before)) = (&wrong, fault.as_ref().map(|fault| fault.when)) {
            return reply.clone();
        }
        let reply = self.done(call);
        if let Some(fault) = &fault {
            tokio::time::sleep(Duration::from_millis(fault.slow_ms)).await;
        }
        wrong.unwrap_or(reply)
    }

    /// Does a call and tells what it made happen.
    fn done(&self, call: &Call) -> Reply {
        let mut shop = self.shop();
        let (reply, notices) = match self.0.provider {
            PaymentProvider::Stripe => stripe_api::answer(&mut shop, call, &self.0.base),
            PaymentProvider::Creem => creem_face::answer(&mut shop, call, &self.0.base),
        };
        let events = self.events(&mut shop, &notices);
        drop(shop);
        self.tell(events);
        reply
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a fake is a server of its own, not a function that is frozen after its answer"
)]
fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}

async fn serve(State(fake): State<FakePayments>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers: BTreeMap<String, String> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let call = Call {
        method: parts.method.as_str().to_owned(),
        path: percent_encoding::percent_decode_str(parts.uri.path().trim_start_matches('/'))
            .decode_utf8_lossy()
            .into_owned(),
        query: fields(parts.uri.query().unwrap_or_default()),
        headers,
        body: to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default().to_vec(),
    };
    let reply = fake.answer(call).await;
    let mut response = Response::builder()
        .status(reply.status)
        .header("content-type", reply.content_type)
        .header("request-id", "req_fake");
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).expect("a sound answer")
}

#[cfg(test)]
mod tests;
