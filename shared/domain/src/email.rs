//! E-mail addresses: which ones are taken, and when two of them are one mailbox.

use crate::Invalid;

/// Longest address, in characters: the pool's user name is one and takes no more.
///
/// # Source
/// Amazon Cognito API reference, `SignUp`, `Username`; RFC 5321 alone would allow 254 bytes.
pub const EMAIL_CHARS_MAX: usize = 128;
/// Longest part before the `@`, in bytes.
///
/// # Source
/// RFC 5321, 4.5.3.1.1.
const LOCAL_PART_BYTES_MAX: usize = 64;
/// Longest label of a host name, in bytes (RFC 1035, 2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// Mail of Google: dots before the `@` are left out, and both domains are one.
const GOOGLE: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Reads an address: trimmed, lower case, a local part without quotes, a host name with a dot. The mailed code proves
/// the rest.
///
/// # Errors
/// [`Invalid`] with rule `required`, `too_long` or `email`.
pub fn parse_email(text: &str) -> Result<String, Invalid> {
    let address = text.trim().to_lowercase();
    if address.is_empty() {
        return Err(Invalid::new("email", "required", "must not be empty"));
    }
    if address.chars().count() > EMAIL_CHARS_MAX {
        let message = format!("must have at most {EMAIL_CHARS_MAX} characters");
        return Err(Invalid::new("email", "too_long", &message));
    }
    match address.split_once('@') {
        Some((local, host)) if is_local_part(local) && is_host_name(host) => Ok(address),
        _ => Err(Invalid::new("email", "email", "must be an e-mail address")),
    }
}

/// The mailbox that an address leads to, as far as its spelling says: without what follows a `+`, and at Google without
/// dots. Only to give a gift once: mail goes to the address as it was written.
pub fn mailbox(address: &str) -> String {
    let (local, host) = address.split_once('@').unwrap_or((address, ""));
    let base = local.split('+').next().filter(|base| !base.is_empty());
    let base = base.unwrap_or(local);
    if GOOGLE.contains(&host) {
        format!("{}@{}", base.replace('.', ""), GOOGLE[0])
    } else {
        format!("{base}@{host}")
    }
}

/// A dot-atom of RFC 5322, 3.2.3; letters and digits of any script (RFC 6531).
fn is_local_part(local: &str) -> bool {
    let atom = |part: &str| {
        let plain = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        !part.is_empty() && part.chars().all(plain)
    };
    local.len() <= LOCAL_PART_BYTES_MAX && local.split('.').all(atom)
}

/// Two labels or more of letters, digits and hyphens; the last is no number, so it is no IP address.
fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_BYTES_MAX
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && host.split('.').all(label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
