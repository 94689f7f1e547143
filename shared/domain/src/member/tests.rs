//! Tests of `member`.

use super::{MemberRole, Spender, SpenderId, raises};
use crate::{ApiKeyId, MemberId};
use crate::{Credits, Scope};

#[test]
fn a_role_gives_what_its_word_says_and_the_owners_is_not_given() {
    assert_eq!(MemberRole::parse("viewer").unwrap().scopes(), [Scope::Read]);
    assert!(
        !MemberRole::parse("editor")
            .unwrap()
            .scopes()
            .contains(&Scope::Delete)
    );
    assert_eq!(MemberRole::parse("admin").unwrap().scopes(), Scope::ALL);
    let refused = MemberRole::parse("owner").unwrap_err();
    assert_eq!((refused.field.as_str(), refused.rule), ("role", "unknown_value"));
}

#[test]
fn a_spender_is_read_by_its_prefix_and_by_the_field_that_keys_had() {
    let (key, member) = (ApiKeyId::new(1_u128.into()), MemberId::new(2_u128.into()));
    for by in [SpenderId::Key(key), SpenderId::Member(member)] {
        assert_eq!(by.to_string().parse(), Ok(by));
        let spender = Spender {
            by,
            monthly_credits: None,
            maker: None,
        };
        let text = serde_json::to_string(&spender).unwrap();
        assert_eq!(serde_json::from_str::<Spender>(&text).unwrap(), spender);
    }
    let old: Spender = serde_json::from_str(&format!(r#"{{"key_id":"{key}"}}"#)).unwrap();
    assert_eq!(old.by, SpenderId::Key(key));
    assert!("job_00000000000000000000000001".parse::<SpenderId>().is_err());
}

#[test]
fn no_limit_is_above_every_limit() {
    let some = |credits| Some(Credits::new(credits));
    assert!(raises(some(5), some(6)) && raises(some(5), None));
    assert!(!raises(some(5), some(5)) && !raises(some(5), some(4)));
    assert!(!raises(None, None) && !raises(None, some(9)));
}
