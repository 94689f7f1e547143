//! What operators ask for and the workers of the night.

use std::sync::Arc;

use audit::{AccountInspection, Corrections, DailyReporter};
use domain::billing::PaymentProvider;
use domain::ports::Clock;
use domain::report::AccountDay;
use domain::{AccountId, AdjustmentId, Credits};
use ledger::{Change, CorrectionOrder};
use testkit::events::sample;
use testkit::{FakeMail, FixedClock};

use super::World;
use super::payments::billing_of;

pub(crate) fn adjust(world: &World) -> admin_credits_adjust::Deps {
    admin_credits_adjust::Deps {
        corrections: Corrections::new(world.store(), Credits::new(10_000)),
        ids: world.ids(),
    }
}

pub(crate) fn approve(world: &World) -> admin_credits_approve::Deps {
    admin_credits_approve::Deps {
        corrections: Corrections::new(world.store(), Credits::ZERO),
        ids: world.ids(),
    }
}

pub(crate) fn clock(world: &World) -> Arc<dyn Clock> {
    Arc::new(FixedClock::at(world.ann.now()))
}

pub(crate) fn audit(world: &World) -> admin_audit::Deps {
    admin_audit::Deps {
        store: world.store(),
        inspection: AccountInspection::new(world.store(), clock(world)),
        billing: billing_of(world),
        ids: world.ids(),
    }
}

/// Notes that Ann pays as the fake's customer, whose subscription no webhook has told of.
pub(crate) async fn pays(world: &World) {
    let (ann, provider) = (world.ann.account_id, PaymentProvider::Stripe);
    let linked = world.store().link_customer(ann, provider, "cus_1").await;
    linked.expect("it is noted");
}

pub(crate) async fn available(world: &World, account: u128) -> u64 {
    let wallet = world.store().wallet(AccountId::new(account.into())).await;
    wallet.expect("a wallet").available().get()
}

/// A correction of 20,000 credits for customer 2 that operator 5 asked for.
pub(crate) async fn asked(world: &World) {
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

/// Runs the worker of the daily report on a day on which customer 2 was charged 70 credits.
pub(crate) async fn reported(world: &World, mail: &Arc<FakeMail>) {
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
    let yesterday = world.ann.now().plus_days(-1).day();
    world
        .store()
        .store_account_day(&yesterday, &done)
        .await
        .expect("kept");
    let mailer: Arc<FakeMail> = Arc::clone(mail);
    let operators = vec!["ops@example.com".to_owned()];
    let deps = daily_report::Deps {
        reporter: DailyReporter::new(world.store(), mailer, operators, clock(world)),
    };
    let tick = serde_json::from_str(&sample("daily-report", "eight-o-clock")).expect("a tick");
    let report = daily_report::handle(&deps, tick).await.expect("a report");
    assert_eq!((report.accounts, report.total.charged.get()), (1, 70));
}
