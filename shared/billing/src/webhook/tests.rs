//! What is refused before any hashing.

use domain::Timestamp;
use domain::billing::PaymentProvider;
use payments::signature::BODY_BYTES_MAX;
use payments::{WebhookError, WebhookSecrets};

use super::read_webhook;

#[test]
fn a_delivery_without_a_signature_and_one_that_is_too_long_are_refused_before_any_hashing() {
    let secrets = WebhookSecrets::parse("whsec_a").unwrap();
    let now = Timestamp::from_ms(0);
    for provider in [PaymentProvider::Stripe, PaymentProvider::Creem] {
        assert_eq!(
            read_webhook(provider, b"{}", None, &secrets, now),
            Err(WebhookError::SignatureMissing)
        );
        assert_eq!(
            read_webhook(
                provider,
                &vec![b' '; BODY_BYTES_MAX + 1],
                Some("t=0,v1=00"),
                &secrets,
                now
            ),
            Err(WebhookError::BodyTooLong)
        );
    }
}
