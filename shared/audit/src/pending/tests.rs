//! Tests of `pending`.

use domain::Timestamp;
use domain::report::{Finding, NOT_COMPARED};

use super::{CONFIRMED_AFTER_S, classify};

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
    let first = classify(Vec::new(), &refund(), at(0));
    assert_eq!((first.findings.len(), first.recent.len()), (0, 1));
    assert_eq!(first.inspect_again, Some(at(CONFIRMED_AFTER_S)));
    let sooner = classify(first.pending.clone(), &refund(), at(CONFIRMED_AFTER_S - 1));
    assert_eq!((sooner.findings.len(), sooner.recent.len()), (0, 1));
    let later = classify(sooner.pending, &refund(), at(CONFIRMED_AFTER_S));
    assert_eq!((later.findings, later.recent.len()), (refund(), 0));
    assert_eq!(later.inspect_again, None);
    let next_night = classify(later.pending, &refund(), at(86_400));
    assert_eq!(next_night.findings, refund(), "without a second look");
}

#[test]
fn what_was_on_its_way_is_gone_at_the_second_look() {
    let first = classify(
        Vec::new(),
        &[seen("payment_without_grant", "stripe checkout:cs_1")],
        at(0),
    );
    let second = classify(first.pending, &[], at(CONFIRMED_AFTER_S));
    assert!(second.findings.is_empty() && second.pending.is_empty());
}

#[test]
fn another_object_or_another_code_begins_anew() {
    let first = classify(Vec::new(), &[seen("refund_differs", "stripe pi_1")], at(0));
    let others = vec![
        seen("refund_differs", "stripe pi_2"),
        seen("amount_differs", "stripe pi_1"),
    ];
    let second = classify(first.pending, &others, at(CONFIRMED_AFTER_S));
    assert_eq!((second.findings.len(), second.recent.len()), (0, 2));
}

#[test]
fn a_provider_that_is_down_for_an_hour_hides_nothing_and_accuses_nobody() {
    let refund = || seen("refund_differs", "stripe pi_1");
    let first = classify(Vec::new(), &[refund()], at(0));
    let down = classify(
        first.pending,
        &[seen(NOT_COMPARED, "stripe")],
        at(CONFIRMED_AFTER_S),
    );
    assert!(down.findings.is_empty(), "neither the refund nor the provider");
    assert_eq!(down.pending.len(), 2);
    let up = classify(down.pending, &[refund()], at(2 * CONFIRMED_AFTER_S));
    assert_eq!(up.findings, [refund()]);
    assert_eq!(up.pending.len(), 1);
}

#[test]
fn a_provider_that_stays_down_is_said() {
    let down = || vec![seen(NOT_COMPARED, "stripe")];
    let first = classify(Vec::new(), &down(), at(0));
    let second = classify(first.pending, &down(), at(CONFIRMED_AFTER_S));
    assert_eq!(second.findings, down());
}
