//! Tests of `returns`: no order of refunds and disputes takes more than was granted, or another sum at the end.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const GRANTED: u64 = 500;
const PAID: u64 = 999;

fn refund(id: &str, minor: u64) -> MoneyReturn {
    MoneyReturn {
        id: format!("refund:{id}"),
        minor,
    }
}

fn dispute(minor: u64) -> MoneyReturn {
    MoneyReturn {
        id: "dispute:dp_1".to_owned(),
        minor,
    }
}

fn look(steps: &[ReturnStep], away: &[MoneyReturn]) -> Vec<ReturnStep> {
    next_steps(steps, Credits::new(GRANTED), PAID, away)
}

/// Key, credits and whether it stands.
fn told(steps: &[ReturnStep]) -> Vec<(&str, u64, bool)> {
    steps
        .iter()
        .map(|step| (step.key.as_str(), step.credits.get(), !step.undone))
        .collect()
}

#[test]
fn half_of_the_money_is_half_of_the_credits_and_more_than_all_of_it_is_all() {
    let of = |paid, returned| returned_credits(Credits::new(GRANTED), paid, returned).get();
    assert_eq!((of(1000, 500), of(1000, 1000), of(1000, 5000)), (250, 500, 500));
    assert_eq!((of(0, 0), of(0, 10)), (0, 0));
}

#[test]
fn a_refund_and_a_dispute_of_one_payment_take_its_credits_once() {
    let refunded = look(&[], &[refund("re_1", 999)]);
    assert_eq!(told(&refunded), [("refund:re_1", 500, true)]);
    let disputed = look(&refunded, &[refund("re_1", 999), dispute(999)]);
    assert_eq!(disputed, refunded);
    let first_disputed = look(&[], &[dispute(999)]);
    assert_eq!(
        look(&first_disputed, &[dispute(999), refund("re_1", 999)]),
        first_disputed
    );
}

#[test]
fn a_dispute_of_all_after_a_refund_of_a_part_takes_the_rest_and_a_won_one_gives_the_rest_back() {
    let refunded = look(&[], &[refund("re_1", 333)]);
    let disputed = look(&refunded, &[refund("re_1", 333), dispute(999)]);
    assert_eq!(
        told(&disputed),
        [("refund:re_1", 166, true), ("dispute:dp_1", 334, true)]
    );
    let won = look(&disputed, &[refund("re_1", 333)]);
    assert_eq!(
        told(&won),
        [("refund:re_1", 166, true), ("dispute:dp_1", 334, false)]
    );
}

#[test]
fn a_refund_beside_a_dispute_that_is_won_later_takes_its_own_share_then() {
    let disputed = look(&[], &[dispute(999)]);
    let both = look(&disputed, &[dispute(999), refund("re_1", 333)]);
    assert_eq!(both, disputed);
    let won = look(&both, &[refund("re_1", 333)]);
    assert_eq!(
        told(&won),
        [("dispute:dp_1", 500, false), ("refund:re_1", 166, true)]
    );
}

#[test]
fn a_sum_that_grows_and_falls_has_a_key_for_each_growth() {
    let one = |minor| refund("tran_1", minor);
    let mut steps = Vec::new();
    for (minor, stands) in [(300, 150), (999, 500), (300, 150), (999, 500), (0, 0), (999, 500)] {
        let away = [one(minor)];
        steps = look(&steps, if minor == 0 { &[] } else { &away });
        assert_eq!(standing(&steps, |_| true).get(), stands, "{steps:?}");
    }
    let keys: Vec<_> = steps.iter().map(|step| step.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "refund:tran_1",
            "refund:tran_1:2",
            "refund:tran_1:3",
            "refund:tran_1:4"
        ]
    );
}

#[test]
fn parts_that_add_up_to_the_whole_take_every_credit() {
    let parts = [refund("re_1", 333), refund("re_2", 333), refund("re_3", 333)];
    let mut steps = Vec::new();
    for many in 1..=parts.len() {
        steps = look(&steps, &parts[..many]);
    }
    assert_eq!(standing(&steps, |_| true).get(), GRANTED);
}

/// What is away in the end, and looks on the way there: each with the parts that are away at that moment.
fn lives() -> impl Strategy<Value = (u64, u64, Vec<u64>, Vec<Vec<bool>>)> {
    (
        1_u64..20_000,
        1_u64..10_000,
        prop::collection::vec(1_u64..12_000, 1..6),
    )
        .prop_flat_map(|(granted, paid, parts)| {
            let look = prop::collection::vec(any::<bool>(), parts.len());
            (
                Just(granted),
                Just(paid),
                Just(parts),
                prop::collection::vec(look, 1..12),
            )
        })
}

/// The ledger: a claw back once per key, and its reversal once.
#[derive(Default)]
struct Taken(BTreeMap<String, (u64, bool)>);

impl Taken {
    fn apply(&mut self, steps: &[ReturnStep]) {
        for step in steps {
            match (step.undone, self.0.get_mut(&step.key)) {
                (false, None) => drop(self.0.insert(step.key.clone(), (step.credits.get(), false))),
                (true, Some(row)) => row.1 = true,
                _ => {}
            }
        }
    }

    fn away(&self) -> u64 {
        self.0
            .values()
            .filter(|(_, back)| !back)
            .map(|(credits, _)| credits)
            .sum()
    }
}

proptest! {
    #[test]
    fn whatever_comes_and_goes_before_the_end_depends_only_on_what_is_away(
        (granted, paid, minors, looks) in lives(),
    ) {
        let parts: Vec<MoneyReturn> = minors
            .iter()
            .enumerate()
            .map(|(at, minor)| refund(&format!("re_{at}"), *minor))
            .collect();
        let (mut steps, mut taken) = (Vec::new(), Taken::default());
        for look in &looks {
            let away: Vec<MoneyReturn> = parts
                .iter()
                .zip(look)
                .filter(|(_, is_away)| **is_away)
                .map(|(part, _)| part.clone())
                .collect();
            let next = next_steps(&steps, Credits::new(granted), paid, &away);
            prop_assert_eq!(next_steps(&next, Credits::new(granted), paid, &away), next.clone());
            for (before, after) in steps.iter().zip(&next) {
                let ReturnStep { key, credits, undone, .. } = before;
                prop_assert_eq!((key, credits), (&after.key, &after.credits));
                prop_assert!(after.undone || !undone);
            }
            let keys: BTreeSet<_> = next.iter().map(|step| &step.key).collect();
            prop_assert_eq!(keys.len(), next.len());
            taken.apply(&next);
            let minor: u64 = away.iter().map(|part| part.minor).sum();
            prop_assert_eq!(taken.away(), returned_credits(Credits::new(granted), paid, minor).get());
            prop_assert!(taken.away() <= granted);
            steps = next;
        }
    }
}
