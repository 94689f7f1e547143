//! The parts that a history of sums tells of.

use super::*;

fn told(sums: &[u64]) -> Vec<(u64, bool)> {
    let parts = steps("tran_1", sums);
    parts.iter().map(|part| (part.minor, part.away)).collect()
}

#[test]
fn growing_sums_are_one_part_each() {
    assert_eq!(told(&[]), []);
    assert_eq!(told(&[300, 999]), [(300, true), (699, true)]);
}

#[test]
fn a_sum_that_falls_undoes_what_stood_above_it() {
    assert_eq!(told(&[300, 999, 300]), [(300, true), (699, false)]);
    assert_eq!(told(&[999, 0]), [(999, false)]);
    assert_eq!(told(&[300, 999, 500]), [(300, true), (699, false), (200, true)]);
}

#[test]
fn what_stands_is_always_the_last_sum_and_no_key_comes_twice() {
    // Every history of up to six sums of three sizes.
    for code in 0..3_usize.pow(6) {
        let sums: Vec<u64> = (0..6_u32)
            .map(|place| [0, 400, 999][code / 3_usize.pow(place) % 3])
            .collect();
        let parts = steps("tran_1", &sums);
        let away: u64 = parts.iter().filter(|part| part.away).map(|part| part.minor).sum();
        assert_eq!(Some(&away), sums.last(), "{sums:?}");
        let keys: std::collections::BTreeSet<_> = parts.iter().map(|part| &part.key).collect();
        assert_eq!(keys.len(), parts.len(), "{sums:?}");
    }
}

#[test]
fn a_longer_history_keeps_the_parts_of_a_shorter_one() {
    let short: Vec<String> = steps("tran_1", &[300, 999])
        .into_iter()
        .map(|part| part.key)
        .collect();
    let long: Vec<String> = steps("tran_1", &[300, 999, 100])
        .into_iter()
        .map(|part| part.key)
        .collect();
    assert_eq!(long[..2], short[..]);
}
