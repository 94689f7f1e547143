//! Tests of `trend`.

use proptest::prelude::*;

use super::{days_left, unusual};

#[test]
fn a_steady_week_forecasts_the_day_it_ends() {
    assert_eq!(days_left(&[10; 7], 100), Some(10));
}

#[test]
fn only_the_last_week_counts() {
    let mut daily = vec![1000; 20];
    daily.extend([10; 7]);
    assert_eq!(days_left(&daily, 70), Some(7));
}

#[test]
fn one_long_video_is_no_habit() {
    assert_eq!(days_left(&[0, 0, 0, 0, 0, 0, 300], 100), None);
    assert_eq!(days_left(&[0; 7], 100), None);
    assert_eq!(days_left(&[], 100), None);
}

#[test]
fn an_empty_wallet_lasts_no_day() {
    assert_eq!(days_left(&[10; 7], 0), Some(0));
}

#[test]
fn a_day_far_above_the_usual_is_told_with_the_mean() {
    let before: Vec<u64> = (0..28).map(|day| 20 + day % 3).collect();
    assert_eq!(unusual(&before, 200, 50), Some(20));
    assert_eq!(unusual(&before, 24, 50), None, "inside the floor");
    assert_eq!(unusual(&before, 10, 0), None, "below the mean is no spike");
}

#[test]
fn uneven_days_make_a_high_day_usual() {
    let before: Vec<u64> = (0..28).map(|day| if day % 2 == 0 { 0 } else { 200 }).collect();
    assert_eq!(unusual(&before, 300, 50), None);
    assert_eq!(unusual(&before, 500, 50), Some(100));
}

#[test]
fn a_new_customer_has_no_usual_day() {
    assert_eq!(unusual(&[5; 6], 5000, 50), None);
    assert_eq!(unusual(&[], 5000, 50), None);
}

proptest! {
    #[test]
    fn no_use_whatever_breaks_it(daily in prop::collection::vec(any::<u64>(), 0..40), today: u64, floor: u64) {
        if let Some(mean) = unusual(&daily, today, floor) {
            prop_assert!(today > mean);
        }
        if let Some(days) = days_left(&daily, today) {
            prop_assert!(days <= today.saturating_mul(7));
        }
    }
}
