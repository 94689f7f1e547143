//! Tests of `access`, on the real store.

use domain::account::Role;
use domain::{AccountId, ApiKeyId, ErrorCode, Scope};
use testkit::dynamo;

use super::{Access, authorize, limit_public};
use crate::Request;
use crate::request::tests::post;

fn request(number: u128) -> Request {
    post(AccountId::new(number.into()), "")
}

fn by_key(number: u128, scopes: &[Scope], per_hour: u32) -> Request {
    let mut request = request(number);
    let caller = request.caller.as_mut().unwrap();
    caller.key_id = Some(ApiKeyId::new(number.into()));
    caller.key_requests_per_hour = Some(per_hour);
    caller.scopes = scopes.to_vec();
    request
}

#[tokio::test]
async fn nobody_is_let_in_without_a_caller() {
    let dynamo = dynamo().await;
    let mut request = request(1);
    request.caller = None;
    let failure = authorize(&dynamo.store, &request, Access::Read)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::Unauthenticated);
    request.refused = Some(ErrorCode::Unavailable);
    let failure = authorize(&dynamo.store, &request, Access::Read)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::Unavailable);
}

#[tokio::test]
async fn a_key_does_only_what_its_scopes_say() {
    let dynamo = dynamo().await;
    let reader = by_key(1, &[Scope::Read], 1000);
    assert!(authorize(&dynamo.store, &reader, Access::Read).await.is_ok());
    for access in [
        Access::Create,
        Access::Delete,
        Access::Generate,
        Access::Person,
        Access::Admin,
    ] {
        let failure = authorize(&dynamo.store, &reader, access).await.unwrap_err();
        assert_eq!(failure.code, ErrorCode::Forbidden, "{access:?}");
    }
    let strong = by_key(2, &Scope::ALL, 1000);
    let failure = authorize(&dynamo.store, &strong, Access::Person)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::Forbidden);
    assert!(
        authorize(&dynamo.store, &request(3), Access::Person)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn only_a_signed_in_operator_operates() {
    let dynamo = dynamo().await;
    let failure = authorize(&dynamo.store, &request(1), Access::Admin)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::Forbidden);
    let mut operator = request(2);
    operator.caller.as_mut().unwrap().role = Role::Admin;
    assert!(authorize(&dynamo.store, &operator, Access::Admin).await.is_ok());
    let mut program = by_key(3, &Scope::ALL, 1000);
    program.caller.as_mut().unwrap().role = Role::Admin;
    let failure = authorize(&dynamo.store, &program, Access::Admin)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::Forbidden, "a program never operates");
}

#[tokio::test]
async fn an_account_has_a_hundred_requests_a_minute_and_then_waits_for_the_next() {
    let dynamo = dynamo().await;
    let mut request = request(1);
    for _ in 0..100 {
        authorize(&dynamo.store, &request, Access::Read).await.unwrap();
    }
    let failure = authorize(&dynamo.store, &request, Access::Read)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::RateLimited);
    let wait_s = failure.details.unwrap()["retry_after_s"].as_i64().unwrap();
    assert!((1..=60).contains(&wait_s), "{wait_s}");
    request.now = request.now.plus_s(wait_s);
    assert!(authorize(&dynamo.store, &request, Access::Read).await.is_ok());
}

#[tokio::test]
async fn ten_generations_a_minute_and_another_account_is_not_touched() {
    let dynamo = dynamo().await;
    for _ in 0..10 {
        authorize(&dynamo.store, &request(1), Access::Generate)
            .await
            .unwrap();
    }
    let failure = authorize(&dynamo.store, &request(1), Access::Generate)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::RateLimited);
    assert!(
        authorize(&dynamo.store, &request(1), Access::Create)
            .await
            .is_ok()
    );
    assert!(
        authorize(&dynamo.store, &request(2), Access::Generate)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_key_has_its_own_requests_an_hour() {
    let dynamo = dynamo().await;
    let mut request = by_key(1, &Scope::ALL, 2);
    for _ in 0..2 {
        authorize(&dynamo.store, &request, Access::Read).await.unwrap();
        request.now = request.now.plus_s(61);
    }
    let failure = authorize(&dynamo.store, &request, Access::Read)
        .await
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::RateLimited);
    assert_eq!(failure.details.unwrap()["window_s"], 3600);
}

#[tokio::test]
async fn one_address_has_thirty_public_requests_a_minute() {
    let dynamo = dynamo().await;
    let mut request = request(1);
    for _ in 0..30 {
        limit_public(&dynamo.store, &request).await.unwrap();
    }
    let failure = limit_public(&dynamo.store, &request).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::RateLimited);
    request.source_ip = "192.0.2.2".to_owned();
    assert!(limit_public(&dynamo.store, &request).await.is_ok());
}

#[tokio::test]
async fn an_answer_tells_every_limit_that_its_call_was_counted_in() {
    let dynamo = dynamo().await;
    let request = by_key(1, &Scope::ALL, 50);
    authorize(&dynamo.store, &request, Access::Generate)
        .await
        .unwrap();
    let headers = request.rate_limits.headers();
    let second = request.now.as_s();
    let (hour, minute) = (3600 - second % 3600, 60 - second % 60);
    assert_eq!(
        headers,
        [
            (
                "ratelimit-policy",
                r#""key";q=50;w=3600, "account";q=100;w=60, "generate";q=10;w=60"#.to_owned()
            ),
            (
                "ratelimit",
                format!(r#""key";r=49;t={hour}, "account";r=99;t={minute}, "generate";r=9;t={minute}"#)
            ),
        ]
    );
    let used_up = by_key(2, &Scope::ALL, 0);
    authorize(&dynamo.store, &used_up, Access::Read)
        .await
        .unwrap_err();
    assert_eq!(
        used_up.rate_limits.headers().last().unwrap().1,
        format!(r#""key";r=0;t={hour}"#)
    );
}
