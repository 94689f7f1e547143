//! Delivers a fake provider's webhooks: signed freshly each time, retried, and as badly as its options say.

use std::time::Duration;

use domain::Timestamp;
use payments::PaymentProvider;
use payments::{creem, stripe};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What becomes of an event when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMode {
    /// Delivered at once.
    #[default]
    Auto,
    /// Held until its delivery is asked for.
    Hold,
    /// Never delivered.
    Drop,
}

/// What is wrong with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tamper {
    /// Nothing.
    #[default]
    Nothing,
    /// Signed with another secret.
    Forged,
    /// Signed ten minutes ago; Creem's signature holds no time, so there it is right.
    Old,
    /// The end of the body is missing.
    Truncated,
}

/// How deliveries are made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryOptions {
    /// Whether an event is delivered at once, when asked for, or never.
    pub mode: DeliveryMode,
    /// What is wrong.
    pub tamper: Tamper,
    /// How often each event is delivered.
    pub times: u32,
    /// Waits so long before, in ms.
    pub delay_ms: u64,
    /// Tries until an answer of 2xx.
    pub tries: u32,
    /// Pause before the second try in ms; it doubles.
    pub pause_ms: u64,
    /// Another `api_version` in the body.
    pub api_version: Option<String>,
    /// Another `livemode` in the body; Creem's `mode`.
    pub livemode: Option<bool>,
    /// Another type: one that nobody knows.
    pub name: Option<String>,
}

impl Default for DeliveryOptions {
    fn default() -> Self {
        Self {
            mode: DeliveryMode::Auto,
            tamper: Tamper::Nothing,
            times: 1,
            delay_ms: 0,
            tries: 4,
            pause_ms: 500,
            api_version: None,
            livemode: None,
            name: None,
        }
    }
}

/// Where webhooks go.
#[derive(Debug, Clone, Deserialize)]
pub struct Endpoint {
    /// Address.
    pub url: String,
    /// Secret that signs.
    pub secret: String,
}

/// An event that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Id.
    pub id: String,
    /// The provider's word.
    pub name: String,
    /// Body as it is sent.
    pub body: Value,
    /// Whether it waits until its delivery is asked for.
    pub held: bool,
}

/// One try to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Event.
    pub event: String,
    /// Its type.
    pub name: String,
    /// HTTP status; 0 when nobody answered.
    pub status: u16,
}

/// A signed webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Name of the signature's header.
    pub header: &'static str,
    /// The signature.
    pub signature: String,
    /// Body, byte for byte.
    pub body: Vec<u8>,
}

/// Makes and signs a delivery, with the fault that the options ask for.
pub fn sign_delivery(
    provider: PaymentProvider,
    event: &Event,
    secret: &str,
    options: &DeliveryOptions,
    now: Timestamp,
) -> Delivery {
    let mut content = event.body.clone();
    match provider {
        PaymentProvider::Stripe => {
            if let Some(version) = &options.api_version {
                content["api_version"] = json!(version);
            }
            if let Some(live) = options.livemode {
                content["livemode"] = json!(live);
            }
            if let Some(name) = &options.name {
                content["type"] = json!(name);
            }
        }
        PaymentProvider::Creem => {
            if let Some(live) = options.livemode {
                content["object"]["mode"] = json!(if live { "prod" } else { "test" });
            }
            if let Some(name) = &options.name {
                content["eventType"] = json!(name);
            }
        }
    }
    let mut body = content.to_string().into_bytes();
    let secret = match options.tamper {
        Tamper::Forged => "whsec_of_somebody_else",
        Tamper::Nothing | Tamper::Old | Tamper::Truncated => secret,
    };
    let signed_at = match options.tamper {
        Tamper::Old => now.plus_s(-600),
        Tamper::Nothing | Tamper::Forged | Tamper::Truncated => now,
    };
    let (header, signature) = match provider {
        PaymentProvider::Stripe => (
            stripe::webhook::SIGNATURE_HEADER,
            stripe::webhook::sign(&body, secret, signed_at),
        ),
        PaymentProvider::Creem => (
            creem::webhook::SIGNATURE_HEADER,
            creem::webhook::sign(&body, secret),
        ),
    };
    if options.tamper == Tamper::Truncated {
        body.truncate(body.len() / 2);
    }
    Delivery {
        header,
        signature,
        body,
    }
}

/// Delivers one event to one endpoint until it is taken or the tries are over.
pub(super) async fn deliver(
    web: &reqwest::Client,
    endpoint: &Endpoint,
    event: &Event,
    options: &DeliveryOptions,
    sign: impl Fn() -> Delivery,
) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut pause_ms = options.pause_ms;
    for attempt in 1..=options.tries.max(1) {
        let delivery = sign();
        let sent = web
            .post(&endpoint.url)
            .header(delivery.header, delivery.signature)
            .header("content-type", "application/json; charset=utf-8")
            .body(delivery.body)
            .send()
            .await;
        let status = sent.map_or(0, |answer| answer.status().as_u16());
        attempts.push(Attempt {
            event: event.id.clone(),
            name: event.name.clone(),
            status,
        });
        if (200..300).contains(&status) {
            break;
        }
        if attempt < options.tries {
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            pause_ms = pause_ms.saturating_mul(2);
        }
    }
    attempts
}

/// Puts things in an order that looks random and is the same for the same seed.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for at in (1..items.len()).rev() {
        // Knuth's constants; the high bits are the good ones.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let bound = u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1);
        let other = usize::try_from((state >> 33) % bound).unwrap_or(0);
        items.swap(at, other);
    }
}
