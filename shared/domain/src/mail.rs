//! Mail to a person: what is sent, and the port that sends it.

use std::fmt;

use crate::ports::{PortError, Work};

/// One message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Email address of the recipient.
    pub to: String,
    /// Subject, one line.
    pub subject: String,
    /// Body as plain text.
    pub text: String,
    /// The same body as HTML.
    pub html: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address and what we tell its owner are nobody else's.
        f.write_str("Mail([redacted])")
    }
}

/// Sends one mail at a time to one address.
pub trait Mailer: fmt::Debug + Send + Sync {
    /// Hands a message over for delivery.
    ///
    /// # Promises
    /// None of its own against sending twice: the service has no idempotency key, so a caller remembers what it sent.
    fn send<'a>(&'a self, mail: &'a Mail) -> Work<'a, Result<(), PortError>>;
}
