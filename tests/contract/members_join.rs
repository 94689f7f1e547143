//! `members-join`.

use serde_json::json;

use super::world::team::{answer_about_members, ask_about_members, caller_in, with_team};
use super::world::{World, event, every_sample, later, refusal, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("members-join", async |world, request| {
        with_team(world).await;
        answer_about_members(world, "members-join", request).await
    })
    .await;
}

#[tokio::test]
async fn from_the_invitation_to_the_last_call_of_who_was_removed() {
    let world = World::new().await;
    with_team(&world).await;
    let ann = world.ann.account_id.to_string();
    let body = json!({"email": "customer4@example.com", "role": "viewer"});
    let invited = answer_about_members(&world, "members", saying(event("members", "invite"), &body)).await;
    let invited = shown(invited)["body"]["data"].clone();
    let secret = invited["invitation"].as_str().expect("a secret").to_owned();
    let before = caller_in(&world, 4, &ann).await;
    assert_eq!(before.unwrap_err(), "not_found", "invited is not joined");
    let old = ask_about_members(&world, "members-join", "post").await;
    assert_eq!(
        refusal(&old),
        (404, "not_found", ""),
        "the new invitation withdrew the old one"
    );
    let mut joined = saying(event("members-join", "post"), &json!({"invitation": secret}));
    joined.headers.remove("idempotency-key");
    let joined = shown(answer_about_members(&world, "members-join", later(joined, 1)).await);
    assert_eq!(joined["body"]["data"]["account_id"], json!(ann), "{joined}");
    let caller = caller_in(&world, 4, &ann).await.expect("a caller");
    assert_eq!(caller.account_id, world.ann.account_id);
    assert_eq!((caller.scopes.len(), caller.manages()), (1, false));
    let own = caller_in(&world, 4, &caller.person().to_string())
        .await
        .expect("a caller");
    assert_eq!(
        (own.member, own.manages()),
        (None, true),
        "one's own account by its name"
    );
    let mut leave = event("member", "leave");
    let id = invited["id"].as_str().expect("an id").to_owned();
    leave.path_params.insert("member_id".to_owned(), id);
    leave.caller = Some(caller);
    assert_eq!(
        shown(answer_about_members(&world, "member", later(leave, 2)).await)["status"],
        204
    );
    let after = caller_in(&world, 4, &ann).await;
    assert_eq!(after.unwrap_err(), "not_found");
    let log = ask_about_members(&world, "members-log", "list").await;
    let acts = log["body"]["data"]["items"].as_array().expect("items").clone();
    let acts: Vec<&str> = acts.iter().filter_map(|row| row["act"].as_str()).collect();
    assert_eq!(acts[..4], ["left", "joined", "invited", "removed"]);
}
