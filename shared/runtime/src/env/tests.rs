//! Tests of `env`.

use std::path::PathBuf;

use super::{Env, StartError};

#[test]
fn a_missing_or_empty_variable_is_named() {
    let env = Env::of([("LEDGER_TABLE", "ledger"), ("MEDIA_BUCKET", "")]);
    assert_eq!(env.required("LEDGER_TABLE").unwrap(), "ledger");
    for name in ["MEDIA_BUCKET", "STUDIO_TABLE"] {
        let error = env.required(name).unwrap_err();
        assert_eq!(error.to_string(), format!("the variable {name} is not set"));
    }
}

#[test]
fn a_number_has_a_default_and_another_word_is_refused_without_its_value() {
    let env = Env::of([("RETRIES", "7"), ("ODD", "hunter2")]);
    assert_eq!(env.number_or("RETRIES", 3).unwrap(), 7);
    assert_eq!(env.number_or("ABSENT", 3).unwrap(), 3);
    let error = env.number_or("ODD", 3).unwrap_err();
    assert!(
        matches!(error, StartError::InvalidVariable { name: "ODD", .. }),
        "{error:?}"
    );
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn a_path_is_taken_as_it_is() {
    let env = Env::of([("FONTS_DIR", "/opt/fonts")]);
    assert_eq!(env.path("FONTS_DIR").unwrap(), PathBuf::from("/opt/fonts"));
}
