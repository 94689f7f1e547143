//! The control API of a fake provider: what a test or an operator of a demo tells it over HTTP.
//!
//! | call | body | does |
//! |---|---|---|
//! | `GET _control/state` | | all that it knows |
//! | `GET _control/log` | | its events, and the attempts to deliver them |
//! | `POST _control/endpoint` | `{"url","secret"}` | sends webhooks there from now on, once |
//! | `POST _control/script` | [`Script`] | how deliveries are made |
//! | `POST _control/deliver` | `{"times"?,"seed"?,"events"?}` | delivers the held events, or those named; shuffled by a seed |
//! | `POST _control/fault` | [`ApiFault`](super::faults::ApiFault) | API calls that go wrong |
//! | `POST _control/advance` | `{"days"?,"seconds"?}` | moves its clock: renewals, planned ends, pages that close |
//! | `POST _control/card` | `{"customer","works"}` | whether renewals go through |
//! | `POST _control/refund` | `{"payment","cents"?}` | gives money back |
//! | `POST _control/refund-fail` | `{"refund"}` | a bank sends it back |
//! | `POST _control/dispute` | `{"payment"}` | a bank asks for money back |
//! | `POST _control/dispute-close` | `{"dispute","won"}` | the bank decides |
//! | `POST _control/settle` | `{"checkout","paid"}` | a delayed payment comes or fails |
//! | `POST _control/expire` | `{"checkout"}` | a page closes |

use serde::Deserialize;
use serde_json::{Value, json};

use super::FakePayments;
use super::courier::{Endpoint, Script};
use super::http::{Call, Reply};
use super::shop::{Notice, Shop};

/// Which events to deliver, and how.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deliver {
    /// How often each; the script's number when absent.
    pub times: Option<u32>,
    /// Shuffles them; kept in order when absent.
    pub seed: Option<u64>,
    /// Ids; the held ones when absent.
    pub events: Option<Vec<String>>,
}

/// Answers a call under `_control/`.
pub(super) async fn answer(fake: &FakePayments, call: &Call, what: &str) -> Reply {
    let body = call.json();
    let done = match what {
        "state" => Some(state(fake)),
        "log" => Some(fake.log()),
        "endpoint" => read(&body).map(|Endpoint { url, secret }| {
            fake.endpoint(&url, &secret);
            json!({})
        }),
        "script" => read(&body).map(|script: Script| {
            fake.script(script);
            json!({})
        }),
        "fault" => read(&body).map(|fault| {
            fake.fault(fault);
            json!({})
        }),
        "deliver" => match read::<Deliver>(&body) {
            Some(order) => Some(json!(fake.deliver(&order).await)),
            None => None,
        },
        _ => fake.change(|shop| change(shop, what, &body)),
    };
    done.map_or_else(
        || Reply::json(400, &json!({ "error": "unknown call, field or object" })),
        |value| Reply::json(200, &value),
    )
}

fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Option<T> {
    serde_json::from_value(body.clone()).ok()
}

fn change(shop: &mut Shop, what: &str, body: &Value) -> Option<(Value, Vec<Notice>)> {
    let text = |name: &str| body[name].as_str();
    let id = |(id, notices): (String, Vec<Notice>)| (json!({ "id": id }), notices);
    let nothing = |notices: Vec<Notice>| (json!({}), notices);
    match what {
        "advance" => {
            let days = body["days"].as_i64().unwrap_or(0);
            let seconds = body["seconds"].as_i64().unwrap_or(0);
            let ms = (days * 86_400 + seconds) * 1000;
            shop.shift_ms += ms;
            shop.now = shop.now.plus_ms(ms);
            Some(nothing(shop.tick()))
        }
        "card" => {
            let wanted = text("customer")?;
            let customer = shop.customers.iter_mut().find(|customer| customer.id == wanted)?;
            customer.card_works = body["works"].as_bool()?;
            Some(nothing(Vec::new()))
        }
        "refund" => shop.refund(text("payment")?, body["cents"].as_i64()).map(id),
        "refund-fail" => shop.fail_refund(text("refund")?).map(nothing),
        "dispute" => shop.dispute(text("payment")?).map(id),
        "dispute-close" => shop
            .close_dispute(text("dispute")?, body["won"].as_bool()?)
            .map(nothing),
        "settle" => Some(nothing(
            shop.settle_sale(text("checkout")?, body["paid"].as_bool()?),
        )),
        "expire" => Some(nothing(shop.expire_sale(text("checkout")?))),
        _ => None,
    }
}

fn state(fake: &FakePayments) -> Value {
    let shop = fake.shop();
    json!({
        "provider": shop.provider, "now": shop.now,
        "goods": shop.goods.iter().map(|of| json!({ "price_id": of.price_id, "name": of.name, "cents": of.cents,
            "monthly": of.monthly })).collect::<Vec<_>>(),
        "checkouts": shop.sales.iter().map(|of| json!({ "id": of.id, "status": of.stage, "paid": of.paid,
            "price_id": of.order.price_id, "payment": of.payment, "subscription": of.plan, "invoice": of.bill,
            "customer": of.customer, "metadata": of.order.metadata })).collect::<Vec<_>>(),
        "subscriptions": shop.plans.iter().map(|of| json!({ "id": of.id, "status": of.status,
            "price_id": of.price_id, "customer": of.customer, "end": of.end, "ends": of.ends,
            })).collect::<Vec<_>>(),
        "invoices": shop.bills.iter().map(|of| json!({ "id": of.id, "status": of.status, "cents": of.cents,
            "reason": of.reason, "subscription": of.plan, "payment": of.payment })).collect::<Vec<_>>(),
        "payments": shop.payments.iter().map(|of| json!({ "id": of.id, "status": of.status, "cents": of.cents,
            "refunded_cents": shop.refunded(&of.id), "checkout": of.sale, "invoice": of.bill,
            "customer": of.customer })).collect::<Vec<_>>(),
        "refunds": shop.refunds.iter().map(|of| json!({ "id": of.id, "payment": of.payment, "cents": of.cents,
            "status": of.status })).collect::<Vec<_>>(),
        "disputes": shop.disputes.iter().map(|of| json!({ "id": of.id, "payment": of.payment, "cents": of.cents,
            "status": of.status })).collect::<Vec<_>>(),
    })
}
