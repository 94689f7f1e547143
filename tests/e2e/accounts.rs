//! A person's own sign-in, on a pool that mails codes and with IAM enforced.

use serde_json::json;

use super::client::{Auth, Stack};

#[tokio::test]
async fn a_logged_out_token_is_refused_and_a_forgotten_password_is_replaced_with_the_mailed_code() {
    let stack = Stack::connect();
    let me = stack.newcomer("forgetful").await;
    assert!(stack.get(&me, "/user/me").await.status.is_success());
    let out = stack.post(&me, "/auth/logout", json!({})).await;
    assert_eq!(out.status.as_u16(), 204, "{}", out.body);
    assert_eq!(
        stack.get(&me, "/user/me").await.refusal(),
        (401, "unauthenticated")
    );
    let email = Stack::address("forgetful");
    let asked = stack.post_public("/auth/forgot", json!({ "email": email })).await;
    assert_eq!(asked.status.as_u16(), 202, "{}", asked.body);
    let code = stack.mailed_code(&email).await;
    let password = "Battery-staple-2";
    let proof = json!({"email": email, "code": code, "password": password});
    let reset = stack.post_public("/auth/reset", proof).await;
    assert_eq!(reset.status.as_u16(), 204, "{}", reset.body);
    let login = stack
        .post_public("/auth/login", json!({"email": email, "password": password}))
        .await;
    let token = login.data()["access_token"].as_str().expect("a token").to_owned();
    let again = Auth::Bearer(token);
    assert!(stack.get(&again, "/user/me").await.status.is_success());
    assert_eq!(stack.balance(&again).await, (100, 0), "one gift");
}

#[tokio::test]
async fn a_sign_up_of_a_known_address_is_answered_as_one_of_a_new_address() {
    let stack = Stack::connect();
    stack.newcomer("known").await;
    let known = Stack::address("known");
    let mut answers = Vec::new();
    for email in [known.as_str(), &Stack::address("nobody-yet")] {
        let answer = stack.post_public("/auth/signup", json!({ "email": email })).await;
        answers.push((answer.status, answer.body));
    }
    assert_eq!(answers[0], answers[1]);
}
