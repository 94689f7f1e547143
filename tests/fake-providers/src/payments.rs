//! Payment providers that run here: stateful, clickable, and as unreliable as a test asks.
//!
//! One [`state`] stands behind both; `stripe_api` and `creem_api` answer from it in the provider's shapes. [`delivery`] sends
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
mod creem_api;
pub mod delivery;
pub mod faults;
pub mod http;
mod pages;
pub mod state;
mod stripe_api;
mod stripe_objects;

pub use control::DeliverRequest;
pub use delivery::{
    Attempt, Delivery, DeliveryMode, DeliveryOptions, Endpoint, Event, Tamper, shuffle, sign_delivery,
};
pub use faults::{ApiFault, When};
pub use state::{ProviderState, StateChange};

use faults::FaultInjector;
use http::{Call, Reply, fields};

/// Longest body that a fake reads, in bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Webhooks that were delivered and that are to be delivered.
#[derive(Debug, Clone, Default)]
pub struct Deliveries {
    /// Where webhooks go.
    pub endpoints: Vec<Endpoint>,
    /// Options of each delivery.
    pub options: DeliveryOptions,
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
    state: Mutex<ProviderState>,
    injector: Mutex<FaultInjector>,
    deliveries: Mutex<Deliveries>,
}

/// A fake provider that listens on 127.0.0.1.
#[derive(Debug, Clone)]
pub struct FakePayments(Arc<Inner>);

impl FakePayments {
    /// Starts one on a port, 0 for any; it lives as long as the runtime.
    ///
    /// The provider's own time runs ahead of the clock by what `_control/advance` was given. Signatures
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
            state: Mutex::new(ProviderState::new(provider, seed)),
            injector: Mutex::default(),
            deliveries: Mutex::default(),
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

    /// The provider's state, at the time of the call.
    pub fn state(&self) -> MutexGuard<'_, ProviderState> {
        let mut state = self.0.state.lock().expect("no test has panicked in it");
        state.now = self.0.clock.now().plus_ms(state.shift_ms);
        state
    }

    /// Its deliveries.
    pub fn deliveries(&self) -> MutexGuard<'_, Deliveries> {
        self.0.deliveries.lock().expect("no test has panicked in it")
    }

    fn injector(&self) -> MutexGuard<'_, FaultInjector> {
        self.0.injector.lock().expect("no test has panicked in it")
    }

    /// Sends webhooks to an address from now on; a second time only with another secret.
    pub fn endpoint(&self, url: &str, secret: &str) {
        let mut deliveries = self.deliveries();
        deliveries.endpoints.retain(|known| known.url != url);
        deliveries.endpoints.push(Endpoint {
            url: url.to_owned(),
            secret: secret.to_owned(),
        });
    }

    /// How deliveries are made from now on.
    pub fn set_delivery_options(&self, options: DeliveryOptions) {
        self.deliveries().options = options;
    }

    /// Makes API calls go wrong.
    pub fn fault(&self, fault: ApiFault) {
        self.injector().faults.push(fault);
    }

    /// The API calls that came: method and path.
    pub fn calls(&self) -> Vec<String> {
        self.injector().calls.clone()
    }

    /// Changes the state, and sends webhooks about what changed.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut ProviderState) -> Option<(T, Vec<StateChange>)>,
    ) -> Option<T> {
        let mut state = self.state();
        let (value, changes) = change(&mut state)?;
        let events = self.events(&mut state, &changes);
        drop(state);
        self.publish(events);
        Some(value)
    }

    fn events(&self, state: &mut ProviderState, changes: &[StateChange]) -> Vec<Event> {
        let mut events = Vec::new();
        for change in changes {
            let objects = match self.0.provider {
                PaymentProvider::Stripe => stripe_objects::events(state, change, &self.0.base),
                PaymentProvider::Creem => creem_api::events(state, change, &self.0.base),
            };
            for (name, object) in objects {
                let id = state.mint("evt", "evt");
                let body = match self.0.provider {
                    PaymentProvider::Stripe => stripe_objects::event(&id, name, state.now.as_s(), &object),
                    PaymentProvider::Creem => creem_api::event(&id, name, state.now, &object),
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

    /// Stores events, and delivers them at once if the mode is [`DeliveryMode::Auto`].
    fn publish(&self, mut events: Vec<Event>) {
        let mut deliveries = self.deliveries();
        let mode = deliveries.options.mode;
        for event in &mut events {
            event.held = mode == DeliveryMode::Hold;
        }
        deliveries.events.extend(events.iter().cloned());
        let nobody = deliveries.endpoints.is_empty();
        drop(deliveries);
        if mode == DeliveryMode::Auto && !nobody {
            let fake = self.clone();
            let ids = events.into_iter().map(|event| event.id).collect();
            in_background(async move {
                let request = DeliverRequest {
                    events: Some(ids),
                    ..DeliverRequest::default()
                };
                fake.deliver(&request).await;
            });
        }
    }

    /// Delivers held events, or those that are named, and waits until it is done.
    pub async fn deliver(&self, request: &DeliverRequest) -> Vec<Attempt> {
        let (mut events, endpoints, options) = self.outgoing(request);
        if let Some(seed) = request.seed {
            shuffle(&mut events, seed);
        }
        tokio::time::sleep(Duration::from_millis(options.delay_ms)).await;
        let mut attempts = Vec::new();
        for event in events {
            for endpoint in &endpoints {
                attempts.extend(self.deliver_to(endpoint, &event, &options).await);
            }
        }
        self.deliveries().attempts.extend(attempts.iter().cloned());
        attempts
    }

    async fn deliver_to(
        &self,
        endpoint: &Endpoint,
        event: &Event,
        options: &DeliveryOptions,
    ) -> Vec<Attempt> {
        let sign = || {
            sign_delivery(
                self.0.provider,
                event,
                &endpoint.secret,
                options,
                self.0.clock.now(),
            )
        };
        delivery::deliver(&self.0.web, endpoint, event, options, sign).await
    }

    /// The requested events, each as often as asked, which are then no longer held.
    fn outgoing(&self, request: &DeliverRequest) -> (Vec<Event>, Vec<Endpoint>, DeliveryOptions) {
        let mut deliveries = self.deliveries();
        let wanted = |event: &Event| match &request.events {
            Some(ids) => ids.contains(&event.id),
            None => event.held,
        };
        let times = request.times.unwrap_or(deliveries.options.times);
        let chosen: Vec<Event> = deliveries
            .events
            .iter()
            .filter(|event| wanted(event))
            .cloned()
            .collect();
        for event in &mut deliveries.events {
            if chosen.iter().any(|of| of.id == event.id) {
                event.held = false;
            }
        }
        let events = (0..times).flat_map(|_| chosen.clone()).collect();
        (events, deliveries.endpoints.clone(), deliveries.options.clone())
    }

    fn log(&self) -> Value {
        let deliveries = self.deliveries();
        json!({ "events": deliveries.events, "attempts": deliveries.attempts, "calls": self.calls() })
    }

    /// Answers a request.
    pub async fn answer(&self, call: Call) -> Reply {
        let parts = call.parts();
        match parts.as_slice() {
            ["_control", what] => control::answer(self, &call, what).await,
            ["pay" | "portal" | "invoice" | "receipt", _] => pages::answer(self, &call),
            ["v1", ..] => self.api(&call).await,
            _ => Reply::json(404, &json!({ "error": "no such path" })),
        }
    }

    async fn api(&self, call: &Call) -> Reply {
        self.injector()
            .calls
            .push(format!("{} {}", call.method, call.path));
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
        if let Some(replayed) = key.and_then(|key| self.injector().claim(key, call)) {
            return replayed;
        }
        let reply = self.work(call).await;
        if let Some(key) = key {
            self.injector().store_reply(key, &reply);
        }
        reply
    }

    /// Does a call, unless a fault comes before.
    async fn work(&self, call: &Call) -> Reply {
        let fault = self.injector().fault(&call.path);
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

    /// Does a call, and sends webhooks about what it changed.
    fn done(&self, call: &Call) -> Reply {
        let mut state = self.state();
        let (reply, changes) = match self.0.provider {
            PaymentProvider::Stripe => stripe_api::answer(&mut state, call, &self.0.base),
            PaymentProvider::Creem => creem_api::answer(&mut state, call, &self.0.base),
        };
        let events = self.events(&mut state, &changes);
        drop(state);
        self.publish(events);
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
