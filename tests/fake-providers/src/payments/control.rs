//! The control API of a fake provider: how a test or a demo steers it over HTTP.
//!
//! | call | body | does |
//! |---|---|---|
//! | `GET _control/state` | | its whole state |
//! | `GET _control/log` | | its events, and the attempts to deliver them |
//! | `POST _control/endpoint` | `{"url","secret"}` | sends webhooks there from now on, once |
//! | `POST _control/delivery-options` | [`DeliveryOptions`] | how deliveries are made |
//! | `POST _control/deliver` | `{"times"?,"seed"?,"events"?}` | delivers the held events, or those named; shuffled by a seed |
//! | `POST _control/fault` | [`ApiFault`](super::faults::ApiFault) | API calls that go wrong |
//! | `POST _control/advance` | `{"days"?,"seconds"?}` | moves its clock: renewals, planned ends, pages that close |
//! | `POST _control/card` | `{"customer","works"}` | whether renewals go through |
//! | `POST _control/refund` | `{"payment","cents"?}` | gives money back |
//! | `POST _control/change-price` | `{"subscription","price","invoice_now"}` | somebody moves a subscription at the dashboard |
//! | `POST _control/refund-fail` | `{"refund"}` | a bank sends it back |
//! | `POST _control/dispute` | `{"payment"}` | a bank asks for money back |
//! | `POST _control/dispute-close` | `{"dispute","won"}` | the bank decides |
//! | `POST _control/settle` | `{"checkout","paid"}` | a delayed payment comes or fails |
//! | `POST _control/expire` | `{"checkout"}` | a page closes |

use serde::Deserialize;
use serde_json::{Value, json};

use super::FakePayments;
use super::delivery::{DeliveryOptions, Endpoint};
use super::http::{Call, Reply};
use super::state::{ProviderState, StateChange};

/// Which events to deliver, and how.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliverRequest {
    /// How often each; the number in the delivery options when absent.
    pub times: Option<u32>,
    /// Shuffles them; in their order when absent.
    pub seed: Option<u64>,
    /// Ids; the held ones when absent.
    pub events: Option<Vec<String>>,
}

/// Answers a call under `_control/`.
pub(super) async fn answer(fake: &FakePayments, call: &Call, what: &str) -> Reply {
    let body = call.json();
    let done = match what {
        "state" => Some(state_as_json(fake)),
        "log" => Some(fake.log()),
        "endpoint" => read(&body).map(|Endpoint { url, secret }| {
            fake.endpoint(&url, &secret);
            json!({})
        }),
        "delivery-options" => read(&body).map(|options: DeliveryOptions| {
            fake.set_delivery_options(options);
            json!({})
        }),
        "fault" => read(&body).map(|fault| {
            fake.fault(fault);
            json!({})
        }),
        "deliver" => match read::<DeliverRequest>(&body) {
            Some(request) => Some(json!(fake.deliver(&request).await)),
            None => None,
        },
        _ => fake.change(|state| change(state, what, &body)),
    };
    done.map_or_else(
        || Reply::json(400, &json!({ "error": "unknown call, field or object" })),
        |value| Reply::json(200, &value),
    )
}

fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Option<T> {
    serde_json::from_value(body.clone()).ok()
}

fn change(state: &mut ProviderState, what: &str, body: &Value) -> Option<(Value, Vec<StateChange>)> {
    let text = |name: &str| body[name].as_str();
    let id = |(id, changes): (String, Vec<StateChange>)| (json!({ "id": id }), changes);
    let nothing = |changes: Vec<StateChange>| (json!({}), changes);
    match what {
        "advance" => {
            let days = body["days"].as_i64().unwrap_or(0);
            let seconds = body["seconds"].as_i64().unwrap_or(0);
            let ms = (days * 86_400 + seconds) * 1000;
            state.shift_ms += ms;
            state.now = state.now.plus_ms(ms);
            Some(nothing(state.tick()))
        }
        "card" => {
            let wanted = text("customer")?;
            let customer = state
                .customers
                .iter_mut()
                .find(|customer| customer.id == wanted)?;
            customer.card_works = body["works"].as_bool()?;
            Some(nothing(Vec::new()))
        }
        "refund" => state.refund(text("payment")?, body["cents"].as_i64()).map(id),
        "change-price" => state
            .change_price(
                text("subscription")?,
                text("price")?,
                body["invoice_now"].as_bool()?,
            )
            .map(nothing),
        "refund-fail" => state.fail_refund(text("refund")?).map(nothing),
        "dispute" => state.dispute(text("payment")?).map(id),
        "dispute-close" => state
            .close_dispute(text("dispute")?, body["won"].as_bool()?)
            .map(nothing),
        "settle" => Some(nothing(
            state.settle_checkout(text("checkout")?, body["paid"].as_bool()?),
        )),
        "expire" => Some(nothing(state.expire_checkout(text("checkout")?))),
        _ => None,
    }
}

fn state_as_json(fake: &FakePayments) -> Value {
    let state = fake.state();
    json!({
        "provider": state.provider, "now": state.now,
    "catalogue": state.catalogue.iter().map(|of| json!({ "price_id": of.price_id, "name": of.name, "cents": of.cents,
            "monthly": of.monthly })).collect::<Vec<_>>(),
        "checkouts": state.checkouts.iter().map(|of| json!({ "id": of.id, "status": of.status, "paid": of.paid,
            "price_id": of.params.price_id, "payment": of.payment, "subscription": of.subscription, "invoice": of.invoice,
            "customer": of.customer, "metadata": of.params.metadata })).collect::<Vec<_>>(),
        "subscriptions": state.subscriptions.iter().map(|of| json!({ "id": of.id, "status": of.status,
            "price_id": of.price_id, "customer": of.customer, "end": of.end, "ends": of.ends,
            })).collect::<Vec<_>>(),
        "invoices": state.invoices.iter().map(|of| json!({ "id": of.id, "status": of.status, "cents": of.cents,
            "reason": of.reason, "subscription": of.subscription, "payment": of.payment })).collect::<Vec<_>>(),
        "payments": state.payments.iter().map(|of| json!({ "id": of.id, "status": of.status, "cents": of.cents,
            "refunded_cents": state.refunded(&of.id), "checkout": of.checkout, "invoice": of.invoice,
            "customer": of.customer })).collect::<Vec<_>>(),
        "refunds": state.refunds.iter().map(|of| json!({ "id": of.id, "payment": of.payment, "cents": of.cents,
            "status": of.status })).collect::<Vec<_>>(),
        "disputes": state.disputes.iter().map(|of| json!({ "id": of.id, "payment": of.payment, "cents": of.cents,
            "status": of.status })).collect::<Vec<_>>(),
    })
}
