//! Secrets that are shown once, after which only their hash is known: of an API key, and of an invitation.

use std::fmt;
use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What a secret is for.
pub trait SecretKind {
    /// What every secret of it begins with, so that a scanner of leaked secrets finds it.
    const PREFIX: &'static str;
}

/// An API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForKey;

impl SecretKind for ForKey {
    const PREFIX: &'static str = "rs_live_";
}

/// An invitation to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForInvitation;

impl SecretKind for ForInvitation {
    const PREFIX: &'static str = "rs_join_";
}

/// The secret of an API key.
pub type KeySecret = Secret<ForKey>;
/// The secret of an invitation.
pub type InvitationSecret = Secret<ForInvitation>;

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
/// The prefix of its kind and 43 characters of base64 for URLs: 256 random bits, so a fast hash without salt is enough.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<K>(String, PhantomData<K>);

impl<K: SecretKind> Secret<K> {
    /// A new secret.
    pub fn make(entropy: &dyn Entropy) -> Self {
        let body = URL_SAFE_NO_PAD.encode(entropy.bits());
        Self(format!("{}{body}", K::PREFIX), PhantomData)
    }

    /// A secret as a client sent it; none when it cannot be one, which saves the look-up.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(K::PREFIX)?;
        let fits = body.len() == BODY_CHARS
            && body
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        fits.then(|| Self(text.to_owned(), PhantomData))
    }

    /// SHA-256, hexadecimal: what is stored and looked up.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// The beginning, to recognise it by.
    pub fn shown_prefix(&self) -> String {
        self.0.chars().take(K::PREFIX.len() + SHOWN_CHARS).collect()
    }

    /// The whole text, for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<K> fmt::Debug for Secret<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

#[cfg(test)]
mod tests;
