//! Tests of `sign_in`.

use domain::AccountId;
use domain::ports::People;
use testkit::FakePeople;

use super::{account_of, check_refresh_token, parse_code, session_of};

#[tokio::test]
async fn the_account_and_the_session_are_read_from_the_token() {
    let people = FakePeople::default();
    let account = people.confirmed("ann@example.com", "correct horse", 7);
    let session = people.log_in("ann@example.com", "correct horse").await.unwrap();
    assert_eq!(account_of(&session).unwrap(), account);
    assert_eq!(account, AccountId::new(7_u128.into()));
    let now = domain::Timestamp::from_ms(testkit::time::NOW_MS);
    let (id, until) = session_of(&session.access_token, now).unwrap().unwrap();
    assert!(id.starts_with("log-in "), "{id}");
    assert!(until > now);
    assert!(session_of("not a token", now).is_err());
}

#[test]
fn a_code_and_a_token_are_bounded() {
    assert_eq!(parse_code(" 123456 ").unwrap(), "123456");
    for code in ["", "  ", &"1".repeat(65)] {
        assert_eq!(parse_code(code).unwrap_err().rule, "format");
    }
    assert!(check_refresh_token("x").is_ok());
    for token in ["", &"x".repeat(8193)] {
        assert_eq!(check_refresh_token(token).unwrap_err().rule, "format");
    }
}
