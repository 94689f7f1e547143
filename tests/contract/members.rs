//! `members`.

use std::sync::Arc;

use domain::ports::IdSource;
use testkit::CountedEntropy;

use super::world::team::{answer_about_members, caller_in, with_team};
use super::world::{World, event, every_sample, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("members", async |world, request| {
        with_team(world).await;
        answer_about_members(world, "members", request).await
    })
    .await;
}

#[tokio::test]
async fn an_editor_spends_from_the_account_and_makes_no_keys_and_no_members() {
    let world = World::new().await;
    with_team(&world).await;
    let ann = world.ann.account_id.to_string();
    let editor = caller_in(&world, 2, &ann).await.expect("a member");
    for (function, case) in [
        ("members", "invite"),
        ("member", "patch"),
        ("members-log", "list"),
    ] {
        let mut request = event(function, case);
        request.caller = Some(editor.clone());
        let refused = shown(answer_about_members(&world, function, request).await);
        assert_eq!(refusal(&refused), (403, "forbidden", ""), "{function}");
    }
    let mut key = event("api-keys", "create");
    key.caller = Some(editor.clone());
    let ids: Arc<dyn IdSource> = world.ids();
    let entropy = Arc::new(CountedEntropy::default());
    let deps = api_keys::Deps {
        store: world.store(),
        ids,
        entropy,
    };
    assert_eq!(
        refusal(&shown(api_keys::handle(&deps, key).await)),
        (403, "forbidden", "")
    );
    let mut rename = event("user-me", "patch");
    rename.caller = Some(editor.clone());
    let deps = user_me::Deps { store: world.store() };
    assert_eq!(
        refusal(&shown(user_me::handle(&deps, rename).await)),
        (403, "forbidden", "")
    );
    let mut balance = event("credit-balance", "get");
    balance.caller = Some(editor);
    let deps = credit_balance::Deps { store: world.store() };
    let shown = shown(credit_balance::handle(&deps, balance).await);
    assert_eq!(shown["body"]["data"]["available"], 100, "the account's wallet");
}
