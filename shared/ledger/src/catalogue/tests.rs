//! Tests of `catalogue`.

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
