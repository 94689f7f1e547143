//! Stripe's signature: the published vector, and everything that must not pass.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::OnceLock;

use domain::Timestamp;
use serde_json::{Value, json};
use stripe_webhook::Webhook;
use tracing::Dispatch;
use tracing::subscriber::{NoSubscriber, set_global_default};

use super::{read, sign};
use crate::{EventKind, ProviderEvent, WebhookError, WebhookSecrets};

const SECRET: &str = "whsec_test_secret";
const SIGNED_AT_S: i64 = 1_492_774_577;

fn at(second: i64) -> Timestamp {
    Timestamp::from_ms(second * 1000)
}

fn secrets(text: &str) -> WebhookSecrets {
    WebhookSecrets::parse(text).unwrap()
}

fn body() -> Vec<u8> {
    json!({
        "id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1_492_774_000, "livemode": false,
        "api_version": "2026-10-28.endive",
        "data": { "object": {
            "id": "in_1", "object": "invoice", "customer": "cus_1",
            "parent": { "type": "subscription_details", "subscription_details": {
                "subscription": "sub_1", "metadata": { "account_id": "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV" } } },
        } },
    })
    .to_string()
    .into_bytes()
}

fn read_at(body: &[u8], header: &str, second: i64) -> Result<ProviderEvent, WebhookError> {
    read(body, header, &secrets(SECRET), at(second))
}

#[test]
fn the_vector_of_the_facts_is_met() {
    assert_eq!(
        sign(br#"{"id":"evt_test"}"#, SECRET, at(SIGNED_AT_S)),
        "t=1492774577,v1=22f7d74836ddad3284a2b80853dd2fe731655c1bfddcff3c3666a500cf3abd80"
    );
}

#[test]
fn a_signed_event_is_read() {
    let event = read_at(&body(), &sign(&body(), SECRET, at(SIGNED_AT_S)), SIGNED_AT_S).unwrap();
    assert_eq!((event.id.as_str(), event.kind), ("evt_1", EventKind::Invoice));
    assert_eq!(event.objects.invoice.as_deref(), Some("in_1"));
    assert_eq!(event.objects.subscription.as_deref(), Some("sub_1"));
    assert_eq!(
        event.account.unwrap().to_string(),
        "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    );
    assert!(!event.livemode);
}

#[test]
fn the_time_may_lie_five_minutes_off_both_ways_and_not_a_second_more() {
    let header = sign(&body(), SECRET, at(SIGNED_AT_S));
    for second in [SIGNED_AT_S - 300, SIGNED_AT_S + 300] {
        assert!(read_at(&body(), &header, second).is_ok());
    }
    for second in [SIGNED_AT_S - 301, SIGNED_AT_S + 301, SIGNED_AT_S + 600] {
        assert_eq!(
            read_at(&body(), &header, second),
            Err(WebhookError::TimestampOutside)
        );
    }
}

#[test]
fn forged_truncated_changed_and_re_serialised_bodies_are_refused() {
    let header = sign(&body(), SECRET, at(SIGNED_AT_S));
    let mut truncated = body();
    truncated.pop();
    let mut changed = body();
    changed[10] ^= 1;
    let spaced = [body(), b"\n".to_vec()].concat();
    for other in [truncated, changed, spaced, Vec::new()] {
        assert_eq!(
            read_at(&other, &header, SIGNED_AT_S),
            Err(WebhookError::SignatureWrong)
        );
    }
    let forged = sign(&body(), "whsec_other", at(SIGNED_AT_S));
    assert_eq!(
        read_at(&body(), &forged, SIGNED_AT_S),
        Err(WebhookError::SignatureWrong)
    );
}

#[test]
fn a_new_time_on_an_old_signature_is_refused() {
    let header = sign(&body(), SECRET, at(SIGNED_AT_S)).replace("t=1492774577", "t=1492775577");
    assert_eq!(
        read_at(&body(), &header, SIGNED_AT_S + 1000),
        Err(WebhookError::SignatureWrong)
    );
}

#[test]
fn any_right_v1_is_enough_and_other_schemes_count_for_nothing() {
    let right = sign(&body(), SECRET, at(SIGNED_AT_S));
    let signature = right.split_once("v1=").unwrap().1;
    let wrong = "00".repeat(32);
    for header in [
        format!("t={SIGNED_AT_S},v1={wrong},v1={signature}"),
        format!("t={SIGNED_AT_S},v1={signature},v1={wrong}"),
        format!("v0={wrong},v1={signature},v9=x,t={SIGNED_AT_S}"),
    ] {
        assert!(read_at(&body(), &header, SIGNED_AT_S).is_ok(), "{header}");
    }
    for header in [
        format!("t={SIGNED_AT_S},v0={signature}"),
        format!("t={SIGNED_AT_S}"),
        format!("v1={signature}"),
        format!("t=,v1={signature}x"),
        format!("t=-5,v1={signature}"),
        format!("t={SIGNED_AT_S},t=1,v1={signature}"),
        String::new(),
        "nonsense".to_owned(),
    ] {
        let refused = read_at(&body(), &header, SIGNED_AT_S).unwrap_err();
        assert!(
            matches!(
                refused,
                WebhookError::SignatureMalformed | WebhookError::SignatureWrong
            ),
            "{header}: {refused}"
        );
    }
}

#[test]
fn a_signature_that_is_not_hexadecimal_or_cut_short_is_refused() {
    let right = sign(&body(), SECRET, at(SIGNED_AT_S));
    for header in [
        right.chars().take(right.len() - 2).collect(),
        format!("t={SIGNED_AT_S},v1=zz"),
    ] {
        assert_eq!(
            read_at(&body(), &header, SIGNED_AT_S),
            Err(WebhookError::SignatureWrong)
        );
    }
}

#[test]
fn while_a_secret_is_rolled_both_are_right_and_afterwards_only_the_new_one() {
    let old = sign(&body(), "whsec_old", at(SIGNED_AT_S));
    let new = sign(&body(), "whsec_new", at(SIGNED_AT_S));
    let both = secrets("whsec_new, whsec_old");
    assert!(read(&body(), &old, &both, at(SIGNED_AT_S)).is_ok());
    assert!(read(&body(), &new, &both, at(SIGNED_AT_S)).is_ok());
    assert_eq!(
        read(&body(), &old, &secrets("whsec_new"), at(SIGNED_AT_S)),
        Err(WebhookError::SignatureWrong)
    );
}

#[test]
fn an_unknown_type_is_an_event_and_a_thin_event_of_v2_is_not() {
    let unknown = json!({ "id": "evt_2", "object": "event", "type": "moon.landed", "created": 1, "livemode": true,
        "data": { "object": {} } });
    let thin = json!({ "id": "evt_3", "object": "v2.core.event", "type": "v1.billing.meter.error", "created": "2026" });
    let read_signed = |event: &Value| {
        let bytes = event.to_string().into_bytes();
        read_at(&bytes, &sign(&bytes, SECRET, at(SIGNED_AT_S)), SIGNED_AT_S)
    };
    let event = read_signed(&unknown).unwrap();
    assert_eq!((event.kind, event.livemode), (EventKind::Other, true));
    assert_eq!(read_signed(&thin), Err(WebhookError::BodyMalformed));
    assert_eq!(read_signed(&json!([1])), Err(WebhookError::BodyMalformed));
}

#[test]
fn a_refund_and_a_dispute_name_their_payment() {
    for (name, object) in [
        (
            "refund.created",
            json!({ "id": "re_1", "object": "refund", "payment_intent": "pi_1", "charge": "ch_1" }),
        ),
        (
            "charge.dispute.created",
            json!({ "id": "dp_1", "object": "dispute", "payment_intent": { "id": "pi_1" } }),
        ),
        (
            "charge.refunded",
            json!({ "id": "ch_1", "object": "charge", "payment_intent": "pi_1" }),
        ),
    ] {
        let event = json!({ "id": "evt_4", "object": "event", "type": name, "created": 1, "livemode": false,
            "data": { "object": object } })
        .to_string()
        .into_bytes();
        let event = read_at(&event, &sign(&event, SECRET, at(SIGNED_AT_S)), SIGNED_AT_S).unwrap();
        assert_eq!(event.kind, EventKind::Payment, "{name}");
        assert_eq!(event.objects.payment.as_deref(), Some("pi_1"), "{name}");
    }
}

/// An event as an endpoint of 2020 sends it: the package's types, of 2026, do not fit.
fn older() -> Value {
    json!({ "id": "evt_5", "object": "event", "type": "invoice.paid", "created": 1, "livemode": false,
        "api_version": "2020-08-27", "pending_webhooks": 1, "request": "req_1",
        "data": { "object": { "id": "in_1", "object": "invoice", "customer": "cus_1", "subscription": "sub_1",
            "payment_intent": "pi_1" } } })
}

#[test]
fn an_event_that_the_packages_types_do_not_fit_is_read() {
    let body = older().to_string();
    let header = sign(body.as_bytes(), SECRET, at(SIGNED_AT_S));
    let by_the_package = Webhook::construct_event_with_timestamp(&body, &header, SECRET, SIGNED_AT_S);
    assert!(matches!(
        by_the_package,
        Err(stripe_webhook::WebhookError::BadParse(_))
    ));
    let event = read_at(body.as_bytes(), &header, SIGNED_AT_S).unwrap();
    assert_eq!(event.api_version.as_deref(), Some("2020-08-27"));
    assert_eq!(event.objects.subscription.as_deref(), Some("sub_1"));
    assert_eq!(event.objects.payment.as_deref(), Some("pi_1"));
}

#[test]
fn a_body_that_the_packages_types_do_not_fit_still_needs_its_signature_and_its_time() {
    let body = older().to_string().into_bytes();
    let forged = sign(&body, "whsec_other", at(SIGNED_AT_S));
    assert_eq!(
        read_at(&body, &forged, SIGNED_AT_S),
        Err(WebhookError::SignatureWrong)
    );
    let header = sign(&body, SECRET, at(SIGNED_AT_S));
    assert_eq!(
        read_at(&body, &header, SIGNED_AT_S + 301),
        Err(WebhookError::TimestampOutside)
    );
    let no_text = [body, vec![0xff]].concat();
    let header = sign(&no_text, SECRET, at(SIGNED_AT_S));
    assert_eq!(
        read_at(&no_text, &header, SIGNED_AT_S),
        Err(WebhookError::SignatureWrong)
    );
}

thread_local! {
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes what a thread logs into [`LOGGED`].
struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What this thread logs meanwhile.
fn logged(work: impl FnOnce()) -> String {
    static LISTENS: OnceLock<()> = OnceLock::new();
    LISTENS.get_or_init(|| {
        let subscriber = tracing_subscriber::fmt().with_writer(|| ThreadLog).finish();
        set_global_default(subscriber).unwrap();
    });
    // With one subscriber alone `tracing` remembers of each place in the code what the first thread there wanted, and
    // that may be a test that wants none; a second one makes it ask both again.
    let _second = Dispatch::new(NoSubscriber::default());
    LOGGED.take();
    work();
    String::from_utf8(LOGGED.take()).unwrap()
}

#[test]
fn an_older_event_raises_no_alarm_though_the_package_logs_an_error() {
    let body = older().to_string();
    let header = sign(body.as_bytes(), SECRET, at(SIGNED_AT_S));
    let by_the_package = logged(|| {
        assert!(Webhook::construct_event_with_timestamp(&body, &header, SECRET, SIGNED_AT_S).is_err());
    });
    assert!(by_the_package.contains("ERROR"), "{by_the_package}");
    let by_us = logged(|| {
        assert!(read_at(body.as_bytes(), &header, SIGNED_AT_S).is_ok());
    });
    assert_eq!(by_us, "");
}
