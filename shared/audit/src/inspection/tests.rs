//! Tests of `inspection`.

use std::sync::Arc;

use catalogue::Catalogue;
use domain::job::{Job, JobKind, JobOutcome};
use domain::notice::NoticeSubject;
use domain::outputs::Outputs;
use domain::ports::Clock;
use domain::report::Finding;
use domain::{AccountId, ErrorCode, Timestamp};
use ledger::receipt;
use store::{EndJob, PageRequest};
use testkit::{Customer, Dynamo, FixedClock, dynamo, samples};

use crate::pending::CONFIRMED_AFTER_S;

use super::{AccountInspection, monday_of, next_inspection, notices_of};

fn inspection(dynamo: &Dynamo, now: Timestamp) -> AccountInspection {
    AccountInspection::new(dynamo.store.clone(), Arc::new(FixedClock::at(now)))
}

#[tokio::test]
async fn a_healthy_account_has_no_findings_and_comes_again_next_night() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let now = ann.now();
    assert_eq!(
        dynamo.store.accounts_due(now, 10).await.unwrap(),
        [ann.account_id]
    );
    let inspected = inspection(&dynamo, now)
        .inspect(ann.account_id, Vec::new())
        .await
        .unwrap();
    assert_eq!(inspected.findings, 0);
    assert!(dynamo.store.accounts_due(now, 10).await.unwrap().is_empty());
    let next = next_inspection(ann.account_id, now);
    assert_eq!(
        dynamo.store.accounts_due(next, 10).await.unwrap(),
        [ann.account_id]
    );
}

#[tokio::test]
async fn a_recent_difference_is_inspected_again_and_a_lasting_one_is_a_finding() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let beside = || {
        vec![Finding {
            code: "payment_without_grant".to_owned(),
            about: Some("stripe checkout:cs_1".to_owned()),
            text: "paid, and nothing was granted".to_owned(),
        }]
    };
    let inspect = async |at| {
        inspection(&dynamo, at)
            .inspect(ann.account_id, beside())
            .await
            .unwrap()
    };
    let first = inspect(ann.now()).await;
    assert_eq!((first.findings, first.pending), (0, beside()));
    let later = ann.now().plus_s(CONFIRMED_AFTER_S);
    let due = dynamo.store.accounts_due(later, 10).await.unwrap();
    assert_eq!(due, [ann.account_id], "in three hours, not next night");
    let second = inspect(later).await;
    assert_eq!((second.findings, second.pending), (1, Vec::new()));
    assert!(dynamo.store.accounts_due(later, 10).await.unwrap().is_empty());
    let stored = dynamo
        .store
        .findings("2026-11", &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(stored.items[0].account_id, Some(ann.account_id));
    assert_eq!(stored.items[0].findings, beside());
}

#[tokio::test]
async fn a_charge_for_what_was_never_made_and_one_of_a_job_that_failed_are_found() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let project = ann.project().await;
    let made = Job {
        outputs: Outputs {
            script: Some(samples::made(samples::script(3), "a")),
            ..Outputs::default()
        },
        ..ann.job(&project, JobKind::GenerateScript, 30)
    };
    let (store, now) = (&dynamo.store, ann.now());
    // The receipt charges for a script that the stored job does not have.
    let bare = Job {
        outputs: Outputs::default(),
        ..made.clone()
    };
    store
        .start_job(&bare, &ledger::Limits::none(), ann.transaction_id(), now)
        .await
        .unwrap();
    let end = EndJob {
        outcome: JobOutcome::Completed,
        receipt: receipt(&made, Catalogue::standard(), &JobOutcome::Completed).unwrap(),
        project_outputs: Some(Outputs::default()),
        job: bare,
    };
    store.end_job(&end, ann.transaction_id(), now).await.unwrap();
    let codes = async || {
        let found = store.audit(ann.account_id).await.unwrap().findings;
        found.into_iter().map(|one| one.code).collect::<Vec<_>>()
    };
    assert_eq!(codes().await, ["charged_not_delivered"]);
    fail(&dynamo, &end.job).await;
    assert_eq!(codes().await, ["jobs"]);
}

/// Makes a completed job one that has failed, in its row alone.
async fn fail(dynamo: &Dynamo, job: &Job) {
    let text = |of: String| serde_dynamo::to_attribute_value(of).unwrap();
    let (client, table) = (&dynamo.client, &dynamo.tables.studio);
    let change = client.update_item().table_name(table);
    let change = change
        .key("pk", text(format!("ACCT#{}", job.account_id)))
        .key("sk", text(format!("JOB#{}", job.id)))
        .update_expression("SET body.#state = :failed")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":failed", text("failed".to_owned()));
    change.send().await.unwrap();
}

#[tokio::test]
async fn expiring_credits_are_told_of_once() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let expires = dynamo.store.wallet(ann.account_id).await.unwrap().lots()[0].expires_at;
    let early = inspection(&dynamo, expires.plus_days(-8))
        .inspect(ann.account_id, Vec::new())
        .await
        .unwrap();
    assert_eq!(early.notices, 0, "a week before is soon enough");
    let late = expires.plus_days(-7);
    for (number, expected) in [(1, 1), (2, 0)] {
        let inspected = inspection(&dynamo, late)
            .inspect(ann.account_id, Vec::new())
            .await
            .unwrap();
        assert_eq!(inspected.notices, expected, "inspection {number}");
    }
    let notices = dynamo
        .store
        .notices(ann.account_id, &PageRequest::default())
        .await
        .unwrap();
    assert!(
        matches!(notices.items[0].subject, NoticeSubject::Expiring { credits, .. } if credits.get() == 100)
    );
}

#[tokio::test]
async fn nobody_is_not_found() {
    let dynamo = dynamo().await;
    let now = FixedClock::default().now();
    let refused = inspection(&dynamo, now)
        .inspect(AccountId::new(9_u128.into()), Vec::new())
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_habit_that_empties_the_wallet_and_a_wild_day_are_told() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let wallet = dynamo.store.wallet(ann.account_id).await.unwrap();
    let mut used = vec![20; 29];
    let told = notices_of(&wallet, &used, ann.now());
    assert!(
        matches!(told[0].subject, NoticeSubject::RunningOut { days: 5, .. }),
        "{told:?}"
    );
    used[28] = 400;
    let told = notices_of(&wallet, &used, ann.now());
    let wild = told.iter().find_map(|notice| match &notice.subject {
        NoticeSubject::Unusual { credits, usual, .. } => Some((*credits, *usual)),
        _ => None,
    });
    assert_eq!(wild, Some((400, 20)));
    assert!(notices_of(&wallet, &[0; 29], ann.now()).is_empty());
}

#[test]
fn the_inspections_of_all_accounts_are_spread_over_the_night_after() {
    let now: Timestamp = "2026-11-21T23:59:59Z".parse().unwrap();
    for number in 0..200_u128 {
        let at = next_inspection(AccountId::new((number * 7919).into()), now).to_string();
        assert!(
            ("2026-11-22T00:30:00".."2026-11-22T03:30:00").contains(&at.as_str()),
            "{at}"
        );
    }
}

#[test]
fn a_week_begins_on_monday() {
    for (day, monday) in [
        ("2026-11-21", "2026-11-16"),
        ("2026-11-16", "2026-11-16"),
        ("2026-11-15", "2026-11-09"),
    ] {
        let at: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        assert_eq!(monday_of(at), monday);
    }
}
