//! `usage-alerts`.

use api::{Request, Response};
use domain::Failure;
use serde_json::json;

use super::world::quotas::some_use;
use super::world::{World, event, every_sample, shown};

async fn alerts(world: &World, request: Request) -> Result<Response, Failure> {
    let store = world.store();
    usage_alerts::handle(&usage_alerts::Deps { store }, request).await
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("usage-alerts", async |world, request| {
        some_use(world).await;
        alerts(world, request).await
    })
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "the whole page is compared, field by field")]
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
                unit_quantity: Some(1),
                units: Some(3),
                unit_credits: domain::Credits::new(2),
                charged: job.held,
                not_charged: None,
            }],
        };
        let outputs = domain::outputs::Outputs::default();
        let end = store::EndJob {
            job,
            outcome: domain::job::JobOutcome::Completed,
            receipt,
            project_outputs: Some(outputs),
        };
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
