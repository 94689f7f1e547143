//! Secrets: several while rolling, never none, never printed.

use super::{WebhookError, WebhookSecrets, hex_hmac};

#[test]
fn an_empty_or_blank_secret_is_refused() {
    for text in ["", " ", "\n", " , ,\t\r\n"] {
        assert!(
            matches!(WebhookSecrets::parse(text), Err(WebhookError::SecretMissing)),
            "{text:?}"
        );
    }
}

#[test]
fn a_line_break_after_a_secret_is_not_part_of_it() {
    let secrets = WebhookSecrets::parse("whsec_a\n").unwrap();
    let signature = hex_hmac("whsec_a", &[b"body"]);
    assert!(secrets.signed(&[b"body"], &[&signature]));
}

#[test]
fn secrets_are_not_printed() {
    let secrets = WebhookSecrets::parse("whsec_hidden").unwrap();
    assert!(!format!("{secrets:?}").contains("hidden"));
}
