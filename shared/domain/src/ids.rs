//! Every identifier of the product: a public prefix and a ULID, so that a list of them sorts by time.
//!
//! A job's id can never be passed where a project's is wanted, and a wrong prefix does not parse.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

use crate::Invalid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// # Shape
        #[doc = concat!("`", $prefix, "_` and 26 characters of Crockford base 32.")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// The public prefix, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a ULID that an [`IdSource`](crate::ports::IdSource) minted.
            pub const fn new(body: Ulid) -> Self {
                Self(body)
            }

            /// The body without its prefix.
            pub const fn body(self) -> Ulid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                parse_body(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A row of the account's log: a change of its members or of its keys.
    AccessChangeId = "chg";
    /// A customer: the owner of projects, jobs and credits.
    AccountId = "acct";
    /// An operator's correction of a balance.
    AdjustmentId = "adj";
    /// An API key's public handle; not the secret.
    ApiKeyId = "key";
    /// A file of the customer's own.
    AssetId = "ast";
    /// One paid run of the pipeline, whatever number of times it is resumed.
    JobId = "job";
    /// Credits with one origin and one expiry.
    LotId = "lot";
    /// A person who spends from another one's wallet, from the invitation on.
    MemberId = "mem";
    /// A video being made.
    ProjectId = "prj";
    /// An operator's reset of an account's counters.
    QuotaResetId = "qrs";
    /// One call of the API, returned in `x-request-id`.
    RequestId = "req";
    /// A row of the credit history.
    TransactionId = "txn";
}

impl AccountId {
    /// The account of a user of the user pool: the ULID of the same 128 bits as the pool's UUID `sub`.
    ///
    /// # Promises
    /// The same subject always has the same account, so creating an account needs no look-up and no lock.
    ///
    /// # Errors
    /// [`Invalid`] when `subject` is not a UUID in its hyphenated form.
    pub fn from_subject(subject: &str) -> Result<Self, Invalid> {
        let digits: String = subject.chars().filter(|c| *c != '-').collect();
        if subject.len() != 36 || digits.len() != 32 {
            return Err(Invalid::new("sub", "uuid", "must be a UUID"));
        }
        u128::from_str_radix(&digits, 16)
            .map(|bits| Self(Ulid::from(bits)))
            .map_err(|_not_hex| Invalid::new("sub", "uuid", "must be a UUID"))
    }
}

fn parse_body(text: &str, prefix: &'static str) -> Result<Ulid, Invalid> {
    let wrong = || {
        Invalid::new(
            "id",
            "id_format",
            &format!("must be `{prefix}_` and 26 characters"),
        )
    };
    let body = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or_else(wrong)?;
    let ulid = Ulid::from_string(body).map_err(|_cause| wrong())?;
    // One spelling per id: lower case and look-alike letters decode to the same ULID but are other keys.
    if ulid.to_string() == body {
        Ok(ulid)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests;
