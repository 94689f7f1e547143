//! Tests of `proration`.

use proptest::prelude::*;

use super::*;

const STARTER: ProductId = ProductId::SubscriptionStarter;
const PROFESSIONAL: ProductId = ProductId::SubscriptionProfessional;
const ENTERPRISE: ProductId = ProductId::SubscriptionEnterprise;

fn of(lines: &[(ProductId, i64)]) -> Option<u64> {
    let lines: Vec<_> = lines
        .iter()
        .map(|(product, minor)| PlanLine {
            product: *product,
            minor: *minor,
        })
        .collect();
    credits_of_lines(&lines).map(Credits::get)
}

#[test]
fn a_whole_month_brings_exactly_the_plans_credits() {
    assert_eq!(of(&[(STARTER, 899)]), Some(500));
    assert_eq!(of(&[(PROFESSIONAL, 1999)]), Some(1500));
    assert_eq!(of(&[(ENTERPRISE, 6999)]), Some(8000));
}

#[test]
fn a_change_at_once_brings_the_difference_and_one_at_half_time_half_of_it() {
    assert_eq!(of(&[(STARTER, -899), (ENTERPRISE, 6999)]), Some(7500));
    assert_eq!(of(&[(PROFESSIONAL, -1000), (ENTERPRISE, 3500)]), Some(4000 - 751));
    let told = lines_of_change(STARTER, ENTERPRISE, 6100).unwrap();
    assert_eq!(credits_of_lines(&told), Some(Credits::new(7500)));
}

#[test]
fn a_change_to_a_cheaper_plan_brings_nothing_and_takes_nothing() {
    assert_eq!(of(&[(ENTERPRISE, -6999), (STARTER, 899)]), Some(0));
    assert_eq!(lines_of_change(ENTERPRISE, STARTER, 100), None);
}

#[test]
fn a_renewal_that_is_reduced_by_unused_time_brings_that_much_less() {
    let told = lines_of_reduced_renewal(STARTER, ENTERPRISE, 6999 - 899).unwrap();
    assert_eq!(credits_of_lines(&told), Some(Credits::new(7500)));
    assert_eq!(lines_of_reduced_renewal(STARTER, ENTERPRISE, 100), None);
}

#[test]
fn what_is_no_plan_or_dearer_than_a_month_is_no_change_of_plan() {
    assert_eq!(of(&[(ProductId::PackPro, 2999)]), None);
    assert_eq!(of(&[(STARTER, 900)]), None);
    assert_eq!(lines_of_change(STARTER, PROFESSIONAL, 1101), None);
}

proptest! {
    #[test]
    fn a_part_of_the_difference_in_money_is_that_part_of_the_difference_in_credits(minor in 1_i64..=6100) {
        let told = lines_of_change(STARTER, ENTERPRISE, minor).unwrap();
        prop_assert_eq!(told[0].minor + told[1].minor, minor);
        let credits = credits_of_lines(&told).unwrap().get();
        let exact = 7500 * u64::try_from(minor).unwrap() / 6100;
        // Each line rounds down once, and the cent that is split once more.
        prop_assert!((exact.saturating_sub(3)..=exact).contains(&credits), "{} cents: {}", minor, credits);
    }
}
