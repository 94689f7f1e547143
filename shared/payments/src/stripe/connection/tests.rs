//! What goes to Stripe with each call, and what a refusal tells.

use serde_json::json;

use super::*;
use crate::stripe::requests;

fn connection() -> Connection {
    let key = ApiKey::parse("sk_test_hidden\n").unwrap();
    Connection::new(
        reqwest::Client::default(),
        &key,
        "http://127.0.0.1:9/",
        Retry::default(),
    )
}

#[test]
fn a_call_carries_our_version_and_key() {
    let request = connection()
        .build(requests::get("invoices", "in_1", &["payments"]))
        .build()
        .unwrap();
    assert_eq!(
        request.url().as_str(),
        "http://127.0.0.1:9/v1/invoices/in%5F1?expand[0]=payments"
    );
    assert_eq!(request.headers()["stripe-version"], API_VERSION);
    assert_eq!(request.headers()["authorization"], "Bearer sk_test_hidden");
}

#[test]
fn the_key_is_never_printed() {
    let connection = connection();
    let request = connection.build(requests::end_now("sub_1")).build().unwrap();
    for printed in [format!("{connection:?}"), format!("{request:?}")] {
        assert!(!printed.contains("hidden"), "{printed}");
    }
}

#[test]
fn only_a_callers_key_is_sent() {
    let key = IdempotencyKey::new("order_1").unwrap();
    let ours = RequestStrategy::Idempotent(key.clone());
    assert_eq!((ours.get_key(), repeat(&ours)), (Some(key), Repeat::UnderKey));
    // With the package's feature `uuid` each of these would make a key of its own.
    let several = RequestStrategy::ExponentialBackoff(3);
    assert_eq!((several.get_key(), repeat(&several)), (None, Repeat::Harmless));
    assert_eq!(repeat(&RequestStrategy::Once), Repeat::Twice);
}

#[tokio::test]
async fn a_key_that_stripe_would_not_take_is_refused_before_the_call() {
    for key in [String::new(), "k".repeat(256)] {
        let request = requests::end_at_period_end("sub_1");
        let refused = connection()
            .write::<serde_json::Value>("trying", request, &key)
            .await;
        assert!(
            matches!(refused, Err(PaymentError::Rejected { .. })),
            "{refused:?}"
        );
    }
}

fn words(body: &serde_json::Value) -> [String; 3] {
    let Refusal { kind, code, param } = refusal(body.to_string().as_bytes());
    [kind, code, param]
}

#[test]
fn a_refusal_tells_its_words_and_no_sentence() {
    let body = json!({ "error": {
        "type": "card_error", "code": "card_declined", "param": "customer", "message": "The card of Ann was declined.",
        "payment_intent": { "id": "pi_1", "shape": "of another version" },
    } });
    assert_eq!(words(&body), ["card_error", "card_declined", "customer"]);
}

#[test]
fn words_that_the_package_does_not_know_are_kept() {
    let body = json!({ "error": { "type": "moon_error", "code": "moon_landed", "param": null } });
    assert_eq!(words(&body), ["moon_error", "moon_landed", ""]);
    assert_eq!(words(&json!({ "error": {} })), ["", "", ""]);
    assert_eq!(words(&json!("Bad gateway")), ["", "", ""]);
}
