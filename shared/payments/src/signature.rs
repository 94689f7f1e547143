//! What both providers' webhooks are checked with: the secrets and the reasons for a refusal; and Creem's HMAC, which
//! fakes sign Stripe's with too.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use sha2::Sha256;

/// Longest body that is read, in bytes; the largest events (invoices with many lines) stay far below.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Why a delivery was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No secret is configured, or only blanks: then everybody could sign.
    #[error("no webhook secret is configured")]
    SecretMissing,
    /// There is no signature header.
    #[error("the signature header is missing")]
    SignatureMissing,
    /// The header does not have its form.
    #[error("the signature header is malformed")]
    SignatureMalformed,
    /// No signature is right: forged, of another secret, or of another body.
    #[error("no signature is right")]
    SignatureWrong,
    /// The signed time is too far from ours: replayed, or one of the clocks is wrong.
    #[error("the signed time is out of tolerance")]
    TimestampOutside,
    /// More than [`BODY_BYTES_MAX`].
    #[error("the body is too long")]
    BodyTooLong,
    /// Signed, but no event.
    #[error("the signed body is no event")]
    BodyMalformed,
}

impl WebhookError {
    /// A stable name for logs and details.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SecretMissing => "secret_missing",
            Self::SignatureMissing => "signature_missing",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureWrong => "signature_wrong",
            Self::TimestampOutside => "timestamp_outside",
            Self::BodyTooLong => "body_too_long",
            Self::BodyMalformed => "body_malformed",
        }
    }
}

/// The secrets of an endpoint: one, or two while it is being rolled.
#[derive(Debug, Clone)]
pub struct WebhookSecrets(Vec<SecretString>);

impl WebhookSecrets {
    /// Secrets, parted by commas or white space; a stray line break does no harm.
    ///
    /// # Errors
    /// [`WebhookError::SecretMissing`] when nothing is left: an empty key would sign for everybody.
    pub fn parse(text: &str) -> Result<Self, WebhookError> {
        let secrets: Vec<SecretString> = text
            .split(|letter: char| letter == ',' || letter.is_whitespace())
            .filter(|secret| !secret.is_empty())
            .map(SecretString::from)
            .collect();
        if secrets.is_empty() {
            return Err(WebhookError::SecretMissing);
        }
        Ok(Self(secrets))
    }

    /// Each of them.
    pub(crate) fn each(&self) -> impl Iterator<Item = &SecretString> {
        self.0.iter()
    }

    /// Whether one of the hexadecimal signatures is right under one of the secrets; each comparison takes the same
    /// time whatever is wrong.
    pub(crate) fn signed(&self, parts: &[&[u8]], signatures: &[&str]) -> bool {
        let given: Vec<Vec<u8>> = signatures
            .iter()
            .filter_map(|text| hex::decode(text).ok())
            .collect();
        self.0.iter().any(|secret| {
            given.iter().any(|signature| {
                mac(secret.expose_secret(), parts).is_some_and(|mac| mac.verify_slice(signature).is_ok())
            })
        })
    }
}

fn mac(secret: &str, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}

/// `HMAC-SHA256` of the parts in a row, in hexadecimal; the whole secret is the key, with its prefix.
pub fn hex_hmac(secret: &str, parts: &[&[u8]]) -> String {
    mac(secret, parts).map_or_else(String::new, |mac| hex::encode(mac.finalize().into_bytes()))
}

/// The text at a JSON pointer.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// The id at a JSON pointer, whether it stands for itself or its object was expanded.
pub(crate) fn id(value: &Value, pointer: &str) -> Option<String> {
    let found = value.pointer(pointer)?;
    found
        .as_str()
        .or_else(|| found.get("id")?.as_str())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
