//! Ids parse in one spelling only, and accounts follow from the user pool's subject.

use super::*;

#[test]
fn an_id_survives_its_text() {
    let id = JobId::new(Ulid::from(7_u128));
    assert_eq!(id.to_string().parse::<JobId>().unwrap(), id);
    assert_eq!(id.to_string(), "job_00000000000000000000000007");
}

#[test]
fn another_kind_another_case_and_a_cut_id_do_not_parse() {
    for wrong in [
        "prj_00000000000000000000000007",
        "job_0000000000000000000000000a",
        "job_7",
        "job",
        "",
    ] {
        assert!(wrong.parse::<JobId>().is_err(), "{wrong}");
    }
}

#[test]
fn the_same_subject_has_the_same_account() {
    let subject = "5f0c7f4e-94c1-4f2e-8a51-0d1b4cf4c001";
    assert_eq!(
        AccountId::from_subject(subject).unwrap(),
        AccountId::from_subject(subject).unwrap()
    );
    assert!(AccountId::from_subject("someone@example.com").is_err());
    assert!(AccountId::from_subject("").is_err());
}
