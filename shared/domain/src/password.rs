//! What a new password must be. The user pool's own policy (`infra/stores.yaml`) says the same of length and classes, so
//! that it never refuses what this takes; a test holds the two together.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::json;

use crate::{ErrorCode, Failure, Invalid};

/// Shortest password, in characters: length is what resists guessing (NIST SP 800-63B).
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in characters; the pool's own limit.
pub const PASSWORD_CHARS_MAX: usize = 256;

/// The commonest passwords that would pass the other rules, in lower case.
///
/// # Source
/// `django/contrib/auth/common-passwords.txt.gz` of Django 5.2 (BSD-3-Clause, `common_passwords.LICENSE`), a list of
/// Royce Williams: its entries of ten characters or more with a letter and a digit.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Checks a password that is to be.
///
/// # Errors
/// [`Failure`] with `password_rejected` and `details.rule`: `too_short`, `too_long`, `lower_case`, `upper_case`, `digit`
/// or `too_common`.
pub fn check_new_password(text: &str, field: &str) -> Result<(), Failure> {
    let chars = text.chars().count();
    let lacks = |class: fn(char) -> bool| !text.chars().any(class);
    let refusals = [
        (
            chars < PASSWORD_CHARS_MIN,
            "too_short",
            format!("must have {PASSWORD_CHARS_MIN} characters or more"),
        ),
        (
            chars > PASSWORD_CHARS_MAX,
            "too_long",
            format!("must have at most {PASSWORD_CHARS_MAX} characters"),
        ),
        // The pool counts these letters and no others.
        (
            lacks(|c| c.is_ascii_lowercase()),
            "lower_case",
            "must have a letter a to z".to_owned(),
        ),
        (
            lacks(|c| c.is_ascii_uppercase()),
            "upper_case",
            "must have a letter A to Z".to_owned(),
        ),
        (
            lacks(|c| c.is_ascii_digit()),
            "digit",
            "must have a digit".to_owned(),
        ),
        (
            COMMON.contains(text.to_lowercase().as_str()),
            "too_common",
            "is one of the commonest; choose another".to_owned(),
        ),
    ];
    match refusals.into_iter().find(|(refused, ..)| *refused) {
        Some((_, rule, message)) => {
            let details = json!({"field": field, "rule": rule});
            Err(Failure::new(ErrorCode::PasswordRejected)
                .saying(&format!("{field} {message}"))
                .with_details(details))
        }
        None => Ok(()),
    }
}

/// Checks that a password which was typed can be one; whether it is the right one is for the pool.
///
/// # Errors
/// [`Invalid`] with rule `required` or `too_long`.
pub fn check_typed_password(text: &str, field: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::new(field, "required", "must not be empty"));
    }
    if text.chars().count() > PASSWORD_CHARS_MAX {
        let message = format!("must have at most {PASSWORD_CHARS_MAX} characters");
        return Err(Invalid::new(field, "too_long", &message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
