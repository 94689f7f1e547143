//! `usage`, `usage-alerts` and `admin-quota-reset`.

use api::{Request, Response};
use domain::account::PlanId;
use domain::{Failure, QuotaKind};
use serde_json::{Value, json};
use store::{Consumption, UsedFor};

use super::world::{World, event, every_sample, later, of_account, saying, shown};

async fn usage(world: &World, request: Request) -> Result<Response, Failure> {
    let (store, ids) = (world.store(), world.ids());
    usage::handle(&usage::Deps { store, ids }, request).await
}

async fn alerts(world: &World, request: Request) -> Result<Response, Failure> {
    let store = world.store();
    usage_alerts::handle(&usage_alerts::Deps { store }, request).await
}

async fn reset(world: &World, request: Request) -> Result<Response, Failure> {
    let (store, ids) = (world.store(), world.ids());
    admin_quota_reset::handle(&admin_quota_reset::Deps { store, ids }, request).await
}

/// Ann has used four short forms of five, and customer 2 three.
async fn some_use(world: &World) {
    for (account, count) in [(1_u128, 4_u64), (2, 3)] {
        let used = Consumption {
            kind: QuotaKind::ShortForm,
            quantity: count,
            used_for: UsedFor::new("job", "earlier"),
        };
        let account = domain::AccountId::new(account.into());
        let consumed = world.store().consume(account, &[used], world.ann.now()).await;
        consumed.expect("inside the limit");
    }
}

/// The state of one kind in an answer.
fn quota<'a>(shown: &'a Value, kind: &str) -> &'a Value {
    let quotas = shown["body"]["data"]["quotas"].as_array().expect("quotas");
    quotas
        .iter()
        .find(|quota| quota["kind"] == kind)
        .expect("the kind")
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("usage", async |world, request| {
        some_use(world).await;
        usage(world, request).await
    })
    .await;
    every_sample("usage-alerts", async |world, request| {
        some_use(world).await;
        alerts(world, request).await
    })
    .await;
    every_sample("admin-quota-reset", async |world, request| {
        some_use(world).await;
        reset(world, request).await
    })
    .await;
}

#[tokio::test]
async fn use_is_counted_once_and_refused_above_the_limit_until_the_next_day() {
    let world = World::new().await;
    let wish = |id: &str| json!({"items": [{"kind": "upload", "resource_type": "file", "resource_id": id, "quantity": 6}]});
    let count = async |id: &str, seconds| {
        let request = later(saying(event("usage", "count"), &wish(id)), seconds);
        shown(usage(&world, request).await)
    };
    let first = count("a", 0).await;
    assert_eq!(
        (&first["status"], &first["body"]["data"]["repeated"]),
        (&json!(200), &json!(false))
    );
    assert_eq!(quota(&first, "upload")["used"], 6);
    assert_eq!(count("a", 0).await["body"]["data"]["repeated"], true);
    let refused = count("b", 0).await;
    assert_eq!(
        (&refused["status"], &refused["retry-after"]),
        (&json!(429), &json!("57600"))
    );
    let details = &refused["body"]["error"]["details"];
    assert_eq!(
        (&details["kind"], &details["limit"], &details["used"]),
        (&json!("upload"), &json!(10), &json!(6))
    );
    assert_eq!(details["resets_at"], "2026-11-22T00:00:00.000Z");
    let next_day = count("b", 57_600).await;
    assert_eq!(next_day["status"], 200, "{next_day}");
    world.dynamo.assert_clean(world.ann.account_id).await;
}

#[tokio::test]
async fn a_larger_plan_counts_from_the_next_call_on() {
    let world = World::new().await;
    some_use(&world).await;
    let (store, ann) = (world.store(), world.ann.account_id);
    store
        .set_standing(ann, Some(PlanId::Basic), None, world.ann.now())
        .await
        .expect("a plan");
    let shown = shown(usage(&world, event("usage", "today")).await);
    let short_forms = quota(&shown, "short_form");
    assert_eq!(
        (&short_forms["limit"], &short_forms["percent"]),
        (&json!(30), &json!(13))
    );
    assert_eq!(short_forms["level"], Value::Null);
}

#[tokio::test]
async fn a_reset_reaches_only_the_account_it_names_and_a_repeat_resets_nothing_more() {
    let world = World::new().await;
    some_use(&world).await;
    let mut request = event("admin-quota-reset", "post");
    request
        .headers
        .insert("idempotency-key".to_owned(), "once".to_owned());
    let first = shown(reset(&world, request.clone()).await);
    assert_eq!(first["body"]["data"]["counters"][0]["used_before"], 3);
    let used = async |number| {
        let shown = shown(usage(&world, of_account(event("usage", "today"), number)).await);
        quota(&shown, "short_form")["used"].clone()
    };
    assert_eq!((used(1).await, used(2).await), (json!(4), json!(0)));
    let again = shown(reset(&world, request).await);
    assert_eq!(again["body"], first["body"]);
    for number in [1_u128, 2] {
        world
            .dynamo
            .assert_clean(domain::AccountId::new(number.into()))
            .await;
    }
}

#[tokio::test]
async fn the_first_page_of_alerts_tells_unusual_days_and_how_long_the_credits_last() {
    let world = World::new().await;
    let first = shown(alerts(&world, event("usage-alerts", "list")).await);
    let data = &first["body"]["data"];
    assert_eq!(
        (data.get("forecast"), &data["notices"]),
        (None, &json!([])),
        "no habit yet"
    );
    some_use(&world).await;
    let (id, store) = (world.ann.account_id, world.store());
    let told = |key: &str, subject| domain::notice::Notice {
        key: key.to_owned(),
        subject,
        created_at: world.ann.now(),
        mailed_at: None,
    };
    let unusual = domain::notice::NoticeSubject::Unusual {
        day: "2026-11-20".to_owned(),
        credits: 90,
        usual: 10,
    };
    let notified = store.notify(id, &told("2026-11-20:unusual", unusual)).await;
    assert!(notified.expect("it is written"));
    // Six credits were charged on each of the last three days.
    for ago in (1..=3).rev() {
        world.ann.clock.advance_ms(-ago * 86_400_000);
        let project = world.ann.project().await;
        let job = world.ann.job(&project, domain::job::JobKind::GenerateImages, 6);
        let start = store
            .start_job(
                &job,
                &ledger::Limits::none(),
                world.ann.transaction_id(),
                world.ann.now(),
            )
            .await;
        start.expect("it starts");
        let receipt = domain::receipt::Receipt {
            held: job.held,
            charged: job.held,
            released: domain::Credits::ZERO,
            lines: vec![domain::receipt::ReceiptLine {
                resource: domain::receipt::Resource::ImageGeneration,
                provider: "local".to_owned(),
                quantity: 3,
                unit_credits: domain::Credits::new(2),
                charged: job.held,
                not_charged: None,
            }],
        };
        let outputs = domain::outputs::Outputs::default();
        let ending = store::JobEnding::Completed { receipt, outputs };
        let end = store::EndJob { job, ending };
        let ended = store
            .end_job(&end, world.ann.transaction_id(), world.ann.now())
            .await;
        ended.expect("it ends");
        world.ann.clock.advance_ms(ago * 86_400_000);
    }
    let now = shown(alerts(&world, event("usage-alerts", "list")).await);
    let data = &now["body"]["data"];
    assert_eq!(
        data["items"].as_array().map(Vec::len),
        Some(1),
        "levels are no notices"
    );
    assert_eq!(data["notices"][0]["kind"], "unusual");
    assert_eq!(data["notices"].as_array().map(Vec::len), Some(1));
    let expected = json!({
        // 82 credits at 18 in seven days.
        "available": 82, "charged_in_week": 18, "days_left": 31, "runs_out_on": "2026-12-22",
    });
    assert_eq!(data["forecast"], expected);
}
