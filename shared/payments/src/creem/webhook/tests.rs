//! Creem's signature: the published vector, and everything that must not pass.

use serde_json::{Value, json};

use super::{read, sign};
use crate::{EventKind, ProviderEvent, WebhookError, WebhookSecrets};

const SECRET: &str = "whsec_test_secret";
const ACCOUNT: &str = "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV";

fn secrets(text: &str) -> WebhookSecrets {
    WebhookSecrets::parse(text).unwrap()
}

fn read_signed(event: &Value) -> Result<ProviderEvent, WebhookError> {
    let body = event.to_string().into_bytes();
    read(&body, &sign(&body, SECRET), &secrets(SECRET))
}

fn paid() -> Value {
    json!({ "id": "evt_1", "eventType": "subscription.paid", "created_at": 1_728_734_327_355_i64, "object": {
        "id": "sub_1", "object": "subscription", "customer": { "id": "cust_1" }, "last_transaction_id": "tran_1",
        "metadata": { "account_id": ACCOUNT }, "mode": "test" } })
}

#[test]
fn the_vector_of_the_facts_is_met() {
    assert_eq!(
        sign(br#"{"id":"evt_test"}"#, SECRET),
        "ab1caa7580c7d4e91596b22a5cedfcb89cb0a78d11c1664991cdbe333d6d84d5"
    );
}

#[test]
fn a_paid_period_names_subscription_and_transaction() {
    let event = read_signed(&paid()).unwrap();
    assert_eq!(event.kind, EventKind::Invoice);
    assert_eq!(event.objects.subscription.as_deref(), Some("sub_1"));
    assert_eq!(event.objects.invoice.as_deref(), Some("tran_1"));
    assert_eq!(event.account.unwrap().to_string(), ACCOUNT);
    assert_eq!(event.created.as_ms(), 1_728_734_327_355);
    assert!(!event.livemode);
}

#[test]
fn a_refund_names_its_transaction_and_its_checkout() {
    let event = read_signed(
        &json!({ "id": "evt_2", "eventType": "refund.created", "created_at": 1, "object": {
        "id": "ref_1", "object": "refund", "transaction": { "id": "tran_1", "type": "payment" },
        "checkout": { "id": "ch_1", "metadata": { "account_id": ACCOUNT } }, "mode": "prod" } }),
    )
    .unwrap();
    assert_eq!(event.kind, EventKind::Payment);
    assert_eq!(event.objects.payment.as_deref(), Some("tran_1"));
    assert_eq!(event.objects.checkout.as_deref(), Some("ch_1"));
    assert_eq!(event.objects.invoice, None);
    assert!(event.account.is_some() && event.livemode);
}

#[test]
fn forged_truncated_and_malformed_deliveries_are_refused() {
    let body = paid().to_string().into_bytes();
    let right = sign(&body, SECRET);
    let check = |body: &[u8], header: &str| read(body, header, &secrets(SECRET));
    assert!(check(&body, &right).is_ok());
    assert_eq!(check(&body[1..], &right), Err(WebhookError::SignatureWrong));
    assert_eq!(
        check(&body, &sign(&body, "whsec_other")),
        Err(WebhookError::SignatureWrong)
    );
    for header in ["", "zz", right.get(2..).unwrap(), "v1=00"] {
        assert_eq!(
            check(&body, header),
            Err(WebhookError::SignatureMalformed),
            "{header}"
        );
    }
}

#[test]
fn while_a_secret_is_rolled_both_are_right() {
    let body = paid().to_string().into_bytes();
    assert!(read(&body, &sign(&body, "whsec_old"), &secrets("whsec_new whsec_old")).is_ok());
}

#[test]
fn an_unknown_type_is_an_event_and_stripes_shape_is_not() {
    let unknown = json!({ "id": "evt_3", "eventType": "credits.granted", "created_at": 1, "object": {} });
    assert_eq!(read_signed(&unknown).unwrap().kind, EventKind::Other);
    let stripes = json!({ "id": "evt_4", "type": "invoice.paid", "created": 1, "data": { "object": {} } });
    assert_eq!(read_signed(&stripes), Err(WebhookError::BodyMalformed));
}
