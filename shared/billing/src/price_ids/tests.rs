//! Which configurations are read and which are refused.

use super::*;

#[test]
fn a_shelf_reads_in_both_directions() {
    let price_ids =
        PriceIds::parse(r#"{"pack_starter":"price_1","subscription_starter":"price_2"}"#).unwrap();
    assert_eq!(price_ids.id_of(ProductId::PackStarter), Some("price_1"));
    assert_eq!(
        price_ids.product_of("price_2"),
        Some(ProductId::SubscriptionStarter)
    );
    assert_eq!(price_ids.product_of("price_3"), None);
    assert_eq!(price_ids.id_of(ProductId::PackPro), None);
}

#[test]
fn a_line_of_two_products_is_none() {
    let price_ids = PriceIds::parse(r#"{"pack_starter":"price_1","pack_pro":"price_2"}"#).unwrap();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        price_ids.only_product(&ids(&["price_1", "price_1"])),
        Some(ProductId::PackStarter)
    );
    assert_eq!(price_ids.only_product(&ids(&["price_1", "price_2"])), None);
    assert_eq!(price_ids.only_product(&[]), None);
}

#[test]
fn what_would_make_a_payment_ambiguous_is_refused() {
    for bad in [
        "[]",
        r#"{"pack_gigantic":"price_1"}"#,
        r#"{"pack_starter":""}"#,
        r#"{"pack_starter":"price_1","pack_pro":"price_1"}"#,
    ] {
        assert!(PriceIds::parse(bad).is_err(), "{bad}");
    }
}
