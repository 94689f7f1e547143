//! `admin-credits-adjust`, `admin-credits-approve`, `admin-audit`, `admin-reports`, and the workers of the night.

use std::sync::Arc;

use domain::billing::PaymentVendor;
use domain::ports::Clock;
use domain::report::{AccountDay, AccountFindings, Finding};
use domain::{AccountId, AdjustmentId, Credits};
use ledger::{Change, CorrectionOrder};
use monitor::{Corrections, Desk, Post, Round};
use serde_json::{Value, json};
use store::{Unclaimed, UnclaimedReason};
use testkit::events::sample;
use testkit::{FakeAccountQueue, FakeMail, FixedClock};

use super::billing::billing_of;
use super::world::{World, event, every_sample, later, of_account, refusal, saying, shown};

fn adjust(world: &World) -> admin_credits_adjust::Deps {
    admin_credits_adjust::Deps {
        corrections: Corrections::new(world.store(), Credits::new(10_000)),
        ids: world.ids(),
    }
}

fn approve(world: &World) -> admin_credits_approve::Deps {
    admin_credits_approve::Deps {
        corrections: Corrections::new(world.store(), Credits::ZERO),
        ids: world.ids(),
    }
}

fn clock(world: &World) -> Arc<dyn Clock> {
    Arc::new(FixedClock::at(world.ann.now()))
}

fn audit(world: &World) -> admin_audit::Deps {
    admin_audit::Deps {
        store: world.store(),
        round: Round::new(world.store(), clock(world)),
        billing: billing_of(world),
        ids: world.ids(),
    }
}

/// Notes that Ann pays as the fake's customer, whose subscription no webhook has told of.
async fn pays(world: &World) {
    let (ann, vendor) = (world.ann.account_id, PaymentVendor::Stripe);
    let linked = world.store().link_customer(ann, vendor, "cus_1").await;
    linked.expect("it is noted");
}

async fn available(world: &World, account: u128) -> u64 {
    let wallet = world.store().wallet(AccountId::new(account.into())).await;
    wallet.expect("a wallet").available().get()
}

/// A correction of 20,000 credits for customer 2 that operator 5 asked for.
async fn asked(world: &World) {
    let order = CorrectionOrder {
        id: AdjustmentId::new(1_u128.into()),
        account_id: AccountId::new(2_u128.into()),
        credits: Change::plus(Credits::new(20_000)),
        note: "Ten packs that were paid by transfer.".to_owned(),
        asked_by: AccountId::new(5_u128.into()),
    };
    let corrections = adjust(world).corrections;
    corrections
        .ask(order, world.ann.now())
        .await
        .expect("a correction");
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-credits-adjust", async |world, request| {
        asked(world).await;
        admin_credits_adjust::handle(&adjust(world), request).await
    })
    .await;
    every_sample("admin-credits-approve", async |world, request| {
        if request.path_params["adjustment_id"] == AdjustmentId::new(1_u128.into()).to_string() {
            asked(world).await;
        }
        admin_credits_approve::handle(&approve(world), request).await
    })
    .await;
    every_sample("admin-audit", async |world, request| {
        let found = AccountFindings {
            day: "2026-11-21".to_owned(),
            account_id: Some(AccountId::new(2_u128.into())),
            findings: vec![Finding {
                code: "payment_without_grant".to_owned(),
                about: Some("stripe checkout:cs_1".to_owned()),
                text: "=paid, \"999 usd\", and nothing was granted".to_owned(),
            }],
            found_at: world.ann.now(),
        };
        world.store().keep_findings(&found).await.expect("kept");
        pays(world).await;
        admin_audit::handle(&audit(world), request).await
    })
    .await;
    every_sample("admin-reports", async |world, request| {
        reported(world, &Arc::default()).await;
        admin_reports::handle(&admin_reports::Deps { store: world.store() }, request).await
    })
    .await;
}

#[tokio::test]
async fn a_repeat_under_one_key_corrects_once() {
    let world = World::new().await;
    let mut request = event("admin-credits-adjust", "small");
    request
        .headers
        .insert("idempotency-key".to_owned(), "one".to_owned());
    for _ in 0..2 {
        let answer = shown(admin_credits_adjust::handle(&adjust(&world), request.clone()).await);
        assert_eq!(answer["status"], 200);
        assert_eq!(available(&world, 2).await, 60);
    }
    let other = saying(
        request,
        &json!({"account_id": AccountId::new(2_u128.into()), "credits": -41, "note": "x"}),
    );
    let refused = shown(admin_credits_adjust::handle(&adjust(&world), other).await);
    assert_eq!(refusal(&refused).1, "idempotency_mismatch");
    assert_eq!(available(&world, 2).await, 60);
}

#[tokio::test]
async fn a_large_correction_waits_for_another_operator_and_moves_once() {
    let world = World::new().await;
    let asked =
        shown(admin_credits_adjust::handle(&adjust(&world), event("admin-credits-adjust", "large")).await);
    assert_eq!((&asked["status"], available(&world, 2).await), (&json!(202), 100));
    let id = asked["body"]["data"]["id"].as_str().expect("an id").to_owned();
    let mut own = event("admin-credits-approve", "approve");
    own.path_params.insert("adjustment_id".to_owned(), id);
    let refused = shown(admin_credits_approve::handle(&approve(&world), own.clone()).await);
    assert_eq!(refusal(&refused).1, "forbidden");
    let other = of_account(own.clone(), 7);
    for _ in 0..2 {
        let agreed = shown(admin_credits_approve::handle(&approve(&world), other.clone()).await);
        assert_eq!(
            (&agreed["status"], available(&world, 2).await),
            (&json!(200), 20_100)
        );
    }
    let third = shown(admin_credits_approve::handle(&approve(&world), of_account(own.clone(), 8)).await);
    assert_eq!(refusal(&third).1, "conflict");
    let tomorrow = shown(admin_credits_approve::handle(&approve(&world), later(own, 90_000)).await);
    assert_eq!(refusal(&tomorrow).1, "conflict", "decided long ago");
    world.dynamo.assert_clean(AccountId::new(2_u128.into())).await;
}

#[tokio::test]
async fn the_round_comes_to_every_account_once_a_night() {
    let world = World::new().await;
    let queue = Arc::new(FakeAccountQueue::default());
    let deps = sweep_accounts::Deps {
        store: world.store(),
        queue: {
            let queue: Arc<FakeAccountQueue> = Arc::clone(&queue);
            queue
        },
        clock: clock(&world),
    };
    let sweep = async || {
        let tick = serde_json::from_str(&sample("sweep-accounts", "every-five-minutes")).expect("a tick");
        sweep_accounts::handle(&deps, tick)
            .await
            .expect("a sweep")
            .accounts
    };
    assert_eq!(sweep().await, 2);
    assert_eq!(sweep().await, 0, "they are on the queue");
    let inspect = inspect_account::Deps {
        round: Round::new(world.store(), clock(&world)),
        billing: billing_of(&world),
    };
    for account in queue.take() {
        let message = serde_json::from_value(json!({"account_id": account})).expect("a message");
        inspect_account::handle(&inspect, message).await.expect("a visit");
    }
    let nobody: Value = json!({"account_id": AccountId::new(77_u128.into())});
    let nobody = serde_json::from_value(nobody).expect("a message");
    inspect_account::handle(&inspect, nobody)
        .await
        .expect("nobody to visit");
    let event: Value = serde_json::from_str(&sample("inspect-account", "one-account")).expect("an event");
    let body = event["Records"][0]["body"].as_str().expect("a body");
    let message = serde_json::from_str(body).expect("a message");
    inspect_account::handle(&inspect, message)
        .await
        .expect("a repeat is harmless");
    let found = world
        .store()
        .findings("2026-11", &store::PageRequest::default())
        .await
        .expect("findings");
    assert!(found.items.is_empty(), "{found:?}");
}

#[tokio::test]
async fn a_payment_without_credits_is_a_doubt_then_a_finding_then_a_number_of_the_report() {
    let world = World::new().await;
    pays(&world).await;
    let visit = async |at| {
        let deps = inspect_account::Deps {
            round: Round::new(world.store(), Arc::new(FixedClock::at(at))),
            billing: billing_of(&world),
        };
        let message = json!({"account_id": world.ann.account_id});
        let message = serde_json::from_value(message).expect("a message");
        inspect_account::handle(&deps, message).await.expect("a visit");
        let all = store::PageRequest::default();
        world
            .store()
            .findings("2026-11", &all)
            .await
            .expect("findings")
            .items
    };
    assert_eq!(visit(world.ann.now()).await, []);
    let found = visit(world.ann.now().plus_s(monitor::doubts::STANDS_AFTER_S)).await;
    let codes: Vec<&str> = found[0].findings.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["payment_without_grant", "subscription_differs"]);
    let mail: Arc<FakeMail> = Arc::default();
    reported(&world, &mail).await;
    let text = &mail.take()[0].text;
    assert!(text.contains("with findings      1"), "{text}");
    assert!(text.contains("payment_without_grant  1"), "{text}");
}

#[tokio::test]
async fn a_payment_of_nobody_is_shown_to_operators_without_an_account() {
    let world = World::new().await;
    let kept = Unclaimed {
        key: "checkout:cs_9".to_owned(),
        vendor: PaymentVendor::Stripe,
        reason: UnclaimedReason::UnknownAccount,
        account_id: None,
        product: None,
        paid_minor: 999,
        currency: "usd".to_owned(),
        at: world.ann.now(),
        claimed_by: None,
    };
    world.store().keep_unclaimed(&kept).await.expect("it is kept");
    reported(&world, &Arc::default()).await;
    let table = shown(admin_audit::handle(&audit(&world), event("admin-audit", "table")).await);
    let text = table["body"].as_str().expect("a table");
    assert!(
        text.contains("2026-11-21,,payment_unclaimed,stripe checkout:cs_9,"),
        "{text}"
    );
}

#[tokio::test]
async fn notices_and_the_report_are_mailed_once() {
    let world = World::new().await;
    let mail: Arc<FakeMail> = Arc::default();
    let soon = world.ann.now().plus_days(25);
    Round::new(world.store(), Arc::new(FixedClock::at(soon)))
        .visit(world.ann.account_id, Vec::new())
        .await
        .expect("a visit");
    let mailer: Arc<FakeMail> = Arc::clone(&mail);
    let deps = send_notices::Deps {
        post: Post::new(world.store(), mailer, Arc::new(FixedClock::at(soon))),
    };
    let sample = sample("send-notices", "every-five-minutes");
    for (mailed, run) in [(1, "first"), (0, "second")] {
        let tick = serde_json::from_str(&sample).expect("a tick");
        let sent = send_notices::handle(&deps, tick).await.expect("a run");
        assert_eq!((sent.mailed, sent.failed), (mailed, 0), "{run}");
    }
    assert!(mail.take()[0].subject.contains("100 credits expire"));
    for _ in 0..2 {
        reported(&world, &mail).await;
    }
    assert_eq!(mail.take().len(), 1);
}

/// Runs the worker of the daily report on a day on which customer 2 was charged 70 credits.
async fn reported(world: &World, mail: &Arc<FakeMail>) {
    let done = AccountDay {
        account_id: AccountId::new(2_u128.into()),
        granted: Credits::ZERO,
        charged: Credits::new(70),
        returned: Credits::new(30),
        clawed_back: Credits::ZERO,
        expired: Credits::ZERO,
        delivered: 2,
        failed: 1,
    };
    let yesterday = monitor::day::day_of(world.ann.now().plus_days(-1));
    world
        .store()
        .keep_account_day(&yesterday, &done)
        .await
        .expect("kept");
    let mailer: Arc<FakeMail> = Arc::clone(mail);
    let operators = vec!["ops@example.com".to_owned()];
    let deps = daily_report::Deps {
        desk: Desk::new(world.store(), mailer, operators, clock(world)),
    };
    let tick = serde_json::from_str(&sample("daily-report", "eight-o-clock")).expect("a tick");
    let report = daily_report::handle(&deps, tick).await.expect("a report");
    assert_eq!((report.accounts, report.total.charged.get()), (1, 70));
}
