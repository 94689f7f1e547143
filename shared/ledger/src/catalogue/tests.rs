//! Tests of `catalogue`.

use proptest::prelude::*;

use super::*;

#[test]
fn every_word_reads_back() {
    for id in ProductId::ALL {
        assert_eq!(ProductId::parse(id.as_str()), Some(id));
        assert_eq!(serde_json::json!(id), id.as_str());
    }
    assert_eq!(ProductId::parse("pack_gigantic"), None);
}

#[test]
fn packs_and_subscriptions_are_the_products_own_list() {
    let list: Vec<_> = products()
        .iter()
        .map(|product| {
            (
                product.id.as_str(),
                product.credits.get(),
                product.price.amount_minor,
            )
        })
        .collect();
    assert_eq!(
        list,
        [
            ("pack_starter", 500, 999),
            ("pack_pro", 2000, 2999),
            ("pack_unlimited", 10_000, 9999),
            ("subscription_starter", 500, 899),
            ("subscription_professional", 1500, 1999),
            ("subscription_enterprise", 8000, 6999),
        ]
    );
}

#[test]
fn only_a_subscription_has_a_plan_and_only_a_pack_has_days() {
    for product in products() {
        let is_pack = product.kind == ProductKind::Pack;
        assert_eq!(product.plan.is_none(), is_pack);
        assert_eq!(product.expires_days, is_pack.then_some(365));
    }
}

#[test]
fn half_of_the_money_is_half_of_the_credits() {
    assert_eq!(shares(Credits::new(500), 1000, &[500]), [Credits::new(250)]);
}

#[test]
fn a_payment_of_nothing_has_no_shares() {
    assert_eq!(shares(Credits::new(500), 0, &[0]), [Credits::ZERO]);
}

#[test]
fn a_refund_that_is_made_again_after_it_failed_has_its_whole_share() {
    let all = Credits::new(500);
    assert_eq!(shares(all, 999, &[999, 999]), [all, all]);
}

proptest! {
    #[test]
    fn parts_of_the_whole_payment_are_all_of_the_credits(
        granted in 0_u64..20_000,
        parts in prop::collection::vec(1_u64..5000, 1..12),
    ) {
        let paid: u64 = parts.iter().sum();
        let given = shares(Credits::new(granted), paid, &parts);
        prop_assert_eq!(Credits::sum(given), Ok(Credits::new(granted)));
    }

    #[test]
    fn a_later_part_changes_no_earlier_share(
        granted in 0_u64..20_000,
        paid in 1_u64..100_000,
        parts in prop::collection::vec(1_u64..5000, 1..12),
        later in 1_u64..5000,
    ) {
        let before = shares(Credits::new(granted), paid, &parts);
        let mut more = parts;
        more.push(later);
        let after = shares(Credits::new(granted), paid, &more);
        prop_assert_eq!(&after[..before.len()], &before[..]);
    }
}
