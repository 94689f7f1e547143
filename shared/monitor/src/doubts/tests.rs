//! Tests of `doubts`.

use domain::Timestamp;
use domain::report::{Finding, NOT_COMPARED};

use super::{STANDS_AFTER_S, weigh};

fn seen(code: &str, about: &str) -> Finding {
    Finding {
        code: code.to_owned(),
        about: Some(about.to_owned()),
        text: "now".to_owned(),
    }
}

fn at(s: i64) -> Timestamp {
    Timestamp::from_ms(0).plus_s(s)
}

#[test]
fn a_difference_is_a_finding_once_it_has_stood_for_three_hours() {
    let refund = || vec![seen("refund_differs", "stripe pi_1")];
    let first = weigh(Vec::new(), &refund(), at(0));
    assert_eq!((first.findings.len(), first.young.len()), (0, 1));
    assert_eq!(first.look_again, Some(at(STANDS_AFTER_S)));
    let sooner = weigh(first.doubts.clone(), &refund(), at(STANDS_AFTER_S - 1));
    assert_eq!((sooner.findings.len(), sooner.young.len()), (0, 1));
    let later = weigh(sooner.doubts, &refund(), at(STANDS_AFTER_S));
    assert_eq!((later.findings, later.young.len()), (refund(), 0));
    assert_eq!(later.look_again, None);
    let next_night = weigh(later.doubts, &refund(), at(86_400));
    assert_eq!(next_night.findings, refund(), "without a second look");
}

#[test]
fn what_was_on_its_way_is_gone_at_the_second_look() {
    let first = weigh(
        Vec::new(),
        &[seen("payment_without_grant", "stripe checkout:cs_1")],
        at(0),
    );
    let second = weigh(first.doubts, &[], at(STANDS_AFTER_S));
    assert!(second.findings.is_empty() && second.doubts.is_empty());
}

#[test]
fn another_object_or_another_code_begins_anew() {
    let first = weigh(Vec::new(), &[seen("refund_differs", "stripe pi_1")], at(0));
    let others = vec![
        seen("refund_differs", "stripe pi_2"),
        seen("amount_differs", "stripe pi_1"),
    ];
    let second = weigh(first.doubts, &others, at(STANDS_AFTER_S));
    assert_eq!((second.findings.len(), second.young.len()), (0, 2));
}

#[test]
fn a_vendor_that_is_down_for_an_hour_hides_nothing_and_accuses_nobody() {
    let refund = || seen("refund_differs", "stripe pi_1");
    let first = weigh(Vec::new(), &[refund()], at(0));
    let down = weigh(first.doubts, &[seen(NOT_COMPARED, "stripe")], at(STANDS_AFTER_S));
    assert!(down.findings.is_empty(), "neither the refund nor the vendor");
    assert_eq!(down.doubts.len(), 2);
    let up = weigh(down.doubts, &[refund()], at(2 * STANDS_AFTER_S));
    assert_eq!(up.findings, [refund()]);
    assert_eq!(up.doubts.len(), 1);
}

#[test]
fn a_vendor_that_stays_down_is_said() {
    let down = || vec![seen(NOT_COMPARED, "stripe")];
    let first = weigh(Vec::new(), &down(), at(0));
    let second = weigh(first.doubts, &down(), at(STANDS_AFTER_S));
    assert_eq!(second.findings, down());
}
