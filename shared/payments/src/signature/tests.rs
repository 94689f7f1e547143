//! Secrets: several while rolling, never none, never printed.

use super::{WebhookError, WebhookSecrets};

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
