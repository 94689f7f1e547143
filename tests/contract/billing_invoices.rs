//! `billing-invoices`.

use serde_json::json;

use super::world::payments::{billing_at, subscribed};
use super::world::{World, event, every_sample, of_account, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-invoices", async |world, request| {
        let deps = billing_invoices::Deps {
            billing: subscribed(world).await,
        };
        billing_invoices::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_no_invoices() {
    let world = World::new().await;
    let deps = billing_invoices::Deps {
        billing: subscribed(&world).await,
    };
    let request = of_account(event("billing-invoices", "list"), 2);
    let answer = shown(billing_invoices::handle(&deps, request).await);
    assert_eq!(answer["body"]["data"]["items"], json!([]));
}

/// Ids and kinds of a page, and the cursor of the next.
async fn page(deps: &billing_invoices::Deps, query: &[(&str, &str)]) -> (Vec<String>, Option<String>) {
    let mut request = event("billing-invoices", "list");
    for (name, value) in query {
        request.query.insert((*name).to_owned(), (*value).to_owned());
    }
    let answer = shown(billing_invoices::handle(deps, request).await);
    let data = &answer["body"]["data"];
    let text = |one: &serde_json::Value, field: &str| one[field].as_str().expect("a text").to_owned();
    let items = data["items"].as_array().expect("a list").iter();
    let items = items.map(|one| format!("{} {}", text(one, "kind"), text(one, "id")));
    (items.collect(), data["next_cursor"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn packs_stand_beside_subscriptions_newest_first_and_page_by_page() {
    let world = World::new().await;
    let provider = std::sync::Arc::new(testkit::InMemoryPayments::default());
    let (ann, now) = (world.ann.account_id, world.ann.now());
    provider.subscribed(1, ann, ledger::ProductId::SubscriptionStarter, now);
    provider.pack_paid(2, Some(ann), ledger::ProductId::PackStarter, now.plus_s(60));
    provider.pack_paid(3, Some(ann), ledger::ProductId::PackPro, now.plus_s(30));
    let deps = billing_invoices::Deps {
        billing: billing_at(&world, provider),
    };
    let stripe = domain::billing::PaymentProvider::Stripe;
    deps.billing.fulfil_invoice(stripe, "in_1").await.unwrap();
    let all = ["pack pi_2", "pack pi_3", "subscription in_1"];
    assert_eq!(page(&deps, &[]).await, (all.map(str::to_owned).to_vec(), None));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut query = vec![("limit", "1")];
        if !cursor.is_empty() {
            query.push(("cursor", cursor.as_str()));
        }
        let (items, next) = page(&deps, &query).await;
        assert_eq!(items.len(), 1);
        seen.extend(items);
        match next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen, all);
    let mut request = event("billing-invoices", "list");
    request.query.insert("cursor".to_owned(), "nothing".to_owned());
    let refused = shown(billing_invoices::handle(&deps, request).await);
    assert_eq!(refusal(&refused), (400, "invalid_cursor", ""));
}
