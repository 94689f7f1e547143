//! The secret of an API key: shown once, then only its hash is known.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What every secret begins with, so that a scanner of leaked secrets finds it.
pub const SECRET_PREFIX: &str = "rs_live_";
/// Characters after the prefix: 256 bits in base64.
const BODY_CHARS: usize = 43;
/// Characters of the body that its owner may see later.
const SHOWN_CHARS: usize = 4;

/// A source of random bits.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// 256 bits that nobody can guess.
    fn bits(&self) -> [u8; 32];
}

/// The whole secret.
///
/// # Shape
/// `rs_live_` and 43 characters of base64 for URLs: 256 random bits, so a fast hash without salt is enough.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret(String);

impl KeySecret {
    /// A new secret.
    pub fn make(entropy: &dyn Entropy) -> Self {
        Self(format!(
            "{SECRET_PREFIX}{}",
            URL_SAFE_NO_PAD.encode(entropy.bits())
        ))
    }

    /// A secret as a client sent it; none when it cannot be one, which saves the look-up.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(SECRET_PREFIX)?;
        let fits = body.len() == BODY_CHARS
            && body
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        fits.then(|| Self(text.to_owned()))
    }

    /// SHA-256, hexadecimal: what is stored and looked up.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// The beginning, to recognise it by.
    pub fn shown_prefix(&self) -> String {
        self.0.chars().take(SECRET_PREFIX.len() + SHOWN_CHARS).collect()
    }

    /// The whole text, for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret([redacted])")
    }
}

#[cfg(test)]
mod tests;
