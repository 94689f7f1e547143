//! Secrets: several while rolling, never none, never printed.

use domain::Timestamp;

use super::{BODY_BYTES_MAX, PaymentVendor, WebhookError, WebhookSecrets, read_webhook};

#[test]
fn an_empty_or_blank_secret_is_refused() {
    for text in ["", " ", "\n", " , ,\t\r\n"] {
        assert_eq!(
            WebhookSecrets::parse(text),
            Err(WebhookError::SecretMissing),
            "{text:?}"
        );
    }
}

#[test]
fn a_line_break_after_a_secret_is_not_part_of_it() {
    assert_eq!(
        WebhookSecrets::parse("whsec_a\n").unwrap(),
        WebhookSecrets::parse("whsec_a").unwrap()
    );
}

#[test]
fn secrets_are_not_printed() {
    let secrets = WebhookSecrets::parse("whsec_hidden").unwrap();
    assert_eq!(format!("{secrets:?}"), "[redacted]");
}

#[test]
fn a_delivery_without_a_signature_and_one_that_is_too_long_are_refused_before_any_hashing() {
    let secrets = WebhookSecrets::parse("whsec_a").unwrap();
    let now = Timestamp::from_ms(0);
    for vendor in [PaymentVendor::Stripe, PaymentVendor::Creem] {
        assert_eq!(
            read_webhook(vendor, b"{}", None, &secrets, now),
            Err(WebhookError::SignatureMissing)
        );
        assert_eq!(
            read_webhook(
                vendor,
                &vec![b' '; BODY_BYTES_MAX + 1],
                Some("t=0,v1=00"),
                &secrets,
                now
            ),
            Err(WebhookError::BodyTooLong)
        );
    }
}
