//! Tests of `hold`: what becomes of each leg.

use domain::{Credits, JobId, LotId, Timestamp};
use proptest::prelude::*;

use super::{HeldLeg, Hold, HoldState};
use crate::Origin;

fn hold(legs: &[u64], state: HoldState) -> Hold {
    let mut lot = 0_u128;
    let legs: Vec<HeldLeg> = legs
        .iter()
        .map(|credits| {
            lot += 1;
            HeldLeg {
                lot_id: LotId::new(lot.into()),
                origin: Origin::Gift,
                expires_at: Timestamp::from_ms(0),
                credits: Credits::new(*credits),
            }
        })
        .collect();
    Hold {
        job_id: JobId::new(1.into()),
        run: 1,
        credits: Credits::sum(legs.iter().map(|leg| leg.credits)).unwrap(),
        legs,
        spender: None,
        maker: None,
        state,
        created_at: Timestamp::from_ms(0),
    }
}

fn settled(legs: &[u64], charged: u64) -> Hold {
    let state = HoldState::Settled {
        charged: Credits::new(charged),
        ended_at: Timestamp::from_ms(1),
    };
    hold(legs, state)
}

fn amounts(hold: &Hold) -> Vec<(u64, u64)> {
    let shares = hold.shares().unwrap();
    let amounts = shares
        .iter()
        .map(|share| (share.charged.get(), share.released.get()));
    amounts.collect()
}

#[test]
fn the_first_legs_are_charged_first_and_the_others_go_back() {
    assert_eq!(amounts(&settled(&[5, 10, 3], 8)), [(5, 0), (3, 7), (0, 3)]);
    assert_eq!(amounts(&settled(&[5], 0)), [(0, 5)]);
}

#[test]
fn a_released_hold_goes_back_whole_and_an_open_one_has_not_gone_anywhere() {
    let ended_at = Timestamp::from_ms(1);
    let released = hold(&[5, 2], HoldState::Released { ended_at });
    assert_eq!(amounts(&released), [(0, 5), (0, 2)]);
    assert_eq!(
        (released.charged(), released.ended_at()),
        (Credits::ZERO, Some(ended_at))
    );
    let open = hold(&[5, 2], HoldState::Open);
    assert_eq!(amounts(&open), [(0, 0), (0, 0)]);
    assert_eq!((open.charged(), open.ended_at()), (Credits::ZERO, None));
}

proptest! {
    #[test]
    fn shares_add_up_to_the_legs_and_to_what_was_charged(
        legs in prop::collection::vec(1_u64..50, 1..6),
        part in 0_u64..=100,
    ) {
        let sum: u64 = legs.iter().sum();
        let charged = sum * part / 100;
        let hold = settled(&legs, charged);
        let amounts = amounts(&hold);
        prop_assert_eq!(amounts.iter().map(|(charged, _)| charged).sum::<u64>(), charged);
        for ((charged, released), leg) in amounts.iter().zip(&legs) {
            prop_assert_eq!(charged + released, *leg);
        }
    }
}
